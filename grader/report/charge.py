"""Charges what was found to the checks of a function."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.judge.finding import Finding
from grader.judge.verdict import Verdict
from grader.report._report import Report


@dataclass(frozen=True)
class Check:
    """One test cell.

    Attributes:
        id: its grade id, such as "identity_block-layers".
        function: the graded function.
        points: what it is worth.
        title: what it looks at.
    """

    id: str
    function: str
    points: int
    title: str


def reports(checks: Sequence[Check], verdict: Verdict) -> dict[str, Report]:
    """Charges findings to their checks.

    What a check cannot pay is taken from the function's other checks, so that a
    mistake costs its price wherever it is charged.

    Args:
        checks: of one function.
        verdict: on it.

    Raises:
        KeyError: if a finding is of a check that there is not.
    """
    if not verdict.share:
        return _nothing(checks, verdict)
    left = {check.id: check.points * verdict.share for check in checks}
    charged: dict[str, list[Finding]] = {check.id: [] for check in checks}
    owed = 0.0
    for finding in verdict.findings:
        check = _charged_to(finding, checks)
        charged[check].append(finding)
        paid = min(left[check], finding.price)
        left[check] -= paid
        owed += finding.price - paid
    for check in checks:
        paid = min(left[check.id], owed)
        left[check.id] -= paid
        owed -= paid
    most = verdict.most * sum(check.points for check in checks)
    if sum(left.values()) > most:
        scale = most / sum(left.values())
        # in hundredths, downwards: the sum is not to exceed it
        left = {c: math.floor(p * scale * 100) / 100 for c, p in left.items()}
    return {
        check.id: Report(
            check.id,
            check.title,
            round(left[check.id], 2),
            check.points,
            tuple(charged[check.id]) or _elsewhere(check, left[check.id], verdict),
            verdict.notes if check is checks[0] else (),
            _culprit(check, checks, verdict),
            ""
            if charged[check.id]
            else _source(left[check.id], check, checks, verdict),
            picture=verdict.picture if charged[check.id] else None,
        )
        for check in checks
    }


def _charged_to(finding: Finding, checks: Sequence[Check]) -> str:
    """The id of the check that a finding is charged to."""
    whole = f"{checks[0].function}-"
    return checks[0].id if finding.check == whole else finding.check


def _culprit(check: Check, checks: Sequence[Check], verdict: Verdict) -> str:
    """The check that wrong values are charged to: they follow from other mistakes."""
    if not (verdict.numbers and check.id.endswith("-values")):
        return ""
    priced = (f for f in verdict.findings if f.price)
    first = next((_charged_to(f, checks) for f in priced), "")
    return "" if first == check.id else first


def _nothing(checks: Sequence[Check], verdict: Verdict) -> dict[str, Report]:
    """Zero for each check; the first one says why at length."""
    first = verdict.findings[0]
    again = replace(first, message=f"{verdict.brief}.", look="")
    return {
        check.id: Report(
            check.id,
            check.title,
            0.0,
            check.points,
            (replace(again if number else first, price=check.points),),
            follows=checks[0].id if number else "",
            unwritten=verdict.unwritten,
            picture=None if number or verdict.unwritten else verdict.picture,
        )
        for number, check in enumerate(checks)
    }


def _elsewhere(check: Check, left: float, verdict: Verdict) -> tuple[Finding, ...]:
    """Names the reason where a check pays for what is charged to others."""
    if left >= check.points or not verdict.findings:
        return ()
    return (replace(verdict.findings[0], check=check.id, price=0),)


def _source(
    left: float, check: Check, checks: Sequence[Check], verdict: Verdict
) -> str:
    """The check that tells why a check pays for what is charged to others."""
    if left >= check.points or not verdict.findings:
        return ""
    return _charged_to(verdict.findings[0], checks)
