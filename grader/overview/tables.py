"""Marks of a lesson as CSV files: a column for each function, or for each check."""

import csv
from collections.abc import Sequence
from pathlib import Path

from grader import escape
from grader.lessons import Lesson
from grader.nbgrader.standing import Standing
from grader.report import points


def by_function(path: Path, lesson: Lesson, standings: Sequence[Standing]) -> None:
    """Writes a row a student, with the points of each function."""
    rows = [[s.points[name] for name in lesson.functions] for s in standings]
    _write(path, lesson.functions, standings, rows)


def by_check(path: Path, lesson: Lesson, standings: Sequence[Standing]) -> None:
    """Writes a row a student, with the points of each graded cell.

    Those of the instructor's own follow the lesson's.
    """
    own = {cell: None for s in standings for cell in sorted(s.marks or {})}
    cells = list(dict.fromkeys([check.id for check in lesson.checks]) | own)
    rows = [
        [m.points if (m := (s.marks or {}).get(cell)) else None for cell in cells]
        for s in standings
    ]
    _write(path, cells, standings, rows)


def _write(
    path: Path,
    columns: Sequence[str],
    standings: Sequence[Standing],
    rows: Sequence[Sequence[float | None]],
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        heads = map(escape.csv, columns)
        writer.writerow(["student_id", "name", *heads, "late", "total", "of"])
        for standing, numbers in zip(standings, rows, strict=True):
            who = escape.csv(standing.student), escape.csv(standing.name)
            ends = points(standing.late), points(standing.total), points(standing.most)
            middle = ["" if n is None else points(n) for n in numbers]
            writer.writerow([*who, *middle, *ends])
    unfinished.replace(path)
