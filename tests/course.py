"""A course in a folder of a test's own, and marks without a kernel."""

from pathlib import Path

from traitlets.config import Config

from grader.lessons import get_lesson
from grader.nbgrader.grading.course import Course
from grader.nbgrader.kernels.graded import Graded
from grader.report import Report

ROOT = Path(__file__).parents[1]
LESSON = get_lesson("01_residual_networks")


def open_course(folder, **settings):
    """The checkout's lessons; all that grading and releasing write is in a folder.

    Args:
        folder: the run folder; the student versions are in it, too.
        settings: further ones, by the name of nbgrader's class.
    """
    release = {"release_directory": str(folder / "release")}
    return Course(ROOT, str(folder), Config({"CourseDirectory": release, **settings}))


def released_course(folder, lesson=LESSON):
    """The same, with a lesson released."""
    course = open_course(folder)
    course.generate_assignment(lesson)
    return course


def full_marks(notebook, lesson, *rest):
    """What grading gives where a test is not about what was captured."""
    reports = {c.id: Report(c.id, c.title, c.points, c.points) for c in lesson.checks}
    return Graded(reports, {})
