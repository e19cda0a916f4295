"""From the text of a capture to reports: NumPy is all that it needs."""

import json

from grader.lessons import Lesson
from grader.nbgrader.kernels.channel import read
from grader.report import Report


def judge_text(
    lesson: Lesson, function: str, challenge: str, text: str
) -> dict[str, Report]:
    """Judges what a kernel sent, as autograde does.

    Args:
        lesson: the function's.
        function: which.
        challenge: as JSON text.
        text: of the capture.
    """
    return lesson.judge(function, json.loads(challenge), read(function, text))


def to_text(reports: dict[str, Report]) -> str:
    """Reports as JSON text, by check."""
    return json.dumps({check: report.to_dict() for check, report in reports.items()})
