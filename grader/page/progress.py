"""How far a lesson is: points so far, what is left, what comes next."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from grader.definitions import empty_place
from grader.lessons import LESSONS, NAMES, Lesson, get_lesson
from grader.report import Report

_NOT_WRITTEN = "not written yet"


@dataclass(frozen=True)
class Judged:
    """What the checks of a function said last.

    Attributes:
        reports: of all of its checks; none where they did not run.
        why: why these are no longer worth anything, or did not run: how a sentence
            goes on after the function's name. Empty where they count.
        todo: what is to be done then; to run its checks, if empty.
    """

    reports: Mapping[str, Report]
    why: str = ""
    todo: str = ""


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
    def done(self) -> tuple[Row, ...]:
        """The functions whose checks are all passed."""
        return tuple(row for row in self.rows if not row.todo)

    @property
    def left(self) -> tuple[Row, ...]:
        """The functions for which there is something to do."""
        return tuple(row for row in self.rows if row.todo)


def unchecked(function: str, run: str | None, saved: str) -> Judged:
    """Says how far a function is of which no check was run.

    Args:
        function: its name.
        run: the text of the cell that made it; None where none was run.
        saved: the text of its cell in the saved notebook; empty where not known.
    """
    text = saved if run is None else run
    if empty_place(text.splitlines()) is not None:
        return Judged({}, _NOT_WRITTEN, f"write {function}")
    if run is None and saved:
        return Judged({}, "not run yet", f"run the cell of {function} and its checks")
    return Judged({}, "not checked yet")


def reached_by(reports: Iterable[Report]) -> float:
    """The points of a function."""
    return round(sum(report.points for report in reports), 2)


def row_of(lesson: Lesson, function: str, judged: Judged) -> Row:
    """Says how far a function is.

    Args:
        lesson: whose it is.
        function: its name.
        judged: what its checks said last, or why they said nothing.
    """
    most = sum(check.points for check in lesson.checks if check.function == function)
    if judged.why:
        todo = judged.todo or f"run the checks of {function}"
        return Row(function, 0, most, judged.why, todo)
    reports = list(judged.reports.values())
    points = reached_by(reports)
    if all(report.passed for report in reports):
        return Row(function, points, most, "done", "")
    if any(report.unwritten for report in reports):
        return Row(function, points, most, _NOT_WRITTEN, f"write {function}")
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
