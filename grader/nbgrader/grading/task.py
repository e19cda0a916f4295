"""What grading of one submission is handed, and what it hands back: values, no places.

Nothing here names a folder, a gradebook or a configuration that others use, too: it
may be graded in this process, in another, or on another machine.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.nbgrader.handed_in.beside import matches
from grader.nbgrader.kernels.graded import Graded
from grader.nbgrader.marks import Marks


@dataclass(frozen=True)
class Material:
    """What all submissions of a lesson are graded with.

    Attributes:
        lesson: its name.
        source: files of the instructor's version, by name: the notebook and what lies
            beside it.
        release: the student version of the notebook; empty where there is none.
        gradebook: an SQLite file with what was released, and no student.
        settings: of the steps of grading, by the name of their class.
        sanitizing: steps before anything is run, in order: dotted names or classes.
        grading: steps from there up to the one that saves marks.
        theirs: files of the lesson in whose place a student's own is used.
        private: folders of the course, that no submission may look into.
    """

    lesson: str
    source: Mapping[str, bytes]
    release: bytes
    gradebook: bytes
    settings: Mapping[str, Mapping[str, Any]]
    sanitizing: tuple[Any, ...]
    grading: tuple[Any, ...]
    theirs: frozenset[str] = frozenset()
    private: tuple[str, ...] = ()

    @property
    def given(self) -> dict[str, bytes]:
        """The lesson's own files, which lie beside each graded notebook."""
        ignored = self.settings.get("CourseDirectory", {}).get("ignore", ())
        return {
            name: content
            for name, content in self.source.items()
            if not name.endswith(".ipynb")
            and name not in self.theirs
            and not any(matches(part, ignored) for part in name.split("/"))
        }


@dataclass(frozen=True)
class Submission:
    """What a student handed in for a lesson.

    Attributes:
        files: contents by name; the notebook is one of them.
        seeds: of the challenge for each function.
        digest: of all that was handed in.
        left_out: what was not taken of it, a sentence each.
        lacking: that there is no file with the notebook's name; empty if there is.
        refused: why nothing of it is to be read; empty if it is.
    """

    student: str
    files: Mapping[str, bytes] = field(repr=False)
    seeds: Mapping[str, str] = field(repr=False)
    digest: str
    left_out: tuple[str, ...] = ()
    lacking: str = ""
    refused: str = ""


@dataclass(frozen=True)
class Result:
    """What came out of a submission.

    Attributes:
        notebook: the graded notebook, as the text of its file.
        graded: the reports.
        marks: what the gradebook is told.
        record: what a later run, and `grader report`, are told: JSON.
        refused: whether nothing of the submission could be read, and so was run.
    """

    notebook: str = field(repr=False)
    graded: Graded
    marks: Marks
    record: bytes = field(repr=False)
    refused: bool = False
