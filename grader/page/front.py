"""The page that a learner's JupyterLab opens with: where to start, and how far one is.

What counts is what the checks in the saved notebooks show: each keeps the points of its
function beside its report, as the last one of them judged it. JupyterLab's server
writes the page anew whenever a lesson is saved.
"""

import math
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from grader.lessons import LESSONS, Lesson
from grader.page.cells import saved_cells
from grader.report import points

#: of the page, beside the lessons' folders
NAME = "START.md"
#: of the record that a check's output keeps
KEY = "resnet_course"


@dataclass(frozen=True)
class _Started:
    """A lesson in the learner's folder.

    Attributes:
        link: to its notebook, under its title.
        most: points that can be reached.
        reached: those that are; None where no check was run.
    """

    link: str
    most: float
    reached: float | None

    @classmethod
    def of(cls, lesson: Lesson, folder: Path) -> "_Started | None":
        """Reads a lesson's notebook; None where it is not in the folder."""
        if not (folder / lesson.name).is_dir():
            return None
        number = lesson.name.partition("_")[0].lstrip("0")
        title = f"{number} {lesson.title}" if number.isdecimal() else lesson.title
        return cls(
            f"[{title}]({lesson.name}/{lesson.notebook}.ipynb)",
            sum(check.points for check in lesson.checks),
            saved_points(folder / lesson.name, lesson),
        )

    @property
    def so_far(self) -> str:
        """How far it is, in words."""
        if self.reached is None:
            return "not begun"
        return f"{points(self.reached)} of {points(self.most)}"


def record(function: str, reached: float, at: float) -> dict[str, dict[str, Any]]:
    """What the output of a check keeps, for this page.

    Args:
        function: that was judged.
        reached: points of all of its checks.
        at: when, in seconds.
    """
    return {KEY: {"function": function, "points": reached, "at": at}}


def front_page(folder: Path, text: str) -> str:
    """Writes the page in Markdown.

    Args:
        folder: with the learner's lessons; what is no lesson there is passed over.
        text: the page for learners, whose sections follow below the lessons; or the
            page as it was.
    """
    found = [_Started.of(each, folder) for each in LESSONS.sound(sorted(LESSONS))]
    lessons = [each for each in found if each is not None]
    begun = [each for each in lessons if each.reached is not None]
    left = [each for each in (*begun, *lessons) if (each.reached or 0) < each.most]
    start = f"**{'Go on' if begun else 'Start'} here:** " + left[0].link if left else ""
    _, _, sections = text.partition("\n## ")
    lines = [
        "# Residual networks",
        "",
        start or "Every point of every lesson is reached.",
        "",
        *(f"- {each.link}: {each.so_far}" for each in lessons),
        "",
        "The points are those that the checks in your notebooks showed when they were "
        "saved last.",
        "",
        f"## {sections}",
    ]
    return "\n".join(lines)


def after_save(os_path: str, **_: Any) -> None:
    """Writes the page anew after a lesson beside it was saved.

    A hook of Jupyter's: what it raises would be told as a fault of saving.

    Args:
        os_path: of the file that was saved.
    """
    folder = Path(os_path).parent
    page = folder.parent / NAME
    if folder.name in LESSONS and page.is_file():
        with suppress(OSError, ValueError):
            page.write_text(front_page(page.parent, page.read_text("utf-8")), "utf-8")


def saved_points(folder: Path, lesson: Lesson) -> float | None:
    """The points that the checks in a saved notebook show.

    Returns:
        None where none of them was run.
    """
    most = dict.fromkeys(lesson.functions, 0.0)
    for check in lesson.checks:
        most[check.function] += check.points
    try:
        cells = saved_cells(folder / f"{lesson.notebook}.ipynb")
    except (OSError, ValueError):
        return None
    last: dict[str, tuple[float, float]] = {}
    for function, at, reached in map(_recorded, cells):
        if function in most:
            last[function] = max(last.get(function, (0, 0)), (at, reached))
    if not last:
        return None
    return round(sum(min(n, most[name]) for name, (_, n) in last.items()), 2)


def _recorded(cell: dict[str, Any]) -> tuple[str, float, float]:
    """What a check's output keeps: function, time, points; nothing of other cells."""
    outputs = cell.get("outputs")
    for output in outputs if isinstance(outputs, list) else ():
        kept = output.get("metadata") if isinstance(output, dict) else None
        own = kept.get(KEY) if isinstance(kept, dict) else None
        if not isinstance(own, dict):
            continue
        function, at, reached = (own.get(name) for name in ("function", "at", "points"))
        if isinstance(function, str) and _is_number(at) and _is_number(reached):
            return function, at, reached
    return "", 0, 0


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and math.isfinite(value) and value >= 0
