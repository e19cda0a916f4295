"""The gradebook, held open by the one process that writes down what was graded.

nbgrader opens it anew for each step and asks for each cell by itself, which costs a
hundred times what it takes to write the rows. Here all is done in short transactions on
one connection: between them nothing is locked, for formgrader reads and writes, too.
"""

import contextlib
from collections.abc import Iterator
from datetime import datetime
from types import TracebackType
from typing import Any

from nbgrader.api import (
    Gradebook,
    MissingEntry,
    new_uuid,
)
from nbgrader.utils import parse_utc
from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from grader.lessons import Lesson
from grader.nbgrader.gradebook.earlier import Earlier
from grader.nbgrader.gradebook.marked import Marked, read_marks
from grader.nbgrader.marks import Marks
from grader.nbgrader.notebook.place import Place
from grader.nbgrader.tables import (
    CELL,
    COMMENT,
    GRADE,
    LESSON,
    NOTEBOOK,
    STUDENT,
    SUBMISSION,
    SUBMITTED,
)

#: kinds of cells that have a row for a mark, and for a comment
_KINDS = {
    GRADE: ("GradeCell", "TaskCell"),
    COMMENT: ("SolutionCell", "TaskCell"),
}


class Ledger:
    """A gradebook that is open until it is closed.

    Args:
        db_url: nbgrader's, of any database.
        course_id: nbgrader's.
    """

    def __init__(self, db_url: str, course_id: str):
        self._gradebook = Gradebook(db_url, course_id)

    def __enter__(self) -> "Ledger":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Closes it."""
        self._gradebook.close()

    def enter(
        self,
        place: Place,
        time: datetime | None,
        *,
        create_student: bool,
    ) -> list[str]:
        """Gives a submission the rows that nbgrader gives it, where it has none yet.

        A notebook that was not handed in gets 0.

        Args:
            place: the submission's.
            time: when it was handed in, if that is known.
            create_student: whether a student is entered whom it does not know.

        Returns:
            Names of all notebooks that were released.

        Raises:
            MissingEntry: if it lacks the lesson, or the student.
        """
        with self._session() as session:
            lesson = session.scalar(
                select(LESSON.c.id).where(LESSON.c.name == place.lesson)
            )
            if lesson is None:
                raise MissingEntry(f"No such assignment: {place.lesson}")
            known = select(STUDENT.c.id).where(STUDENT.c.id == place.student)
            if session.scalar(known) is None:
                if not create_student:
                    raise MissingEntry(f"No such student: {place.student}")
                session.execute(insert(STUDENT).values(id=place.student))
            query = select(NOTEBOOK.c.id, NOTEBOOK.c.name)
            query = query.where(NOTEBOOK.c.assignment_id == lesson)
            released = [(row.id, row.name) for row in session.execute(query)]
            _add_or_date(session, place.student, lesson, time, [i for i, _ in released])
            for number, name in released:
                if not (place.submitted / f"{name}.ipynb").exists():
                    own = _own(place.student, number)
                    none = update(GRADE).where(GRADE.c.notebook_id.in_(own))
                    none = none.values(auto_score=0, needs_manual_grade=False)
                    session.execute(none)
        return [name for _, name in released]

    def save(self, place: Place, marks: Marks) -> None:
        """Writes the marks of a submission, all or none.

        A mark that an instructor gave by hand stays and is marked for review, as
        nbgrader does. A row that the gradebook has lost is made anew.

        Raises:
            MissingEntry: if the lesson has no such cell, or the submission no rows.
        """
        with self._session() as session:
            number = _released(session, place)
            own = session.scalar(_own(place.student, number))
            if own is None:
                raise MissingEntry(f"No such submission: {place.student}")
            rows = _Rows(session, number, own, GRADE)
            for cell, points in marks.points.items():
                waits = points is None or cell in marks.doubtful
                waits = waits or rows.by_hand(cell) is not None
                rows.write(cell, {"auto_score": points, "needs_manual_grade": waits})
            rows.flush()
            rows = _Rows(session, number, own, COMMENT)
            for cell, comment in marks.comments.items():
                rows.write(cell, {"auto_comment": comment})
            rows.flush()

    def take_off(self, place: Place, penalty: float | None) -> None:
        """Writes what is taken off a submission's points for lateness."""
        with self._session() as session:
            own = _own(place.student, _released(session, place))
            change = update(SUBMITTED).where(SUBMITTED.c.id.in_(own))
            session.execute(change.values(late_submission_penalty=penalty))

    def marked(self, lesson: Lesson, student: str | None = None) -> dict[str, Marked]:
        """What it says of those who handed a lesson in, or of one of them."""
        with self._session():
            return read_marks(self._gradebook, lesson, student)

    def earlier(self, assignment: str, student: str) -> Earlier:
        """What it says of a submission now, so that it can be put back."""
        with self._session() as session:
            return Earlier.of(session, assignment, student)

    def put_back(self, earlier: Earlier) -> None:
        """Makes it say again what it said, all of it or nothing."""
        with self._session() as session:
            earlier.put_back(session)

    @contextlib.contextmanager
    def _session(self) -> Iterator[Session]:
        """A transaction, which is done or undone when the block is left."""
        session: Any = self._gradebook.db
        try:
            yield session
            session.commit()
        finally:
            # an error, or Ctrl-C, takes back what is not committed
            session.remove()


