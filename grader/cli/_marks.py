"""The table of marks: in columns where there is room, else stacked."""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import mean, median

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from grader.escape import terminal
from grader.lessons import Lesson
from grader.nbgrader.standing import Standing

#: characters of a finding in the table; all of it is in the student's report
FINDING = 120
#: columns of a terminal that a finding needs beside others
ROOM = 36
#: between two columns
_GAP = 3


@dataclass(frozen=True)
class _Column:
    """Numbers below a heading of one or more lines."""

    heading: str
    numbers: tuple[str, ...]

    @property
    def width(self) -> int:
        return max(map(len, [*self.heading.split("\n"), *self.numbers]))


def marks_table(
    lesson: Lesson, standings: Sequence[Standing], width: int
) -> RenderableType:
    """A row for each student: points by function, total, the first finding.

    What the instructor added to the lesson has a column of its own. Where so many
    columns would leave a finding a few characters a line, it stands in one column with
    the points.

    Args:
        lesson: the lesson.
        standings: those that are shown.
        width: columns of the terminal.
    """
    columns = _columns(lesson, standings)
    names = [terminal(standing.student) for standing in standings]
    taken = max(map(len, ["student", *names])) + _GAP
    taken += sum(column.width + _GAP for column in columns)
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("student", no_wrap=True)
    if taken + ROOM > width:
        # a name may be as long as a folder's can be
        table.columns[0].no_wrap, table.columns[0].max_width = False, width // 3
        columns, shown = columns[-1:], [_stacked(lesson, s) for s in standings]
    else:
        shown = [_short(_told(standing)) for standing in standings]
    for column in columns:
        table.add_column(column.heading, justify="right")
    table.add_column("first finding", ratio=1)
    for row, (name, finding) in enumerate(zip(names, shown, strict=True)):
        numbers = [column.numbers[row] for column in columns]
        table.add_row(Text(name), *numbers, Text(finding))
    heads = [Text(lesson.name)]
    if len(standings) > 1:
        heads.append(Text(_average(standings)))
    return Group(*heads, table)


def _columns(lesson: Lesson, standings: Sequence[Standing]) -> list[_Column]:
    columns = []
    for function in lesson.functions:
        full = sum(c.points for c in lesson.checks if c.function == function)
        points = tuple(f"{s.points[function]:g}" for s in standings)
        heading = function.replace("_", "_\n")
        columns.append(_Column(f"{heading}\n/{full:g}", points))
    most = max((standing.most for standing in standings), default=0)
    if most > lesson.points:
        heading = f"your\nquestions\n/{most - lesson.points:g}"
        columns.append(_Column(heading, tuple(f"{s.questions:g}" for s in standings)))
    if any(standing.late for standing in standings):
        columns.append(_Column("late", tuple(f"{-s.late or 0:g}" for s in standings)))
    totals = tuple(f"{standing.total:g}" for standing in standings)
    return [*columns, _Column(f"total\n/{most:g}", totals)]


def _average(standings: Sequence[Standing]) -> str:
    totals = [standing.total for standing in standings]
    return (
        f"{len(totals)} students: mean {mean(totals):.3g}, median {median(totals):.3g} "
        f"of {max(standing.most for standing in standings):g}"
    )


def _stacked(lesson: Lesson, standing: Standing) -> str:
    """Which functions lost points, in a line or two, and below them the finding."""
    lines = []
    for function in lesson.functions:
        full = sum(c.points for c in lesson.checks if c.function == function)
        if standing.points[function] < full:
            lines.append(f"{function} {standing.points[function]:g} of {full:g}")
    if standing.questions:
        lines.append(f"your questions {standing.questions:g}")
    if standing.late:
        lines.append(f"late {-standing.late:g}")
    told = _short(_told(standing))
    return "\n".join(filter(None, (", ".join(lines), told)))


def _short(text: str) -> str:
    return textwrap.shorten(terminal(text), FINDING, placeholder=" …")


def _told(standing: Standing) -> str:
    """What waits for a person, and the first finding.

    Marks without a record are of a run that was stopped.
    """
    if not standing.reports:
        return "to be graded again"
    told = [f"to be graded by hand: {', '.join(standing.by_hand)}"]
    return ". ".join(told * bool(standing.by_hand) + [standing.first_finding])
