"""The code that each student of a class wrote, without what the release has."""

import json
from collections.abc import Iterable
from pathlib import Path

from grader.lessons import Lesson
from grader.nbgrader.grading.course import Course
from grader.overview.forms import forms


def own_forms(
    course: Course, lesson: Lesson, students: Iterable[str]
) -> dict[str, frozenset[str]]:
    """The forms of each student's code, by student; who has none is left out.

    Neither what was released nor what the instructor's version has counts: the text
    leads there.
    """
    kept = set(lesson.functions)
    released = set(_code(course.release_path(lesson)))
    source = course.path(course.directory.source_directory, ".", lesson.name)
    given = [*released, *_code(source / f"{lesson.notebook}.ipynb")]
    common = forms(given, kept)
    known: dict[str, frozenset[str]] = {}
    found = {}
    for student in students:
        path = course.place(lesson, student).autograded / f"{lesson.notebook}.ipynb"
        own = frozenset[str]()
        for cell in _code(path):
            if cell not in known:
                known[cell] = frozenset() if cell in released else forms([cell], kept)
            own |= known[cell]
        if own - common:
            found[student] = own - common
    return found


def _code(path: Path) -> list[str]:
    """The sources of a notebook's code cells; none where there is no notebook."""
    try:
        notebook = json.loads(path.read_bytes())
        cells = [c for c in notebook["cells"] if c["cell_type"] == "code"]
        return ["".join(cell["source"]) for cell in cells]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return []
