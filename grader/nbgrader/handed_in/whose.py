"""Which lesson a notebook is of, whatever it is called."""

import re
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from grader.lessons import LESSONS, NAMES, Lesson, get_lesson

_ASKED = re.compile(r"\blesson\(\s*[\"'](\w+)[\"']\s*\)")
_IMPORTED = re.compile(r"^[ \t]*(?:from|import)[ \t]+(\w+)", re.MULTILINE)


def other_lesson(nb: NotebookNode, lesson: Lesson, sources: Path) -> str:
    """Says that a notebook is another lesson's; empty where it may be this one's.

    Args:
        nb: the notebook, with the metadata of its cells as it was handed in.
        lesson: under whose name it was handed in.
        sources: the folder of the lessons' sources, whose modules notebooks import.
    """
    marks = set(_marks(nb))
    if lesson.name in marks:
        # no other lesson's notebook names it; the others need not be loaded
        return ""
    # what is installed and not of this course is not loaded
    names = {*NAMES, lesson.name, *(n for n in LESSONS if (sources / n).is_dir())}
    known = LESSONS.sound(n for n in LESSONS if n in names)
    theirs = {each.name: _of(each, sources) for each in known}
    own = theirs.pop(lesson.name)
    # ids such as identity_block-layers are those of several lessons
    counts = {name: len(marks & (known - own)) for name, known in theirs.items()}
    likeliest = max(counts, key=lambda name: counts[name], default="")
    if not likeliest or not counts[likeliest] or marks & (own - theirs[likeliest]):
        return ""
    other = get_lesson(likeliest)
    return (
        f"This is {_number(other)}'s notebook ({other.notebook}), "
        f"handed in as {_number(lesson)}."
    )


def _marks(nb: NotebookNode) -> Iterator[str]:
    """What tells a notebook's lesson: names of lessons and modules, and grade ids."""
    for cell in nb.cells:
        own = cell.metadata.get("nbgrader")
        if isinstance(own, dict) and isinstance(own.get("grade_id"), str):
            yield own["grade_id"]
        if cell.cell_type == "code":
            yield from _ASKED.findall(cell.source)
            yield from _IMPORTED.findall(cell.source)


def _of(lesson: Lesson, sources: Path) -> set[str]:
    modules = {path.stem for path in (sources / lesson.name).glob("*.py")}
    checks = {check.id for check in lesson.checks}
    return {lesson.name, *modules, *checks, *lesson.functions}


def _number(lesson: Lesson) -> str:
    number = lesson.name.split("_")[0]
    return f"lesson {int(number)}" if number.isdigit() else lesson.name
