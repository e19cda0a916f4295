"""What the gradebook says of all who handed a lesson in, read at one go.

nbgrader's own objects ask the database for each student and each cell: with a thousand
students that takes minutes.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbgrader import api
from nbgrader.api import Gradebook
from sqlalchemy import select

from grader.lessons import Lesson

_ASSIGNMENT: Any = api.Assignment
_SUBMISSION: Any = api.SubmittedAssignment
_SUBMITTED: Any = api.SubmittedNotebook
_NOTEBOOK: Any = api.Notebook
_STUDENT: Any = api.Student
_GRADE: Any = api.Grade
_CELL: Any = api.BaseCell
_COMMENT: Any = api.Comment


@dataclass(frozen=True)
class Mark:
    """The mark of one cell.

    Attributes:
        points: what counts.
        most: what there is to reach.
        judged: what grading gave; None where it gives none.
        waits: whether somebody is to look at it.
    """

    points: float
    most: float
    judged: float | None
    waits: bool = False

    @property
    def is_changed(self) -> bool:
        """Whether another mark counts than that of grading."""
        return self.judged is not None and self.points != self.judged


@dataclass(frozen=True)
class Comment:
    """What was written about a cell: the cell's id, and the text."""

    cell: str
    text: str


@dataclass(frozen=True)
class Marked:
    """A submission as the gradebook has it.

    Attributes:
        score: points of the whole notebook.
        most: the points that it can have.
        late: what is taken off for lateness.
        marks: of each graded cell, by its id.
        comments: in the order of the gradebook.
        first_name: of the student; None where the gradebook has none.
        last_name: likewise.
        handed_in: when.
        seconds_late: behind the due date.
    """

    score: float
    most: float
    late: float
    marks: dict[str, Mark]
    comments: tuple[Comment, ...]
    first_name: str | None = None
    last_name: str | None = None
    handed_in: datetime | None = None
    seconds_late: float = 0.0


def full_name(first: str | None, last: str | None) -> str:
    """A name as lists have it, "Lovelace, Ada"; empty where there is none."""
    return ", ".join(filter(None, (last, first)))


def read_marks(
    gradebook: Gradebook, lesson: Lesson, student: str | None = None
) -> dict[str, Marked]:
    """Reads what there is of each student who has a submission, by the student's id.

    Args:
        gradebook: an open one.
        lesson: the lesson.
        student: only of this one.
    """
    rows: Any = gradebook.db.execute(
        _of_lesson(
            select(
                _SUBMITTED.id,
                _SUBMITTED.late_submission_penalty,
                _SUBMISSION.timestamp,
                _SUBMISSION.extension,
                _ASSIGNMENT.duedate,
                _STUDENT.id,
                _STUDENT.first_name,
                _STUDENT.last_name,
            ),
            lesson,
            student,
        ).join(_STUDENT, _STUDENT.id == _SUBMISSION.student_id)
    ).all()
    if not rows:
        return {}
    most: Any = gradebook.find_notebook(lesson.notebook, lesson.name).max_score
    marks = _marks(gradebook, lesson, student)
    comments = _comments(gradebook, lesson, student)
    found = {}
    for own, penalty, time, extension, due, name, first, last in rows:
        score = sum(mark.points for mark in marks[own].values())
        due = due + extension if due and extension else due
        seconds = (time - due).total_seconds() if time and due else 0.0
        found[name] = Marked(
            score,
            most,
            penalty or 0.0,
            marks[own],
            tuple(comments[own]),
            first,
            last,
            time,
            max(0.0, seconds),
        )
    return found


def _of_lesson(query: Any, lesson: Lesson, student: str | None) -> Any:
    """Only those of a lesson's notebook, and of one student."""
    query = (
        query.join(_SUBMISSION, _SUBMISSION.id == _SUBMITTED.assignment_id)
        .join(_ASSIGNMENT, _ASSIGNMENT.id == _SUBMISSION.assignment_id)
        .join(_NOTEBOOK, _NOTEBOOK.id == _SUBMITTED.notebook_id)
        .where(_ASSIGNMENT.name == lesson.name, _NOTEBOOK.name == lesson.notebook)
    )
    return query if student is None else query.where(_SUBMISSION.student_id == student)


def _marks(
    gradebook: Gradebook, lesson: Lesson, student: str | None
) -> dict[str, dict[str, Mark]]:
    query = select(
        _GRADE.notebook_id,
        _CELL.name,
        _GRADE.score,
        _GRADE.max_score,
        _GRADE.auto_score,
        _GRADE.needs_manual_grade,
    ).join(_CELL, _CELL.id == _GRADE.cell_id)
    query = query.join(_SUBMITTED, _SUBMITTED.id == _GRADE.notebook_id)
    found: dict[str, dict[str, Mark]] = defaultdict(dict)
    rows: Any = gradebook.db.execute(_of_lesson(query, lesson, student))
    for own, cell, *numbers, waits in rows:
        found[own][cell] = Mark(*numbers, waits=bool(waits))
    return found


def _comments(
    gradebook: Gradebook, lesson: Lesson, student: str | None
) -> dict[str, list[Comment]]:
    query = select(_COMMENT.notebook_id, _CELL.name, _COMMENT.comment).join(
        _CELL, _CELL.id == _COMMENT.cell_id
    )
    query = query.join(_SUBMITTED, _SUBMITTED.id == _COMMENT.notebook_id)
    found: dict[str, list[Comment]] = defaultdict(list)
    rows: Any = gradebook.db.execute(_of_lesson(query, lesson, student))
    for own, cell, text in rows:
        if text:
            found[own].append(Comment(cell, text))
    return found
