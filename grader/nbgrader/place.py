"""Where a submission belongs: its student, lesson and the course's folders."""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import NbGraderPreprocessor

from grader.lessons import LESSONS, Lesson, get_lesson
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
    """

    student: str
    lesson: str
    notebook: str
    db_url: str
    run_folder: Path
    submitted: Path
    source: Path
    root: Path

    @classmethod
    def of(cls, step: NbGraderPreprocessor, resources: dict[str, Any]) -> "Place":
        """The place of the submission that an nbgrader step is handed."""
        names = resources["nbgrader"]
        # A step's parent is the exporter, whose parent is nbgrader's converter.
        course = getattr(getattr(step.parent, "parent", None), "coursedir", None)
        return cls.at(
            course or CourseDirectory(config=step.config),
            names["student"],
            names["assignment"],
            names["notebook"],
        )

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
        )

    @property
    def private(self) -> tuple[Path, ...]:
        """The folders that no submission may look into, wherever they lie."""
        found = {self.root, self.run_folder.resolve(), self.submitted.resolve()}
        return tuple(sorted(found))

    @property
    def record(self) -> Path:
        """The file that keeps this submission's reports."""
        return self.run_folder / "reports" / self.lesson / f"{self.student}.json"

    def seed(self, function: str) -> str:
        """The seed of this student's challenge for a function."""
        secret = course_secret(self.run_folder)
        return challenge_seed(secret, self.student, self.lesson, function)

    def digest(self) -> str:
        """A digest of all that was handed in: names, contents and the time stamp."""
        digest = hashlib.sha256()
        for path in sorted(self.submitted.rglob("*")):
            # what a link points to was not handed in
            if path.is_file() and not path.is_symlink():
                name = path.relative_to(self.submitted).as_posix()
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                # a name may be any bytes
                digest.update(os.fsencode(f"{name}\0{content}\n"))
        return digest.hexdigest()


def run_folder(course: CourseDirectory) -> Path:
    """The folder that holds what runs of a course make, such as `course/`."""
    return Path(course.root, course.autograded_directory).parent
