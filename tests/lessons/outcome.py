"""Judges a version of a function."""

import functools
import json
from dataclasses import dataclass
from typing import Any

from grader.judge.finding import Finding
from grader.lessons import Lesson
from grader.nbgrader.kernels.channel import LONGEST
from grader.report import Report
from tests.corpus.judged import judge_text

#: How far the capture of a right function is to stay from the channel's limit.
DISTANCE = 4


@dataclass(frozen=True)
class Outcome:
    """The reports on one function.

    Attributes:
        reports: by check.
        size: characters that its capture takes in the channel.
    """

    reports: dict[str, Report]
    size: int = 0

    @property
    def lost(self) -> float:
        return sum(r.max_points - r.points for r in self.reports.values())

    @property
    def points(self) -> dict[str, float]:
        return {check: report.points for check, report in self.reports.items()}

    @property
    def findings(self) -> list[Finding]:
        """Findings, dearest first; those that only follow from another check left out."""
        found = [f for r in self.reports.values() if not r.follows for f in r.findings]
        return sorted(found, key=lambda finding: -finding.price)

    @property
    def first(self) -> str:
        """Layer, message and place of the dearest finding."""
        if not self.findings:
            return ""
        finding = self.findings[0]
        return f"{finding.layer} | {finding.message} | {finding.look}"

    @property
    def notes(self) -> list[str]:
        return [note for report in self.reports.values() for note in report.notes]


def judge_through_channel(lesson: Lesson, function: str, challenge: str, names: dict[str, Any]) -> Outcome:
    """Judges what comes out of the text that a kernel would send.

    Args:
        lesson: the function's.
        function: which.
        challenge: as JSON text.
        names: the namespace that it stands in.
    """
    text = captured_text(challenge, names)
    return Outcome(judge_text(lesson, function, challenge, text), len(text))


def captured_text(challenge: str, names: dict[str, Any]) -> str:
    """The text that a kernel would send.

    Args:
        challenge: as JSON text.
        names: the namespace that the challenge's function stands in.
    """
    # TensorFlow comes with it, which tests that read reports do without
    from grader.capture import capture, to_text

    return to_text(capture(json.loads(challenge), names), LONGEST)


@functools.lru_cache(maxsize=1024)
def challenge_text(lesson: Lesson, function: str, seed: str) -> str:
    """A challenge as JSON text."""
    return json.dumps(lesson.challenge(function, seed))
