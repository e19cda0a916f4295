"""How students stand in a lesson: the gradebook's marks, the record's reports."""

import re
from dataclasses import dataclass
from typing import Any

from nbgrader.api import MissingEntry

from grader.lessons import Lesson
from grader.nbgrader import records
from grader.nbgrader.course import Course
from grader.report import Finding, Report


@dataclass(frozen=True)
class Standing:
    """One student's marks in a lesson.

    Attributes:
        points: by function, as the gradebook has them, marks by hand included.
        total: of the whole notebook, without a late penalty.
        reports: what the judge said, for each check.
    """

    student: str
    points: dict[str, float]
    total: float
    reports: tuple[Report, ...]

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
            word = text.split(" ")[0].rstrip(":").isalpha()
            return text[:1].upper() + text[1:] if word else text
        return ""


def standings(course: Course, lesson: Lesson) -> list[Standing]:
    """The students that have marks in a lesson, in alphabetical order."""
    found = []
    with course.gradebook() as gradebook:
        for student in course.students(lesson):
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
            reports = tuple(_reports(course, lesson, student))
            found.append(Standing(student, points, notebook.score, reports))
    return found


def _reports(course: Course, lesson: Lesson, student: str) -> list[Report]:
    record = records.read(course.place(lesson, student))
    if record is None:
        return []
    return [
        Report(
            **{
                **report,
                "findings": tuple(Finding(**f) for f in report["findings"]),
                "notes": tuple(report["notes"]),
            }
        )
        for report in record["reports"]
    ]
