"""The page that the measurements are read on."""

import os
from statistics import median

from tests.benchmarks.model import (
    CORES,
    MACHINES,
    SUBMISSIONS,
    Costs,
    forecast,
    most_cores,
    slope,
)
from tests.benchmarks.rows import Row

TITLES = {
    "plain": "plain `nbgrader autograde`",
    "otter": "`otter run`",
    "one": "`grader autograde`, one worker",
    "all": "`grader autograde`, all cores",
    "floor": "bare forks, one at a time",
    "floor-all": "bare forks, all cores",
    "growth": "`grader autograde`, all cores, first function alone",
}
_HEAD = """\
# What grading costs

Written by `make bench`. All parts grade the same finished notebook of lesson 1, with
its accompanying files, on one machine, in turns. Seconds are of the whole command, its
imports included; the bare forks run the same cells and captures without Jupyter,
gradebook, judge or sandbox, with a thread each where there are several. For the growth,
the first function alone is solved, and the others are as in the release. A row that was
not measured anew keeps its date.
"""


def page(rows: list[Row], machine: str) -> str:
    """The page as Markdown.

    Args:
        rows: of this run and of earlier ones.
        machine: cores, memory and versions.
    """
    parts = [_HEAD, f"Machine: {machine}.\n", _table(rows), "![Growth](growth.svg)\n"]
    parts += [_latency(rows), _larger(rows)]
    return "\n".join(part for part in parts if part)


def ratio(row: Row, other: Row) -> float:
    """How many times as long a row takes, by rounds that were run side by side."""
    if len(row.seconds) == len(other.seconds) and row.submissions == other.submissions:
        pairs = zip(row.seconds, other.seconds, strict=True)
        return median(mine / theirs for mine, theirs in pairs)
    return row.each / other.each


def _table(rows: list[Row]) -> str:
    lines = [
        "| way | N | s a submission | plain takes so many times as long "
        "| most MiB of a process | date |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in (row for part in TITLES for row in rows if row.part == part):
        beside = [r for r in rows if r.part == "plain" and r.seconds]
        same = [r for r in beside if r.submissions == row.submissions]
        cost = f"{row.each:.2f}" if row.seconds else row.note
        times = f"{ratio(same[0], row):.1f}" if same and row.seconds else ""
        memory = ", ".join(f"{role} {size:.0f}" for role, size in row.memory)
        cells = (TITLES[row.part], row.submissions, cost, times, memory, row.date)
        lines.append(f"| {' | '.join(str(cell) for cell in cells)} |")
    return "\n".join(lines) + "\n"


def _latency(rows: list[Row]) -> str:
    found = [r for r in rows if not r.submissions]
    if not found:
        return ""
    lines = [
        "## What a learner waits for",
        "",
        "| what | s | date |",
        "| --- | --- | --- |",
    ]
    for row in found:
        lines.append(f"| {row.part} | {row.seconds[0]:.2f} | {row.date} |")
    return "\n".join(lines) + "\n"


def costs(rows: list[Row], cores: int) -> Costs | None:
    """What the model needs; None where it was not measured.

    The writer's cost is the processor time by which the process that holds the
    gradebook grows with each submission. Without workers that process does the rest,
    too: then there is none.

    Args:
        rows: all that there are.
        cores: of the machine that they were measured on.
    """
    graded = [row for row in rows if row.part == "all" and row.seconds]
    growth = {r.submissions: r for r in rows if r.part == "growth" and r.seconds}
    if not graded or len(growth) < 2:
        return None
    largest = max(graded, key=lambda row: row.submissions)
    writer = slope({n: r.processor[0] for n, r in growth.items()})
    each = slope({n: r.seconds[0] for n, r in growth.items()})
    low = min(growth)
    start = max(0.0, growth[low].seconds[0] - low * each)
    total = sum(largest.seconds) / len(largest.seconds) - start
    return Costs(total * cores / largest.submissions, start, max(writer, 1e-4))


def _first(found: Costs) -> str:
    """What gives way first when machines are added."""
    cores = most_cores(found)
    if cores >= MACHINES[-1] * CORES:
        return (
            f"The one writer would keep up with {cores} cores: it is never the limit."
        )
    return f"The one writer keeps up with {cores} cores: beyond, it sets the pace."


def _larger(rows: list[Row]) -> str:
    found = costs(rows, os.cpu_count() or 1)
    if found is None:
        return ""
    lines = [
        f"## {SUBMISSIONS:,} submissions",
        "",
        f"Measured: {found.submission:.2f} s of a core and "
        f"{found.writer * 1000:.0f} ms of the writer for a submission, "
        f"{found.start:.1f} s to start. Workers and the "
        "one writer work side by side, and the slower of the two sets the pace.",
        "",
        f"| machines of {CORES} cores | minutes | busy all the time |",
        "| --- | --- | --- |",
    ]
    for machines in MACHINES:
        each = forecast(found, machines)
        lines.append(f"| {machines} | {each.seconds / 60:.1f} | {each.limit} |")
    lines += ["", _first(found)]
    return "\n".join(lines) + "\n"
