"""The students of the sample classes.

A student's code is the solution of the lesson with a few edits, so that a change of
the lesson changes the class with it; an edit that no longer fits is an error.
"""

import importlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """One replacement in the solution of a function, wherever `old` stands."""

    function: str
    old: str
    new: str


@dataclass(frozen=True)
class Student:
    """One student of the sample class.

    Attributes:
        name: student id; tells what is special.
        edits: in this order.
        untouched: functions that are left as they were released.
        torn: whether the file breaks off in the middle.
    """

    name: str
    edits: tuple[Edit, ...] = ()
    untouched: tuple[str, ...] = ()
    torn: bool = False


def students_of(lesson: str) -> tuple[Student, ...]:
    """Returns a lesson's sample class: each has a module of its own here."""
    module = lesson.partition("_")[2]
    return importlib.import_module(f"grader.demo.{module}").STUDENTS
