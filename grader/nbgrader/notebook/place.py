"""Where a submission belongs: its student, lesson and the course's folders."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

from grader.lessons import LESSONS, Lesson, get_lesson
from grader.nbgrader.handed_in.beside import Bounds, is_plain, look
from grader.nbgrader.notebook.released import APART, Released, released_cells
from grader.nbgrader.secret import challenge_seed, course_secret


def lesson_of(resources: dict[str, Any]) -> Lesson | None:
    """The lesson that nbgrader's resources name; None for another assignment."""
    names = resources.get("nbgrader", {})
    if names.get("assignment") not in LESSONS:
        return None
    lesson = get_lesson(names["assignment"])
    return lesson if names.get("notebook") == lesson.notebook else None


@dataclass(frozen=True)
class Place:
    """One submission's place in a course.

    Attributes:
        run_folder: holds what grading makes: the secret, the records.
        submitted: the folder that the student handed in.
        source: the lesson's instructor version, with its files.
        root: the course folder, with the sources of the lessons.
        bounds: how much is taken of what was handed in.
        autograded: the folder of the graded notebook.
        seeds: of the challenges, where a submission is graded away from its course.
        hidden: the course's own folders, where it is graded away from them.
        known: what was released, where that was read before.
    """

    student: str
    lesson: str
    notebook: str
    db_url: str
    run_folder: Path
    submitted: Path
    source: Path
    root: Path
    bounds: Bounds
    autograded: Path
    seeds: Mapping[str, str] = field(default_factory=dict, repr=False)
    hidden: tuple[Path, ...] = ()
    known: Released | None = field(default=None, repr=False)

    @classmethod
    def of(cls, step: NbGraderPreprocessor, resources: dict[str, Any]) -> "Place":
        """The place of the submission that an nbgrader step is handed."""
        names = resources["nbgrader"]
        # A step's parent is the exporter, whose parent is nbgrader's converter.
        course = getattr(getattr(step.parent, "parent", None), "coursedir", None)
        place = cls.at(
            course or CourseDirectory(config=step.config),
            names["student"],
            names["assignment"],
            names["notebook"],
        )
        return replace(place, **resources.get(APART, {}))

    @classmethod
    def at(
        cls, course: CourseDirectory, student: str, lesson: str, notebook: str
    ) -> "Place":
        """The place of a student's notebook in a course."""
        return cls(
            student,
            lesson,
            notebook,
            course.db_url,
            run_folder(course),
            Path(course.format_path(course.submitted_directory, student, lesson)),
            Path(course.format_path(course.source_directory, ".", lesson)),
            Path(course.root).resolve(),
            Bounds.of(course),
            Path(course.format_path(course.autograded_directory, student, lesson)),
        )

    @property
    def private(self) -> tuple[Path, ...]:
        """The folders that no submission may look into, wherever they lie."""
        found = {self.root, self.run_folder.resolve(), self.submitted.resolve()}
        return tuple(sorted({*found, *self.hidden}))

    @property
    def released(self) -> Released:
        """What was released of the notebook.

        Raises:
            MissingEntry: if it was not.
        """
        return self.known or released_cells(self.db_url, self.lesson, self.notebook)

    @property
    def record(self) -> Path:
        """The file that keeps this submission's reports."""
        return self.run_folder / "reports" / self.lesson / f"{self.student}.json"

    def seed(self, function: str) -> str:
        """The seed of this student's challenge for a function."""
        if self.seeds:
            return self.seeds[function]
        secret = course_secret(self.run_folder)
        return challenge_seed(secret, self.student, self.lesson, function)

    def digest(self) -> str:
        """A digest of what is graded: names, contents and the time stamp.

        Of what is left out, and of notebooks beyond the room that there is, only the
        sizes and times count.
        """
        digest = hashlib.sha256()
        found = look(self.submitted, self.bounds)
        own = f"{self.notebook}.ipynb"
        room = 2 * self.bounds.room
        # the notebook that is graded comes first
        names = sorted({own, *found.files}, key=lambda name: (name != own, name))
        for name in names:
            path = self.submitted / name
            if not is_plain(path, self.submitted):
                continue
            room -= path.stat().st_size
            digest.update(_entry(path, name, content=room >= 0))
        for each in found.left_out:
            digest.update(_entry(self.submitted / each.name, each.name, content=False))
        return digest.hexdigest()


def _entry(path: Path, name: str, *, content: bool) -> bytes:
    """A line for a file: what it holds, or how large and old it is."""
    try:
        if content:
            with path.open("rb") as file:
                told = hashlib.file_digest(file, "sha256").hexdigest()
        else:
            status = path.lstat()
            told = f"{status.st_size} {status.st_mtime_ns}"
    except FileNotFoundError:
        told = "gone"
    # a name may be any bytes
    return os.fsencode(f"{name}\0{told}\n")


def run_folder(course: CourseDirectory) -> Path:
    """The folder that holds what runs of a course make, such as `course/`."""
    return Path(course.root, course.autograded_directory).parent
