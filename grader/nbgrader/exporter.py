"""What nbgrader makes before the first submission: the place to stop before it."""

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException

from grader.lessons import LESSONS, Lesson
from grader.nbgrader.execute import CaptureAndJudge
from grader.nbgrader.faults import CourseError
from grader.nbgrader.grading.own_run import OwnRun
from grader.nbgrader.handed_in.beside import Bounds
from grader.nbgrader.handed_in.found import find_under_other_names
from grader.nbgrader.handed_in.student_names import demand_no_path
from grader.nbgrader.handed_in.taken import demand_plain, take_plain_files
from grader.nbgrader.kernels.extras import demand_extra
from grader.nbgrader.steps import demand_steps
from grader.sandbox.probe import NoSandbox, demand

# nbgrader imports this when it makes a converter, before it looks for notebooks
find_under_other_names()


class GradingExporter(NotebookExporter):
    """Writes graded notebooks, where submissions can be run in a sandbox.

    Raises:
        NbGraderException: if they cannot, and the instructor has not said that they
            may run without; if the lesson needs a package that is missing; if the
            student that was named is a path; if the settings leave out a step without
            which marks would be wrong.
    """

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        converter: Any = self.parent
        if course := getattr(converter, "coursedir", None):
            students = course.format_path(course.submitted_directory, "x", "y")
            take_plain_files(Path(students).parents[1], Bounds.of(course))
        try:
            self._demand_all(getattr(course, "student_id", "*"), self._lesson(course))
        except CourseError as error:
            self.log.error("%s.", error)
            raise NbGraderException(str(error)) from error
        except NoSandbox as error:
            self.log.error(
                "%s, or go on at your own risk with "
                "--CaptureAndJudge.unsafe_no_sandbox=True.",
                error,
            )
            raise NbGraderException(str(error)) from error
        if type(converter) is Autograde:
            # nbgrader makes it itself; its exporter is the first of ours that it makes
            converter.__class__ = OwnRun

    @staticmethod
    def _lesson(course: Any) -> Lesson | None:
        return LESSONS.get(getattr(course, "assignment_id", ""))

    def _demand_all(self, student: str, lesson: Lesson | None) -> None:
        """Stops, before anything is touched, where marks would not be what they say.

        Raises:
            CourseError: a name is a path, a package is missing, or a step is left out.
            NoSandbox: nothing would confine student code.
        """
        # nbgrader would remove what lies at that path, to write there
        demand_no_path(student)
        if lesson is not None:
            demand_extra(lesson)
            demand_steps(self.parent)
        if CaptureAndJudge(parent=self).unsafe_no_sandbox:
            self.log.warning("Student code runs with your rights: no sandbox.")
            return
        demand()

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Reads a notebook that is a file of the student's own.

        Raises:
            NoPlainFile: if it is a link, a pipe or the like, or lies behind a link.
        """
        demand_plain(Path(filename))
        return super().from_filename(filename, resources, **kw)
