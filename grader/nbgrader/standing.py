"""How students stand in a lesson: the gradebook's marks, the record's reports."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nbgrader.api import MissingEntry

from grader.lessons import Lesson
from grader.nbgrader import records
from grader.nbgrader.course import Course
from grader.nbgrader.student_names import is_text
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
    """

    student: str
    points: dict[str, float]
    total: float
    most: float
    reports: tuple[Report, ...]
    repairs: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()
    late: float = 0.0

    @property
    def questions(self) -> float:
        """Points of what the instructor added to the lesson."""
        return self.total + self.late - sum(self.points.values())

    @property
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
    found = []
    with course.gradebook() as gradebook:
        for student in filter(is_text, course.students(lesson)):
            try:
                notebook: Any = gradebook.find_submission_notebook(
                    lesson.notebook, lesson.name, student
                )
            except MissingEntry:
                continue
            points = dict.fromkeys(lesson.functions, 0.0)
            functions = {check.id: check.function for check in lesson.checks}
            for grade in notebook.grades:
                if grade.name in functions:
                    points[functions[grade.name]] += grade.score
            record = records.read(course.place(lesson, student)) or {}
            reports = tuple(_reports(record))
            repairs = tuple(record.get("repairs", ()))
            by_hand = (g.name for g in notebook.grades if g.needs_manual_grade)
            late = notebook.late_submission_penalty or 0.0
            found.append(
                Standing(
                    student,
                    points,
                    max(0.0, notebook.score - late),
                    notebook.max_score,
                    reports,
                    repairs,
                    tuple(sorted(by_hand)),
                    late,
                )
            )
    return found


def _reports(record: Mapping[str, Any]) -> Iterator[Report]:
    for report in record.get("reports", ()):
        findings = tuple(Finding(**each) for each in report["findings"])
        notes = tuple(report["notes"])
        yield Report(**{**report, "findings": findings, "notes": notes})
