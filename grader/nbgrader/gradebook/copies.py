"""What a gradebook says of a lesson, read at one go, and copies of parts of it."""

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from nbgrader.api import (
    Base,
    Gradebook,
)
from sqlalchemy import Engine, Table, create_engine, insert, select

from grader.nbgrader.tables import (
    COMMENT,
    GRADE,
    LESSON,
    STUDENT,
    SUBMISSION,
    SUBMITTED,
    Rows,
)

#: what the gradebook says of lessons, and not of students
_RELEASED = ("course", "assignment", "notebook", "base_cell", "grade_cells")
_RELEASED += ("solution_cells", "task_cells", "source_cell")


def released(gradebook: Gradebook) -> bytes:
    """A gradebook of what was released, and of no student: an SQLite file."""
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    tables = [t for t in Base.metadata.sorted_tables if t.name in _RELEASED]
    return _with(engine, {t: _read(gradebook, select(t)) for t in tables})


def of_student(lesson: bytes, rows: Mapping[Table, Rows]) -> bytes:
    """Such a file, with the rows of a student."""
    engine = create_engine("sqlite://", creator=lambda: _opened(lesson))
    return _with(engine, rows)


def handed_in(gradebook: Gradebook, lesson: str) -> dict[str, dict[Table, Rows]]:
    """The rows of each student who has a submission to a lesson."""
    named = select(LESSON.c.id).where(LESSON.c.name == lesson)
    wanted = SUBMISSION.c.assignment_id.in_(named)
    submissions = _read(gradebook, select(SUBMISSION).where(wanted))
    found: dict[str, dict[Table, Rows]] = defaultdict(lambda: defaultdict(list))
    whose = {}
    for row in _read(gradebook, select(STUDENT)):
        whose[row["id"]] = row
    for row in submissions:
        found[row["student_id"]][STUDENT] = [whose[row["student_id"]]]
        found[row["student_id"]][SUBMISSION] = [row]
    ids = select(SUBMISSION.c.id).where(wanted)
    notebooks = SUBMITTED.c.assignment_id.in_(ids)
    owner = {row["id"]: row["student_id"] for row in submissions}
    owner |= _sort(
        found, SUBMITTED, _read(gradebook, select(SUBMITTED).where(notebooks)), owner
    )
    inside = select(SUBMITTED.c.id).where(notebooks)
    for table in (GRADE, COMMENT):
        rows = _read(gradebook, select(table).where(table.c.notebook_id.in_(inside)))
        _sort(found, table, rows, owner)
    return found


def _sort(
    found: dict[str, dict[Table, Rows]],
    table: Table,
    rows: Rows,
    owner: Mapping[str, str],
) -> dict[str, str]:
    """Gives each row to the student who has what it belongs to."""
    above = "assignment_id" if table is SUBMITTED else "notebook_id"
    for row in rows:
        found[owner[row[above]]][table].append(row)
    return {row["id"]: owner[row[above]] for row in rows}


def _read(gradebook: Gradebook, query: Any) -> Rows:
    return [dict(row) for row in gradebook.db.execute(query).mappings()]


def _opened(content: bytes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.deserialize(content)
    return connection


def _with(engine: Engine, rows: Mapping[Table, Iterable[dict[str, Any]]]) -> bytes:
    """The content of a gradebook in memory, once it has these rows."""
    try:
        with engine.begin() as copy:
            for table, own in rows.items():
                if own := list(own):
                    copy.execute(insert(table), own)
        with engine.connect() as copy:
            connection: Any = copy.connection.dbapi_connection
            return connection.serialize()
    finally:
        engine.dispose()
