"""From captures to marks: one report for each check, whatever was captured."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from grader.lessons import Lesson
from grader.nbgrader.faults import CourseError, fault
from grader.report import Failure, Report

Capture = dict[str, Any] | Failure


class JudgeFault(CourseError):
    """The judge failed at what a kernel sent."""


@dataclass(frozen=True)
class Answers:
    """What came out of the instructor's own test cells.

    Attributes:
        reports: one for each, by grade id.
        doubtful: ids of those whose mark a person should look at.
        questions: a digest of the cells as they were.
    """

    reports: Mapping[str, Report]
    doubtful: frozenset[str] = frozenset()
    questions: str = ""


@dataclass(frozen=True)
class Graded:
    """What came out of a submission.

    Attributes:
        reports: by the check's id, one for each check of the lesson, and one for each
            test cell that the instructor added.
        failures: by function, where nothing could be captured.
        sandbox: what confined the kernel, such as "bubblewrap 0.8.0" or "none"; empty
            where nothing was run.
        repairs: what was mended in the notebook before, a sentence each.
        doubtful: ids whose marks a person should look at.
        questions: a digest of the instructor's own test cells as they were.
    """

    reports: Mapping[str, Report]
    failures: Mapping[str, Failure]
    sandbox: str = ""
    repairs: tuple[str, ...] = ()
    doubtful: frozenset[str] = frozenset()
    questions: str = ""

    def with_answers(self, answers: Answers) -> "Graded":
        """The same, and what came out of the instructor's own test cells."""
        reports = {**self.reports, **answers.reports}
        return replace(
            self,
            reports=reports,
            doubtful=answers.doubtful,
            questions=answers.questions,
        )


def refuse(
    lesson: Lesson,
    seed_of: Callable[[str], str],
    failure: Failure,
) -> Graded:
    """Reports that nothing of a submission could be captured; the first check says why.

    The others point to it.
    """
    challenges = {n: lesson.challenge(n, seed_of(n)) for n in lesson.functions}
    failures = dict.fromkeys(lesson.functions, failure)
    graded = judge_all(lesson, challenges, failures)
    first, *others = lesson.checks
    message = "Nothing of the notebook was graded."
    told = {check.id: _told(graded.reports[check.id], message) for check in others}
    pointing = {
        name: replace(report, follows=first.id) for name, report in told.items()
    }
    return replace(graded, reports={**graded.reports, **pointing})


def _told(report: Report, message: str) -> Report:
    """The same report with another message and no place to look at."""
    told = (replace(f, message=message, look="") for f in report.findings)
    return replace(report, findings=tuple(told))


def judge_all(
    lesson: Lesson,
    challenges: Mapping[str, dict],
    captures: Mapping[str, Capture],
) -> Graded:
    """Judges all captures.

    Raises:
        JudgeFault: if judging itself fails: it reads whatever a kernel may send, so
            that is a fault of the judge, and nobody's mark.
    """
    reports: dict[str, Report] = {}
    for name, captured in captures.items():
        try:
            reports |= lesson.judge(name, challenges[name], captured)
        except Exception as error:
            raise JudgeFault(f"{name} could not be judged: {fault(error)}") from error
    complete = {check.id: _bounded(reports[check.id]) for check in lesson.checks}
    failures = {n: c for n, c in captures.items() if isinstance(c, Failure)}
    return Graded(complete, failures)


def _bounded(report: Report) -> Report:
    """A report whose points lie in its range, whatever was computed."""
    points = report.points if math.isfinite(report.points) else 0.0
    points = min(max(points, 0.0), report.max_points)
    return report if points == report.points else replace(report, points=points)
