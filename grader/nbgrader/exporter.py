"""What nbgrader makes before the first submission: the place to stop before it."""

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbgrader.converters import Autograde
from nbgrader.converters.base import NbGraderException

from grader.lessons import LESSONS, Lesson
from grader.nbgrader.beside import Bounds
from grader.nbgrader.choice import choose
from grader.nbgrader.execute import CaptureAndJudge
from grader.nbgrader.extras import demand_extra
from grader.nbgrader.faults import CourseError, Ungradable
from grader.nbgrader.found import find_under_other_names
from grader.nbgrader.grading import OwnRun
from grader.nbgrader.place import lesson_of
from grader.nbgrader.repair import released_sources
from grader.nbgrader.salvage import LONGEST, REPAIRED, salvage
from grader.nbgrader.steps import demand_steps
from grader.nbgrader.student_names import demand_no_path
from grader.nbgrader.taken import demand_plain, left_out_of, take_plain_files
from grader.sandbox.probe import NoSandbox, demand

# nbgrader imports this when it makes a converter, before it looks for notebooks
find_under_other_names()


#: key of `resources` under which it travels what was said of the choice of a file
CHOSEN = "resnet_course_chosen"


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

    def from_file(
        self, file_stream: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Takes what can be read of a lesson's notebook through the steps of grading.

        Raises:
            NoNotebook: if nothing can be read.
        """
        if resources is None or lesson_of(resources) is None:
            return super().from_file(file_stream, resources, **kw)
        notebook, told = salvage(file_stream.buffer.read(LONGEST + 1))
        told += left_out_of(Path(file_stream.name))
        resources[REPAIRED] = [*resources.pop(CHOSEN, ()), *told]
        return self.from_notebook_node(notebook, resources, **kw)

    def from_filename(
        self, filename: str, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Reads a notebook that is a file of the student's own.

        Raises:
            NoPlainFile: if it is a link, a pipe or the like, or lies behind a link.
            Ungradable: if there is more than one that it could be.
        """
        demand_plain(Path(filename))
        if resources is not None:
            filename = self._chosen(filename, resources)
        return super().from_filename(filename, resources, **kw)

    def _chosen(self, filename: str, resources: dict[str, Any]) -> str:
        """The file that is read for a submission's notebook."""
        lesson = lesson_of(resources)
        course = getattr(self.parent, "coursedir", None)
        if lesson is None or course is None:
            return filename
        names, folder = resources["nbgrader"], Path(filename).parent
        step = course.submitted_directory
        if folder != Path(course.format_path(step, names["student"], lesson.name)):
            return filename
        sources = released_sources(names["db_url"], lesson.name, lesson.notebook)
        choice = choose(folder, lesson, sources)
        if choice.path is None and not Path(filename).exists():
            raise Ungradable(choice.told or f"There is no {Path(filename).name}.")
        resources[CHOSEN] = [choice.told] if choice.told else []
        return str(choice.path or filename)
