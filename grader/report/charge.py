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
    whole = f"{checks[0].function}-"
    owed = 0.0
    for finding in verdict.findings:
        check = checks[0].id if finding.check == whole else finding.check
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
            _culprit(check, verdict),
        )
        for check in checks
    }


def _culprit(check: Check, verdict: Verdict) -> str:
    """The check that wrong values are charged to: they follow from other mistakes."""
    if not check.id.endswith("-values"):
        return ""
    first = next((f.check for f in verdict.findings if f.price), "")
    return "" if first == check.id else first


def _nothing(checks: Sequence[Check], verdict: Verdict) -> dict[str, Report]:
    """Zero for each check; the first one says why at length."""
    first = verdict.findings[0]
    again = replace(first, message=f"{verdict.brief}: see {checks[0].id}.", look="")
    return {
        check.id: Report(
            check.id,
            check.title,
            0.0,
            check.points,
            (replace(again if number else first, price=check.points),),
        )
        for number, check in enumerate(checks)
    }


def _elsewhere(check: Check, left: float, verdict: Verdict) -> tuple[Finding, ...]:
    """Names the reason where a check pays for what is charged to others."""
    if left >= check.points or not verdict.findings:
        return ()
    first = verdict.findings[0]
    message = f"A mistake that is charged here, too: {first.message}"
    return (replace(first, check=check.id, price=0, message=message),)
