"""A course folder, and nbgrader's steps on it in this process.

The settings are those of `nbgrader_config.py`, so that each step does what the
nbgrader command of the same name does.
"""

import glob
import os
import sys
import warnings
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from nbgrader.api import Gradebook, InvalidEntry, MissingEntry
from nbgrader.converters import GenerateAssignment, GenerateFeedback
from nbgrader.converters.base import BaseConverter, NbGraderException
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import OperationalError, SAWarning
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from grader.lessons import LESSONS, Lesson
from grader.nbgrader.execute import CaptureAndJudge
from grader.nbgrader.export import QuotedCsv
from grader.nbgrader.faults import CourseError, MachineFault, machine_fault
from grader.nbgrader.gradebook.late import renew_penalties
from grader.nbgrader.grading.converter import Grading, NotGraded
from grader.nbgrader.grading.log import log_file
from grader.nbgrader.ground import (
    CONFIG,
    gradebook_file,
    gradebook_name,
    gradebook_url,
    problem,
)
from grader.nbgrader.handed_in.choice import DEBRIS
from grader.nbgrader.notebook.place import Place, run_folder
from grader.nbgrader.notebook.questions import is_released
from grader.sandbox.environment import ONE_THREAD
from grader.sandbox.lending import lent
from grader.sandbox.probe import NoSandbox, demand
from grader.sandbox.warm import Parents

_Converter = TypeVar("_Converter", bound=BaseConverter)


