"""Marks into a platform's own list, and nothing else."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.nbgrader.faults import CourseError
from grader.nbgrader.standing import Standing
from grader.platform.entry import Entry, MarkSheet, number_of
from grader.platform.people import Student, match

#: names in a line of an error
_SHOWN = 10


@dataclass(frozen=True)
class Filled:
    """A list with marks in it.

    Attributes:
        content: the bytes of the file.
        entries: of each student whose mark is in it.
        replaced: marks that were there before and are others now, by student.
        held: students whose mark the platform or the gradebook holds back, and why.
        without: names of those in the list who have no mark.
        left_out: students with a mark who are not in the list.
    """

    content: bytes
    entries: Mapping[str, Entry]
    replaced: Mapping[str, str]
    held: Mapping[str, str]
    without: Sequence[str]
    left_out: Sequence[str]


def fill(
    marks: MarkSheet,
    standings: Sequence[Standing],
    students: Sequence[Student],
    *,
    partial: bool = False,
    scale: bool = False,
) -> Filled:
    """Writes marks into the cells of those whom they belong to.

    Args:
        marks: the list.
        standings: those who have marks.
        students: the same, as they are known.
        partial: leave out who is not in the list.
        scale: turn marks into points of the platform, where it gives others at most.

    Raises:
        CourseError: if it is not clear whose a row is, if somebody is in none, or if
            the platform gives another number of points; then nothing is written.
    """
    found = match(students, marks.entries)
    if found.doubtful:
        listed = "; ".join(f"{who} ({why})" for who, why in found.doubtful.items())
        raise CourseError(
            f"{marks.sheet.path} does not tell who these are: {listed}. `grader "
            "roster` gives students addresses, by which it would"
        )
    missing = [s.student for s in standings if s.student not in found.entries]
    if missing and not partial:
        raise CourseError(
            f"these have marks, and no row in {marks.sheet.path}: {_listed(missing)}. "
            "Is it the list of this course and lesson? `grader roster` gives names and "
            "addresses to students; --partial leaves these out"
        )
    factor = _factor(marks, standings, scale)
    values, replaced, held = {}, {}, {}
    for standing in standings:
        entry = found.entries.get(standing.student)
        if entry is None:
            continue
        if why := entry.held or _waits(standing):
            held[standing.student] = why
            continue
        text = f"{standing.total * factor:.2f}"
        before = marks.sheet.say(entry.row, marks.column)
        if before and number_of(before) not in (None, float(text)):
            replaced[standing.student] = f"{before}, now {text}"
        if marks.column >= len(marks.sheet.rows[entry.row]):
            raise CourseError(
                f"{marks.sheet.path}, row {entry.row + 1}: it ends before the marks"
            )
        if number_of(before) != float(text):
            text = text.replace(".", ",") if marks.comma else text
            values[entry.row, marks.column] = text
    filled = {s: e for s, e in found.entries.items() if s not in held}
    rows = {entry.row for entry in found.entries.values()}
    without = [e.name or e.number for e in marks.entries if e.row not in rows]
    content = marks.sheet.filled(values)
    return Filled(content, filled, replaced, held, without, missing)


def _waits(standing: Standing) -> str:
    if standing.by_hand:
        return f"to be graded by hand: {', '.join(standing.by_hand)}"
    return "" if standing.reports else "to be graded again"


def _factor(marks: MarkSheet, standings: Sequence[Standing], scale: bool) -> float:
    most = max((standing.most for standing in standings), default=0.0)
    if marks.most is None or not most or marks.most == most:
        return 1.0
    if scale and marks.most > 0:
        return marks.most / most
    raise CourseError(
        f"the lesson has {most:g} points, and the assignment in {marks.platform} "
        f"{marks.most:g}: set it to {most:g} there and fetch the list again, or have "
        "marks turned into its points with --scale"
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(names[:_SHOWN])}{more}"
