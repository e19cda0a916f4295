"""Packages that only some lessons need: without them nothing of a lesson is graded."""

from grader.install import how_to_get_torch
from grader.lessons import Lesson
from grader.nbgrader.faults import MachineFault


class MissingExtra(MachineFault):
    """A lesson's functions need a package that is not installed here."""


def demand_extra(lesson: Lesson) -> None:
    """Sees to it that a lesson can be graded as a whole.

    Raises:
        MissingExtra: if it cannot; names what is missing, and how to have it.
    """
    if package := lesson.lacking():
        functions = " and ".join(f for f, p in lesson.needs.items() if p == package)
        raise MissingExtra(
            f"{lesson.name} cannot be graded here: {functions} need {package}. "
            f"To grade it, {how_to_get_torch()}"
        )
