"""What the gradebook says of a submission, kept so that it can be put back."""

from dataclasses import dataclass
from typing import Any

from nbgrader.api import (
    Assignment,
    Comment,
    Grade,
    Student,
    SubmittedAssignment,
    SubmittedNotebook,
)
from sqlalchemy import Table, delete, insert, select
from sqlalchemy.orm import Session

_LESSON: Any = Assignment.__table__
_STUDENT: Any = Student.__table__
_ASSIGNMENT: Any = SubmittedAssignment.__table__
_NOTEBOOK: Any = SubmittedNotebook.__table__
_GRADE: Any = Grade.__table__
_COMMENT: Any = Comment.__table__

Rows = list[dict[str, Any]]


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
        names = select(_STUDENT.c.id).where(_STUDENT.c.id == student)
        known = session.execute(names).first() is not None
        return cls(assignment, student, rows, known)

    @property
    def is_marked(self) -> bool:
        """Whether there was a mark."""
        return any(row["auto_score"] is not None for row in self.rows[_GRADE])

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
            own = _STUDENT.c.id == self.student
            session.execute(delete(_STUDENT).where(own))


def _rows(session: Session, assignment: str, student: str) -> dict[Table, Rows]:
    named = select(_LESSON.c.id).where(_LESSON.c.name == assignment)
    found = {
        _ASSIGNMENT: _read(
            session,
            _ASSIGNMENT,
            (_ASSIGNMENT.c.student_id == student)
            & _ASSIGNMENT.c.assignment_id.in_(named),
        )
    }
    ids = [row["id"] for row in found[_ASSIGNMENT]]
    found[_NOTEBOOK] = _read(session, _NOTEBOOK, _NOTEBOOK.c.assignment_id.in_(ids))
    ids = [row["id"] for row in found[_NOTEBOOK]]
    for table in (_GRADE, _COMMENT):
        found[table] = _read(session, table, table.c.notebook_id.in_(ids))
    return found


def _read(session: Session, table: Table, wanted: Any) -> Rows:
    rows = session.execute(select(table).where(wanted)).mappings()
    return [dict(row) for row in rows]
