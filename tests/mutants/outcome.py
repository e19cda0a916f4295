"""Judges a version of a function, and says whether its marks are right."""

import functools
import json
from dataclasses import dataclass
from typing import Any

from grader.capture import capture, to_text
from grader.judge.finding import Finding
from grader.lessons import Lesson, get_lesson
from grader.nbgrader.channel import LONGEST
from grader.report import Report
from tests.corpus.judged import judge_text
from tests.mutants.mutant import Limit, Mutant
from tests.mutants.source import namespace

LESSON = get_lesson("01_residual_networks")
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
        """Findings, dearest first; those that only point to another check left out."""
        see = f"see {next(iter(self.reports))}."
        found = [
            f
            for r in self.reports.values()
            for f in r.findings
            if not f.message.endswith(see)
        ]
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


def judge_names(function: str, names: dict[str, Any], seed: str) -> Outcome:
    """Captures a function out of a namespace and judges it, as autograde does."""
    challenge = challenge_text(LESSON, function, seed)
    return judge_through_channel(LESSON, function, challenge, names)


def judge_through_channel(
    lesson: Lesson, function: str, challenge: str, names: dict[str, Any]
) -> Outcome:
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
    return to_text(capture(json.loads(challenge), names), LONGEST)


@functools.lru_cache(maxsize=1024)
def challenge_text(lesson: Lesson, function: str, seed: str) -> str:
    """A challenge as JSON text."""
    return json.dumps(lesson.challenge(function, seed))


def judge_source(function: str, source: str, seed: str = "test") -> Outcome:
    """Judges a function's source; the others are the solution's."""
    return judge_names(function, namespace(**{function: source}), seed)


def named(mutant: Mutant, outcome: Outcome) -> bool:
    """Whether the first finding names what was changed."""
    return any(word.lower() in outcome.first.lower() for word in mutant.words)


def problems(mutant: Mutant, outcome: Outcome) -> list[str]:
    """What is wrong with the marks for a mutant, in words; naming is apart."""
    limit, lost = mutant.limit, outcome.lost
    if limit is Limit.EVERYTHING:
        whole = sum(r.max_points for r in outcome.reports.values())
        return [] if lost == whole else [f"lost {lost:g}, not all of {whole:g}"]
    found = []
    if not limit.least <= lost <= limit.most:
        found.append(f"lost {lost:g}, not {limit.least} to {limit.most}")
    charged = {
        check.rpartition("-")[2]: report.points
        for check, report in outcome.reports.items()
        if not report.passed
    }
    # A check that has nothing left lets the others pay the rest of a price.
    spent = any(charged.get(check) == 0 for check in limit.checks)
    elsewhere = set(charged) - set(limit.checks)
    if elsewhere and not spent:
        found.append(f"charged to {', '.join(sorted(elsewhere))}")
    return found
