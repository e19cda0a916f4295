"""Judges nets: functions on tensors that are composed of others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.judge.finding import Finding
from grader.judge.general import Tried, limited
from grader.judge.tensors import prices, words
from grader.judge.tensors.attempt import Attempt, attempts_of
from grader.judge.tensors.claims import claim
from grader.judge.tensors.compare import CallSlip, compare_calls
from grader.judge.tensors.failures import failure
from grader.judge.tensors.partial import slips_until
from grader.judge.tensors.plan import Plan
from grader.judge.tensors.rows import Library, Net
from grader.judge.tensors.slips import PlacedSlip, without_consequences
from grader.judge.tensors.stopped import (
    cause_of,
    of_cause,
    slips_before,
    stopped,
    with_failure,
)
from grader.judge.tensors.whole import Deviation, first_deviation
from grader.judge.verdict import Verdict, not_written

_NO_RESULT = Deviation("It gives no result that can be judged.", 0.0)


@dataclass(frozen=True)
class CallOutcome:
    """What a call shows.

    Attributes:
        slips: what differs in its calls; None where nothing was recorded.
        deviation: what is wrong with what it gives; None if nothing is.
    """

    slips: tuple[CallSlip, ...] | None = ()
    deviation: Deviation | None = None


def judge_net(
    net: Net,
    library: Library,
    situations: Mapping[str, str],
    challenge: Mapping[str, Any],
    capture: Mapping[str, Any],
) -> Verdict:
    """Judges a net's capture.

    Args:
        net: its table.
        library: the functions that it calls.
        situations: what is special in a call, in words, by the call's id.
        challenge: that it was captured under.
        capture: what came out.
    """
    attempts = attempts_of(net, library, situations, challenge, capture)
    outcomes = {
        number: _outcome(one)
        for number, one in enumerate(attempts)
        if one.call.failure is None
    }
    first = attempts[0]
    before = slips_before(first) if first.call.failure else []
    cause = cause_of(first, before)
    if first.call.failure:
        works = any(_share(attempts[n].plan, o) == 1 for n, o in outcomes.items())
        if not (cause and works):
            return stopped(first, before, _slips_of(attempts, outcomes))
    placed = {_kind_of(one): one for one in before}
    wrong: list[str] = []
    share = 1.0
    tried: list[Tried] = []
    for number, one in enumerate(attempts):
        outcome = outcomes.get(number)
        if outcome is None:
            tried.append(Tried(one.shown, False))
            continue
        there = _share(one.plan, outcome)
        tried.append(Tried(one.shown, there == 1))
        if outcome.deviation and outcome.slips is None:
            wrong.append(outcome.deviation.message)
        if one.shown:
            share = there
        for slip in outcome.slips or ():
            found = one.placed(slip)
            placed.setdefault(_kind_of(found), found)
    if share == 0:
        message = f"{net.name} calls none of the functions that it is to be made of."
        return not_written(net.name, message)
    findings = _findings(net, list(placed.values()))
    if cause:
        findings = [with_failure(one, cause, first) for one in findings]
    if wrong and not findings:
        findings.append(_unexplained(net, wrong[0]))
    findings += _failures(net, attempts, placed.values())
    findings.sort(key=lambda finding: -finding.price)
    most, told = limited(net.name, findings, tried, check="")
    return Verdict(share, told, (), most)


def _kind_of(placed: PlacedSlip) -> tuple[str, str, str]:
    """What makes two slips, seen in two calls, the same."""
    slip = placed.slip
    return slip.kind, slip.key, slip.about


def _slips_of(
    attempts: Sequence[Attempt], outcomes: Mapping[int, CallOutcome]
) -> list[PlacedSlip]:
    return [
        attempts[number].placed(slip)
        for number, outcome in outcomes.items()
        for slip in outcome.slips or ()
    ]


def _outcome(one: Attempt) -> CallOutcome:
    call, plan = one.call, one.plan
    recorded = call.recorded.calls if call.recorded else ()
    functions = {called.function for called in recorded}
    slips = None
    if call.recorded is not None and functions == {c.function for c in plan.calls}:
        slips = compare_calls(plan, call.recorded, one.x, one.seed)
        # What its layers make, the stand-ins do not: these are variables of its own.
        slips += [
            CallSlip("extra", made.path, "create_var")
            for made in call.recorded.variables
        ]
        if not slips:
            return CallOutcome()
    deviation: Deviation | None = _NO_RESULT
    # Outputs do not show what changes them by less than their tolerance.
    fine = any(_is_kept(plan, slip) for slip in slips or ())
    if call.real is not None and not fine:
        deviation = first_deviation(plan, call.real, one.x, one.seed)
        if deviation is None:
            # By whatever calls, it gives what the specification gives.
            return CallOutcome()
    if call.recorded is not None and recorded and slips is None:
        slips = compare_calls(plan, call.recorded, one.x, one.seed)
    if slips is None and not (call.real and call.real.variables):
        slips = [CallSlip("missing", c.key, found=c.function) for c in plan.calls]
    return CallOutcome(None if slips is None else tuple(slips), deviation)


def _is_kept(plan: Plan, slip: CallSlip) -> bool:
    call = plan.by_key.get(slip.key)
    return call is not None and slip.about in call.callee.kept


def _share(plan: Plan, outcome: CallOutcome) -> float:
    """How much of what is to be written is there; below one half it counts.

    Of the calls, or of the variables where a function does without its calls.
    """
    if outcome.slips is None:
        part = outcome.deviation.made if outcome.deviation else 1.0
    else:
        missing = sum(slip.kind == "missing" for slip in outcome.slips)
        part = 1 - missing / len(plan.calls)
    return 1.0 if part >= 0.5 else part


def _findings(net: Net, placed: Sequence[PlacedSlip]) -> list[Finding]:
    groups: dict[tuple[str, ...], list[PlacedSlip]] = {}
    for one in without_consequences(placed):
        groups.setdefault(_group(one.slip), []).append(one)
    return [_finding(net, group) for group in groups.values()]


def _otherwise(slip: CallSlip) -> bool:
    """Whether the right tensor is given, and only something else is done with it."""
    flow = slip.kind == "source" and slip.about == "flow"
    return flow and slip.asked.keys == slip.found.keys


def _group(slip: CallSlip) -> tuple[str, ...]:
    """Slips that are charged as one: the same argument, the same ReLU left out."""
    if slip.kind == "source" and slip.about == "flow":
        # what is given to several calls in a loop is given once
        how = f"{slip.asked.how} {slip.found.how}" if _otherwise(slip) else ""
        return (slip.kind, how, *(() if how else map(str, slip.found.keys)))
    if slip.kind == "argument":
        return (slip.kind, slip.about)
    if slip.kind in ("missing", "path", "extra"):
        return (slip.kind,)
    return (slip.kind, slip.key)


def _finding(net: Net, group: Sequence[PlacedSlip]) -> Finding:
    # What shows under other arguments, too, is the same mistake.
    first = next((one for one in group if one.shown), group[0])
    group = [one for one in group if one.situation == first.situation]
    message = words.message(first) + words.others(first, group)
    check = net.wiring if first.slip.kind in ("source", "output") else net.calls
    return Finding(
        f"{net.name}-{check}",
        _price(net, first.slip, len(group)),
        net.name if first.call is None else first.slip.key,
        words.sentence(first),
        message,
        words.look(first),
        tuple(claim(one) for one in group),
    )


def _price(net: Net, slip: CallSlip, count: int) -> float:
    """What slips of a group cost together."""
    if slip.kind == "output":
        return _output_price(net, slip)
    kind = slip.kind
    if _otherwise(slip):
        kind = "squeeze" if "squeeze" in slip.asked.how else "relu"
    least, step, most = prices.CALLS[kind]
    return min(least + step * (count - 1), most)


def _output_price(net: Net, slip: CallSlip) -> float:
    if slip.found is None:
        return prices.UNTRACED
    fixed = next(output.price for output in net.outputs if output.name == slip.key)
    if fixed:
        return fixed
    if len(slip.asked.keys) == 2 and len(set(slip.found.keys)) == 1:
        return prices.LOST
    if "concatenation" in slip.found.how:
        return prices.LOST
    return prices.SUM if slip.found.how == "sum" else prices.OTHERWISE


def _unexplained(net: Net, problem: str) -> Finding:
    return Finding(
        f"{net.name}-{net.calls}",
        prices.UNEXPLAINED,
        net.name,
        "",
        f"{problem} {net.name} does not call the functions that the specification "
        "lists, or not in a way that can be recorded.",
        f"Build {net.name} from the functions that you have written.",
    )


def _failures(
    net: Net, attempts: Sequence[Attempt], placed: Iterable[PlacedSlip]
) -> list[Finding]:
    """Hidden calls that fail, unless what was seen explains them."""
    known = {(one.slip.kind, one.slip.about) for one in placed}
    for one in attempts:
        if one.call.failure is None:
            continue
        if any((slip.kind, slip.about) in known for slip in slips_until(one)):
            continue
        failed = failure(net, one.call, told=False)
        cause = cause_of(one, slips_before(one))
        if cause is not None:
            return [of_cause(one, cause, failed, prices.FAILS)]
        message = failed.message
        if one.situation:
            message = f"{one.situation}, {failed.clause}"
        check = f"{net.name}-{net.calls}"
        return [Finding(check, prices.FAILS, net.name, "", message, failed.look)]
    return []
