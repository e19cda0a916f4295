"""What the gradebook says of a submission, kept so that it can be put back."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

from grader.nbgrader.tables import (
    COMMENT,
    GRADE,
    LESSON,
    STUDENT,
    SUBMISSION,
    SUBMITTED,
    Rows,
)


@dataclass(frozen=True)
class Earlier:
    """The rows of a student's submission, as they were at one moment.

    Attributes:
        rows: by table, what is referred to before what refers to it.
        known: whether the gradebook had the student.
    """

    assignment: str
    student: str
    rows: dict[Table, Rows]
    known: bool

    @classmethod
    def of(cls, session: Session, assignment: str, student: str) -> "Earlier":
        """Reads them; a submission that is not there has none."""
        rows = _rows(session, assignment, student)
        names = select(STUDENT.c.id).where(STUDENT.c.id == student)
        known = session.execute(names).first() is not None
        return cls(assignment, student, rows, known)

    @property
    def is_marked(self) -> bool:
        """Whether there was a mark."""
        return any(row["auto_score"] is not None for row in self.rows[GRADE])

    def put_back(self, session: Session) -> None:
        """Makes the gradebook say again what it said; the caller commits."""
        now = _rows(session, self.assignment, self.student)
        for table in reversed(now):
            ids = [row["id"] for row in now[table]]
            session.execute(delete(table).where(table.c.id.in_(ids)))
        for table, rows in self.rows.items():
            if rows:
                session.execute(insert(table), rows)
        if not self.known:
            own = STUDENT.c.id == self.student
            session.execute(delete(STUDENT).where(own))


def _rows(session: Session, assignment: str, student: str) -> dict[Table, Rows]:
    named = select(LESSON.c.id).where(LESSON.c.name == assignment)
    found = {
        SUBMISSION: _read(
            session,
            SUBMISSION,
            (SUBMISSION.c.student_id == student)
            & SUBMISSION.c.assignment_id.in_(named),
        )
    }
    if not found[SUBMISSION]:
        return found | {table: [] for table in (SUBMITTED, GRADE, COMMENT)}
    ids = [row["id"] for row in found[SUBMISSION]]
    found[SUBMITTED] = _read(session, SUBMITTED, SUBMITTED.c.assignment_id.in_(ids))
    ids = [row["id"] for row in found[SUBMITTED]]
    for table in (GRADE, COMMENT):
        found[table] = _read(session, table, table.c.notebook_id.in_(ids))
    return found


def _read(session: Session, table: Table, wanted: Any) -> Rows:
    rows = session.execute(select(table).where(wanted)).mappings()
    return [dict(row) for row in rows]
