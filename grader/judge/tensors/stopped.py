"""A net whose call fails as the lesson shows it: what made it do so, in words."""

from collections.abc import Sequence
from dataclasses import replace

from grader.judge.claim import Claim
from grader.judge.failures.explain import Explanation
from grader.judge.finding import Finding
from grader.judge.tensors import words
from grader.judge.tensors.attempt import Attempt
from grader.judge.tensors.claims import claim
from grader.judge.tensors.failures import because, failure
from grader.judge.tensors.partial import (
    fails_by_shapes,
    not_reached,
    slips_until,
)
from grader.judge.tensors.slips import PlacedSlip, without_consequences
from grader.judge.verdict import Verdict, failed_call, nothing


def slips_before(one: Attempt) -> list[PlacedSlip]:
    """What differs in a call that failed until then, each slip once."""
    return without_consequences([one.placed(slip) for slip in slips_until(one)])


def cause_of(one: Attempt, before: Sequence[PlacedSlip]) -> PlacedSlip | None:
    """The slip that made shapes differ, where a call failed for that.

    Args:
        one: the call.
        before: what differs in it until then.
    """
    if not fails_by_shapes(one):
        return None
    return next((slip for slip in before if slip.changes_shapes), None)


def stopped(
    one: Attempt, before: Sequence[PlacedSlip], others: Sequence[PlacedSlip]
) -> Verdict:
    """The verdict on a net that does its work in no call, or fails for no known reason.

    Args:
        one: the call that the lesson shows.
        before: what differs in it until it failed.
        others: what differs in other calls.
    """
    net = one.plan.net
    failed = failure(net, one.call)
    cause = cause_of(one, before)
    if cause is not None:
        told = because(words.message(cause), words.look(cause), failed)
        said = (claim(cause),)
        verdict = nothing(net.name, told.message, told.look, told.brief, said)
        layer = net.name if cause.call is None else cause.slip.key
        finding = replace(
            verdict.findings[0], layer=layer, sentence=words.sentence(cause)
        )
        return replace(verdict, findings=(finding,))
    message = f"{failed.message.rstrip(' .')}."
    rest = not_reached(one.plan, one.call.partial) if one.call.partial else ()
    said: tuple[Claim, ...] = ()
    if before:
        message += f" Before that, {words.clause(before[0]).text}"
        said = (claim(before[0]),)
    elif others:
        message += f" {words.message(others[0])}"
        said = (claim(others[0]),)
    elif rest:
        key = rest[0]
        message += f" Until then, {key} is not called."
        function = one.plan.by_key[key].function
        said = (
            Claim("call missing", one.call.asked["id"], key, key, captured=function),
        )
    return failed_call(net.name, failed, message, said)


def of_cause(
    one: Attempt, cause: PlacedSlip, failed: Explanation, price: float
) -> Finding:
    """A finding on what made a call fail, where the one that is shown does not.

    Args:
        one: the call.
        cause: that made it fail.
        failed: how it failed.
        price: that it costs.
    """
    net = one.plan.net
    told = because(words.message(cause), words.look(cause), failed)
    layer = net.name if cause.call is None else cause.slip.key
    check, sentence = f"{net.name}-{net.calls}", words.sentence(cause)
    said = (claim(cause),)
    return Finding(check, price, layer, sentence, told.message, told.look, said)


def with_failure(finding: Finding, cause: PlacedSlip, one: Attempt) -> Finding:
    """A finding, which says how a call failed if it is on what made it do so."""
    if not finding.message.startswith(words.message(cause)):
        return finding
    told = because(finding.message, finding.look, failure(one.plan.net, one.call))
    return replace(finding, message=told.message, look=told.look)
