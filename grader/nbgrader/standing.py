"""How students stand in a lesson: the gradebook's marks, the record's reports."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from nbgrader.api import Gradebook

from grader.lessons import Lesson
from grader.nbgrader.gradebook.marked import (
    Comment,
    Mark,
    Marked,
    full_name,
    read_marks,
)
from grader.nbgrader.grading import records
from grader.nbgrader.grading.course import Course
from grader.nbgrader.handed_in.student_names import is_text
from grader.report import Finding, Report


@dataclass(frozen=True)
class Standing:
    """One student's marks in a lesson.

    Attributes:
        points: by function, as the gradebook has them, marks by hand included.
        total: what counts: of the whole notebook, less what is taken off for lateness,
            as formgrader and the CSV have it.
        most: points of the whole notebook, questions of the instructor's among them.
        reports: what the judge said, for each check.
        repairs: what was mended in the notebook before, a sentence each.
        by_hand: ids of cells that wait to be graded by hand.
        late: what is taken off for lateness.
        marks: of each graded cell, by its id.
        comments: what was written to the student, in the order of the notebook.
        name: as the gradebook has it; empty where it has none.
        handed_in: when, where that is known.
        seconds_late: behind the due date; 0 where it has none.
    """

    student: str
    points: dict[str, float]
    total: float
    most: float
    reports: tuple[Report, ...]
    repairs: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()
    late: float = 0.0
    marks: Mapping[str, Mark] | None = None
    comments: tuple[Comment, ...] = ()
    name: str = ""
    handed_in: datetime | None = None
    seconds_late: float = 0.0

    @property
    def questions(self) -> float:
        """Points of what the instructor added to the lesson."""
        return self.total + self.late - sum(self.points.values())

    @property
    def changed(self) -> dict[str, Mark]:
        """The checks whose mark somebody set by hand, by their ids."""
        checks = {report.check for report in self.reports}
        marks = self.marks or {}
        return {i: m for i, m in marks.items() if i in checks and m.is_changed}

    @cached_property
    def first_finding(self) -> str:
        """The first thing to mend, in a line; empty where there is none."""
        findings = [f for report in self.reports for f in report.findings]
        # One without a place to look at only points to another.
        findings.sort(key=lambda finding: not finding.look)
        for finding in findings:
            named = finding.layer.lower() in finding.message.lower()
            text = " ".join(finding.message.split())
            if not named:
                sentence = re.sub(r"^The\b", "the", text)
                text = f"{finding.layer}: {sentence}"
            # A word begins with a capital; the name of a function or layer stays.
            word = text.split(" ")[0].rstrip(":")
            if not word.isalpha() or word in self.points:
                return text
            return text[:1].upper() + text[1:]
        return ""


def standings(course: Course, lesson: Lesson) -> list[Standing]:
    """The students that have marks in a lesson, in alphabetical order."""
    with course.gradebook() as gradebook:
        marked = read_marks(gradebook, lesson)
    return [
        _standing(course, lesson, student, marked[student])
        for student in filter(is_text, course.students(lesson))
        if student in marked
    ]


def absent(course: Course, lesson: Lesson) -> dict[str, str]:
    """The names of those in the gradebook who have not handed the lesson in, by id."""
    there = set(course.students(lesson))
    with course.gradebook() as gradebook:
        return {
            student: name
            for student, name in sorted(_names(gradebook))
            if student not in there
        }


def _names(gradebook: Gradebook) -> Iterator[tuple[str, str]]:
    students: Any = gradebook.students
    for student in students:
        yield str(student.id), full_name(student.first_name, student.last_name)


def _standing(course: Course, lesson: Lesson, student: str, marked: Marked) -> Standing:
    points = dict.fromkeys(lesson.functions, 0.0)
    for check in lesson.checks:
        if check.id in marked.marks:
            points[check.function] += marked.marks[check.id].points
    record = records.read(course.place(lesson, student)) or {}
    by_hand = (i for i, mark in marked.marks.items() if mark.waits)
    return Standing(
        student,
        points,
        max(0.0, marked.score - marked.late),
        marked.most,
        tuple(_reports(record)),
        tuple(record.get("repairs", ())),
        tuple(sorted(by_hand)),
        marked.late,
        marked.marks,
        marked.comments,
        full_name(marked.first_name, marked.last_name),
        marked.handed_in,
        marked.seconds_late,
    )


def _reports(record: Mapping[str, Any]) -> Iterator[Report]:
    for report in record.get("reports", ()):
        findings = tuple(Finding(**each) for each in report["findings"])
        notes = tuple(report["notes"])
        yield Report(**{**report, "findings": findings, "notes": notes})