class _Rows:
    """The rows of a submitted notebook in a table with one for each of its cells.

    Args:
        session: of the gradebook.
        notebook: the released notebook's id.
        own: the submitted one's.
        table: of marks, or of comments.
    """

    def __init__(self, session: Session, notebook: str, own: str, table: Any):
        self._session, self._own, self._table = session, own, table
        cells = select(CELL.c.name, CELL.c.id)
        cells = cells.where(
            CELL.c.notebook_id == notebook, CELL.c.type.in_(_KINDS[table])
        )
        self._cells = {row.name: row.id for row in session.execute(cells)}
        rows = select(table).where(table.c.notebook_id == own)
        self._rows = {row.cell_id: row for row in session.execute(rows)}
        self._changed: list[dict[str, Any]] = []
        self._lost: list[dict[str, Any]] = []

    def by_hand(self, cell: str) -> float | None:
        """The mark that somebody gave by hand; None if nobody did."""
        row = self._rows.get(self._cells.get(cell))
        return None if row is None else row.manual_score

    def write(self, cell: str, values: dict[str, Any]) -> None:
        """Takes down what a cell's row is to say."""
        if cell not in self._cells:
            raise MissingEntry(f"No such cell: {cell}")
        row = self._rows.get(self._cells[cell])
        if row is None:
            ids = {"cell_id": self._cells[cell], "notebook_id": self._own}
            self._lost.append(ids | values)
        else:
            self._changed.append({"own": row.id} | values)

    def flush(self) -> None:
        """Sends it to the gradebook."""
        if self._changed:
            names = [name for name in self._changed[0] if name != "own"]
            change = update(self._table).where(self._table.c.id == bindparam("own"))
            change = change.values({name: bindparam(name) for name in names})
            self._session.connection().execute(change, self._changed)
        if self._lost:
            self._session.execute(insert(self._table), self._lost)


def _released(session: Session, place: Place) -> Any:
    """The id of a lesson's notebook; None where there is none."""
    query = select(NOTEBOOK.c.id).join(LESSON)
    named = NOTEBOOK.c.name == place.notebook
    return session.scalar(query.where(LESSON.c.name == place.lesson, named))


def _own(student: str, notebook: Any) -> Any:
    """Asks for the id of a student's notebook."""
    return (
        select(SUBMITTED.c.id)
        .join(SUBMISSION, SUBMISSION.c.id == SUBMITTED.c.assignment_id)
        .where(SUBMISSION.c.student_id == student, SUBMITTED.c.notebook_id == notebook)
    )


def _add_or_date(
    session: Session,
    student: str,
    lesson: str,
    time: datetime | None,
    notebooks: list[str],
) -> None:
    """Adds a submission without marks; one that is there gets its new date."""
    dated: dict[str, Any] = {"timestamp": parse_utc(time)} if time else {}
    its = (SUBMISSION.c.assignment_id == lesson) & (SUBMISSION.c.student_id == student)
    if session.scalar(select(SUBMISSION.c.id).where(its)) is not None:
        if dated:
            session.execute(update(SUBMISSION).where(its).values(dated))
        return
    submission = new_uuid()
    row = {"id": submission, "assignment_id": lesson, "student_id": student}
    session.execute(insert(SUBMISSION).values(row | dated))
    for notebook in notebooks:
        own = new_uuid()
        row = {"id": own, "assignment_id": submission, "notebook_id": notebook}
        session.execute(insert(SUBMITTED).values(row))
        cells = select(CELL.c.id, CELL.c.type).where(CELL.c.notebook_id == notebook)
        found = session.execute(cells).all()
        for table, kinds in _KINDS.items():
            rows = [
                {"cell_id": cell.id, "notebook_id": own}
                for cell in found
                if cell.type in kinds
            ]
            if rows:
                session.execute(insert(table), rows)
