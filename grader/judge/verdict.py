"""What a function is worth: findings, before they are charged to checks."""

from dataclasses import dataclass, replace

from grader.judge.claim import Claim
from grader.judge.failures.explain import Explanation, explain_discarded
from grader.judge.finding import Finding
from grader.judge.picture import Picture


@dataclass(frozen=True)
class Verdict:
    """What a function is worth.

    Attributes:
        share: part of the points that can be earned at all: 0 for a function that
            cannot be judged, less than 1 for one that is mostly missing.
        findings: dearest first.
        notes: remarks at no cost.
        most: part of the points that is left at most, whatever the findings cost.
        brief: of a function that cannot be judged, why, for the checks that point to
            the first one: a sentence without its end.
        unwritten: whether nothing is judged because nothing is written yet.
        numbers: whether a mistake changes what the function computes, and not names
            alone.
        picture: its graph beside the specification's, where a difference shows in it.
    """

    share: float
    findings: tuple[Finding, ...]
    notes: tuple[str, ...] = ()
    most: float = 1.0
    brief: str = ""
    unwritten: bool = False
    numbers: bool = True
    picture: Picture | None = None


def nothing(
    function: str,
    message: str,
    look: str,
    brief: str = "",
    claims: tuple[Claim, ...] = (),
) -> Verdict:
    """The verdict on a function that cannot be judged at all.

    Args:
        function: its name.
        message: why.
        look: where to look.
        brief: why, in short and without an end; the message, if empty.
        claims: what the message says, as data.
    """
    finding = Finding(f"{function}-", 0, function, "", message, look, claims)
    return Verdict(0.0, (finding,), brief=brief or message.removesuffix("."))


def not_written(
    function: str, message: str, look: str = "", claims: tuple[Claim, ...] = ()
) -> Verdict:
    """The verdict on a function that does no more than the code that was given.

    Args:
        function: its name.
        message: what it does.
        look: where to look; the place for its code, if empty.
        claims: what the message says, as data.
    """
    look = look or f"Write the part of {function} that is marked for your code."
    return replace(nothing(function, message, look, "", claims), unwritten=True)


def failed_call(
    function: str,
    failed: Explanation,
    message: str = "",
    claims: tuple[Claim, ...] = (),
) -> Verdict:
    """The verdict on a function whose call fails.

    Args:
        function: its name.
        failed: why.
        message: the same with what is known beside; that of `failed`, if empty.
        claims: what the message says, as data; those of `failed`, if empty.
    """
    message, claims = message or failed.message, claims or failed.claims
    verdict = nothing(function, message, failed.look, failed.brief, claims)
    return replace(verdict, unwritten=failed.unwritten)


def with_discarded(verdict: Verdict, lines: object) -> Verdict:
    """Tells the lines whose result nobody keeps, where points are lost.

    Args:
        verdict: on the function.
        lines: number and source of each, as captured.
    """
    if not isinstance(lines, list) or not any(f.price for f in verdict.findings):
        return verdict
    told = tuple(explain_discarded(line) for line in lines[:5])
    return replace(verdict, notes=(*verdict.notes, *told))
