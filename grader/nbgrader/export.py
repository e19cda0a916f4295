"""The marks of a course as a CSV file that spreadsheets and other programs can read."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook, MissingEntry
from nbgrader.coursedir import CourseDirectory
from nbgrader.plugins.export import ExportPlugin

from grader import escape
from grader.lessons import LESSONS
from grader.nbgrader.gradebook.late import renew_penalties

COLUMNS = (
    "assignment",
    "duedate",
    "timestamp",
    "student_id",
    "last_name",
    "first_name",
    "email",
    "raw_score",
    "late_submission_penalty",
    "score",
    "max_score",
)


class QuotedCsv(ExportPlugin):
    """nbgrader's table, with each field in quotes where it needs them.

    Columns and rows are nbgrader's own. The marks of one who has handed nothing in are
    empty, where nbgrader has zeros as if it were graded. A text that a spreadsheet
    would take for a formula has an apostrophe before it.
    """

    def export(self, gradebook: Gradebook) -> None:
        """Writes a row for each assignment and student."""
        if course := getattr(self.parent, "coursedir", None):
            self._renew_penalties(course)
        path = Path(self.to or "grades.csv")
        self.log.info("Exporting grades to %s", path)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(COLUMNS)
            for row in self._rows(gradebook):
                writer.writerow([_field(row[column]) for column in COLUMNS])

    def _renew_penalties(self, course: CourseDirectory) -> None:
        """Takes off for lateness what due dates say today."""
        sources = Path(course.root, course.source_directory)
        # others are installed, but not of this course
        for lesson in LESSONS.sound(n for n in LESSONS if (sources / n).is_dir()):
            faults = renew_penalties(course, self.config, lesson)
            for student, why in faults.items():
                self.log.error("%a: late penalty not computed: %s", student, why)

    def _rows(self, gradebook: Gradebook) -> Iterator[dict[str, Any]]:
        students = {str(name) for name in self.student}
        assignments = {str(name) for name in self.assignment}
        everybody = sorted(gradebook.students, key=_order)
        for assignment in gradebook.assignments:
            if assignments and assignment.name not in assignments:
                continue
            for student in everybody:
                if not students or student.id in students:
                    yield _row(gradebook, assignment, student)


def _order(student: Any) -> tuple[str, str, str]:
    """By names, as nbgrader has it, and the same whoever was graded first."""
    return student.last_name or "", student.first_name or "", student.id


def _row(gradebook: Gradebook, assignment: Any, student: Any) -> dict[str, Any]:
    """A student's marks; none where nothing was handed in, for that is no zero yet."""
    row = {
        "assignment": assignment.name,
        "duedate": assignment.duedate,
        "timestamp": "",
        "student_id": student.id,
        "last_name": student.last_name,
        "first_name": student.first_name,
        "email": student.email,
        "raw_score": None,
        "late_submission_penalty": None,
        "score": None,
        "max_score": assignment.max_score,
    }
    try:
        found: Any = gradebook.find_submission(assignment.name, student.id)
    except MissingEntry:
        return row
    penalty = found.late_submission_penalty
    return row | {
        "timestamp": found.timestamp,
        "raw_score": found.score,
        "late_submission_penalty": penalty,
        "score": max(0.0, found.score - (penalty or 0.0)),
    }


def _field(value: Any) -> str:
    if isinstance(value, str):
        return escape.csv(value)
    return "" if value is None else str(value)