class Course:
    """A checkout with its lessons, and one run folder in it.

    Args:
        root: the folder with `nbgrader_config.py`.
        run: the run folder, relative to `root` or absolute, with a gradebook of its own
            in it; by default the folder and the gradebook of the configuration.
        settings: go before those of the file.

    Raises:
        CourseError: if there is no configuration.
    """

    def __init__(
        self, root: Path, run: str | None = None, settings: Config | None = None
    ):
        self.root = root
        self.config = _load(root, run)
        if settings is not None:
            self.config.merge(settings)
        self.directory = CourseDirectory(config=self.config)
        self.folder = run_folder(self.directory)
        self.log, self._errors = log_file(self.folder)

    def lesson_names(self) -> list[str]:
        """The names of the lessons whose source is here; none of them is loaded."""
        source = Path(self.root, self.directory.source_directory)
        return [name for name in LESSONS if (source / name).is_dir()]

    def lessons(self) -> list[Lesson]:
        """The lessons whose source is here; without those that cannot be loaded."""
        return LESSONS.sound(self.lesson_names())

    def faults(self) -> list[str]:
        """Says of the others why they cannot be loaded."""
        told = [LESSONS.fault(name) for name in self.lesson_names()]
        return [*filter(None, told), *LESSONS.shadowed()]

    def path(self, step: str, student: str, lesson: str) -> Path:
        """The folder of a student's lesson; `step` is such as `self.submitted`."""
        return Path(self.directory.format_path(step, student, lesson))

    @property
    def submitted(self) -> str:
        """The step's name of what was handed in."""
        return self.directory.submitted_directory

    @property
    def autograded(self) -> str:
        """The step's name of graded notebooks."""
        return self.directory.autograded_directory

    def release_path(self, lesson: Lesson) -> Path:
        """The student version of a lesson's notebook."""
        folder = self.path(self.directory.release_directory, ".", lesson.name)
        return folder / f"{lesson.notebook}.ipynb"

    def place(self, lesson: Lesson, student: str) -> Place:
        """Where a student's submission belongs."""
        return Place.at(self.directory, student, lesson.name, lesson.notebook)

    def students(self, lesson: Lesson) -> list[str]:
        """Those who handed the lesson in, in alphabetical order."""
        folders = Path(self.root, self.submitted).glob(f"*/{lesson.name}")
        names = [path.parent.name for path in folders if path.is_dir()]
        return sorted(name for name in names if name != DEBRIS)

    @contextmanager
    def gradebook(self) -> Iterator[Gradebook]:
        """The gradebook, open for the block.

        Raises:
            MachineFault: if it cannot be written.
        """
        course = self.directory
        try:
            with Gradebook(course.db_url, course.course_id) as gradebook:
                yield gradebook
        except (InvalidEntry, OperationalError) as error:
            if fault := machine_fault(error, self.gradebook_name):
                raise MachineFault(fault) from error
            raise

    @property
    def gradebook_path(self) -> Path:
        """The gradebook's file, where it is one."""
        return gradebook_file(self.directory.db_url)

    @property
    def gradebook_name(self) -> str:
        """Where the gradebook is, as people are told."""
        return gradebook_name(self.directory.db_url)

    def knows(self, lesson: Lesson) -> bool:
        """Whether the lesson is released, with the checks of today."""
        if not self.release_path(lesson).exists():
            return False
        with self.gradebook() as gradebook:
            try:
                notebook = gradebook.find_notebook(lesson.notebook, lesson.name)
            except MissingEntry:
                return False
            rows: Any = notebook.grade_cells
            cells = {row.name: row.max_score for row in rows}
            source = self.place(lesson, ".").source / f"{lesson.notebook}.ipynb"
            if not is_released(source, notebook):
                return False
        return all(cells.get(check.id) == check.points for check in lesson.checks)

    def sandbox(self) -> str:
        """What submissions run in, such as "bubblewrap 0.8.0"; "none" if in nothing.

        Raises:
            MachineFault: if there is no sandbox, and the settings do not say that
                submissions may run without.
        """
        if CaptureAndJudge(config=self.config).unsafe_no_sandbox:
            return "none"
        try:
            return demand()
        except NoSandbox as error:
            raise MachineFault(str(error)) from error

    def parents(self, lesson: Lesson) -> AbstractContextManager[str]:
        """Lends parents of warm kernels to workers here, this lesson's at once.

        What the block is given is where; empty where kernels start cold.
        """
        extras = CaptureAndJudge(config=self.config).warm_extras(lesson)
        if extras is None:
            return nullcontext("")
        return lent(Parents(self.log, ONE_THREAD), extras)

    def generate_assignment(self, lesson: Lesson) -> None:
        """Writes the student version, and the lesson into the gradebook."""
        self._start(GenerateAssignment, lesson, ".")

    @contextmanager
    def grading(self, lesson: Lesson) -> Iterator[Grading]:
        """Lets submissions to a lesson be graded while the block lasts.

        Raises:
            CourseError: if none can be.
        """
        converter = self._make(Grading, lesson, "*")
        with self._told(), converter.at_work():
            yield converter

    def autograde(self, lesson: Lesson, student: str) -> None:
        """Grades one submission anew.

        Raises:
            CourseError: if it could not be graded for a fault that is not the
                student's: then the gradebook is as it was.
        """
        with self.grading(lesson) as grading:
            try:
                grading.grade(student)
            except (Exception, SystemExit) as error:
                raise CourseError(grading.fault(student, error)) from error

    def renew_penalties(self, lesson: Lesson) -> dict[str, str]:
        """Takes off for lateness what the due date of today says.

        Returns:
            For each student whose penalty could not be computed, why.
        """
        return renew_penalties(self.directory, self.config, lesson)

    def generate_feedback(self, lesson: Lesson, student: str = "*") -> None:
        """Writes the feedback pages."""
        self._start(GenerateFeedback, lesson, student)

    def export(self) -> Path:
        """Writes all marks into a CSV file and returns its path."""
        path = self.folder / "grades.csv"
        with self.gradebook() as gradebook:
            QuotedCsv(config=self.config, to=str(path)).export(gradebook)
        return path

    def _start(self, step: type[BaseConverter], lesson: Lesson, student: str) -> None:
        converter = self._make(step, lesson, student)
        with self._told():
            converter.start()

    def _make(self, step: type[_Converter], lesson: Lesson, student: str) -> _Converter:
        self.directory.assignment_id = lesson.name
        # nbgrader takes it for a pattern
        whole = student in (".", "*")
        self.directory.student_id = student if whole else glob.escape(student)
        self._errors.forget()
        return step(
            coursedir=self.directory, config=self.config, log=self.log, force=True
        )

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Says of what nbgrader raises in the block whether it is the machine's."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SAWarning)
                yield
        except NotGraded as error:
            raise CourseError(str(error)) from error
        except NbGraderException as error:
            for cause in (error.__cause__, self._errors.cause):
                if fault := machine_fault(cause, self.gradebook_name):
                    raise MachineFault(fault) from error
            reason = self._errors.reason or str(error)
            if "Cannot add or remove cells" in reason:
                reason = (
                    "graded cells were added to the lesson or taken from it, which "
                    "nbgrader cannot do once submissions are graded; how to go on: "
                    'grader/docs/class.md, "When a lesson has changed"'
                )
            raise CourseError(reason) from error


def _load(root: Path, run: str | None) -> Config:
    if not (root / CONFIG).is_file():
        raise CourseError(f"no {CONFIG} in {root}")
    before = os.environ.get("GRADER_RUN_FOLDER")
    folder = root / (run or before or "course")
    if found := problem(root, folder, sys.prefix):
        raise CourseError(found)
    if run is not None:
        os.environ["GRADER_RUN_FOLDER"] = run
    try:
        config = PyFileConfigLoader(CONFIG, str(root)).load_config()
        if run is not None:
            # a sample class does not go into the gradebook of the course
            url = gradebook_url(folder / "gradebook.db")
            config.CourseDirectory.db_url = url
        return config
    finally:
        if run is not None:
            os.environ.pop("GRADER_RUN_FOLDER")
            if before is not None:
                os.environ["GRADER_RUN_FOLDER"] = before
