"""How far a lesson is: points so far, what is left, what comes next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.lessons import LESSONS, NAMES, Lesson, get_lesson
from grader.report import Report


@dataclass(frozen=True)
class Judged:
    """What the checks of a function said last.

    Attributes:
        reports: of all of its checks; none where they did not run.
        why: why these are no longer worth anything, or did not run: how a sentence
            goes on after the function's name. Empty where they count.
    """

    reports: Mapping[str, Report]
    why: str = ""


@dataclass(frozen=True)
class Row:
    """How far a function is.

    Attributes:
        function: its name.
        points: that count.
        most: that it is worth.
        state: the same in words.
        todo: what comes next for it, in words; empty where nothing does.
        link: to the heading above its cell; empty where that is not known.
    """

    function: str
    points: float
    most: float
    state: str
    todo: str
    link: str = ""


@dataclass(frozen=True)
class Progress:
    """How far a lesson is.

    Attributes:
        rows: a function each, in the order of the notebook.
        follows: the title of the lesson after this one, and a link to it; both empty
            where there is none.
    """

    rows: tuple[Row, ...]
    follows: tuple[str, str] = ("", "")

    @property
    def points(self) -> float:
        """Points so far."""
        return round(sum(row.points for row in self.rows), 2)

    @property
    def most(self) -> float:
        """Points of the lesson."""
        return sum(row.most for row in self.rows)

    @property
    def left(self) -> tuple[Row, ...]:
        """The functions for which there is something to do."""
        return tuple(row for row in self.rows if row.todo)


def row_of(lesson: Lesson, function: str, judged: Judged | None) -> Row:
    """Says how far a function is.

    Args:
        lesson: whose it is.
        function: its name.
        judged: what its checks said last; None where none was run.
    """
    most = sum(check.points for check in lesson.checks if check.function == function)
    if judged is None:
        return Row(
            function, 0, most, "not checked yet", f"run the checks of {function}"
        )
    if judged.why:
        return Row(function, 0, most, judged.why, f"run the checks of {function}")
    reports = list(judged.reports.values())
    points = round(sum(report.points for report in reports), 2)
    if all(report.passed for report in reports):
        return Row(function, points, most, "done", "")
    if any(report.unwritten for report in reports):
        return Row(function, points, most, "not written yet", f"write {function}")
    told = [r.check for r in reports if not r.passed and not r.follows]
    return Row(function, points, most, f"see {_listed(told)}", f"mend {function}")


def following(lesson: Lesson) -> tuple[str, str]:
    """The lesson after one: its title, and a link where its notebook lies beside."""
    names: Sequence[str] = NAMES if lesson.name in NAMES else ()
    later = names[names.index(lesson.name) + 1 :] if names else ()
    if not later or later[0] not in LESSONS:
        return "", ""
    other = get_lesson(later[0])
    path = f"../{other.name}/{other.notebook}.ipynb"
    return other.title, path if Path(path).is_file() else ""


def _listed(names: Sequence[str]) -> str:
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]]))
