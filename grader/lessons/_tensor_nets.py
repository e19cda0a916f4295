"""Judges what lesson 3 composes of its layers: bottleneck, block and ResNet50."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.judge.finding import Finding
from grader.judge.plan import Plan, Row, Slip, compare
from grader.judge.tensors import Call, read_calls
from grader.judge.verdict import Verdict, nothing
from grader.judge.wording import names
from grader.lessons import _tensor_plans as plans
from grader.lessons import _tensor_real as real
from grader.lessons import _tensor_wording as wording
from grader.lessons._tensor_layers import call_input, failure


@dataclass(frozen=True)
class Net:
    """A composed function.

    Attributes:
        plan: from arguments and input channels to what it calls.
        calls: the check that wrong calls are charged to.
        wiring: the check that wrong wiring is charged to.
    """

    plan: Callable[[Mapping[str, Any], int], Plan]
    calls: str
    wiring: str


NETS = {
    "bottleneck": Net(plans.bottleneck, "calls", "wiring"),
    "block": Net(plans.block, "calls", "wiring"),
    "ResNet50": Net(plans.resnet50, "plan", "outputs"),
}
#: Price of the first slip of a kind, of each further one, and the most in all.
_PRICES: Mapping[str, tuple[float, float, float]] = {
    "missing": (4, 2, 12),
    "extra": (4, 1, 6),
    "argument": (3, 0.5, 6),
    "path": (2, 0.5, 4),
    "source": (5, 1, 8),
    "relu": (4, 1, 6),
    "squeeze": (3, 0, 3),
}
#: Of outputs, by how they come about.
_LOST, _OTHERWISE, _UNKNOWN = 10, 5, 8
_OUTPUTS = {"sum": 4.0, "logits": 3.0, "predictions": 3.0}
#: Of a call that fails while others do not.
_FAILS = 5


@dataclass(frozen=True)
class Seen:
    """A slip, and the call in which it shows first."""

    slip: Slip
    row: Row | None
    shown: bool
    situation: str


def judge_net(challenge: Mapping[str, Any], capture: Mapping[str, Any]) -> Verdict:
    """Judges a composed function's capture."""
    function = challenge["function"]
    net = NETS[function]
    calls = read_calls(challenge, capture)
    if all(call.failure for call in calls):
        message, look = failure(function, calls[0])
        return nothing(function, message, look)
    seen: dict[tuple[str, str, str], Seen] = {}
    wrong: list[str] = []
    share = 1.0
    for number, call in enumerate(calls):
        if call.failure is not None:
            continue
        slips, plan, problem = _judged(net, challenge["seed"], call)
        if problem:
            wrong.append(problem)
        if not number and slips is not None:
            share = min(share, _share(plan, slips))
        rows = {row.label: row for row in plan.rows}
        for slip in slips or ():
            row = rows.get(slip.label)
            situation = wording.SITUATIONS.get(call.asked["id"], "")
            own = Seen(slip, row, number == 0, situation)
            seen.setdefault((slip.kind, slip.label, slip.about), own)
    if share == 0:
        return nothing(
            function,
            f"{function} calls none of the functions that it is to be made of.",
            f"Write the part of {function} that is marked for your code.",
        )
    findings = _findings(function, net, list(seen.values()))
    if wrong and not findings:
        findings.append(_unexplained(function, net, wrong[0]))
    findings += _failures(function, net, calls)
    findings.sort(key=lambda finding: -finding.price)
    return Verdict(share, tuple(findings))


def _judged(net: Net, seed: str, call: Call) -> tuple[list[Slip] | None, Plan, str]:
    """The slips of a call, or what is wrong where nothing was recorded.

    A function that gives what the specification gives, by whatever calls, is right.
    """
    x = call_input(seed, call.asked)
    plan = net.plan(call.asked["arguments"], x.shape[-1])
    own = f"{seed}/{call.asked['id']}"
    slips = None
    if call.recorded is not None and call.recorded.calls:
        slips = compare(plan, call.recorded, x, own)
        if not slips:
            return [], plan, ""
    problem = "It gives no result that can be judged."
    if call.real is not None:
        problem = real.problem(plan, call.real, x, own)
        if not problem:
            return [], plan, ""
    if slips is None and not (call.real and call.real.variables):
        slips = [Slip("missing", row.label, found=row.function) for row in plan.rows]
    return slips, plan, problem


def _share(plan: Plan, slips: Sequence[Slip]) -> float:
    """How much of what is to be written is there; below one half it counts."""
    missing = sum(slip.kind == "missing" for slip in slips)
    part = 1 - missing / len(plan.rows)
    return 1.0 if part >= 0.5 else part


def _findings(function: str, net: Net, seen: Sequence[Seen]) -> list[Finding]:
    seen = wording.without_consequences(function, seen)
    groups: dict[tuple[str, ...], list[Seen]] = {}
    for own in seen:
        groups.setdefault(_group(own), []).append(own)
    return [_finding(function, net, group) for group in groups.values()]


def _group(own: Seen) -> tuple[str, ...]:
    """Slips that are charged as one: the same argument, the same ReLU left out."""
    slip = own.slip
    if slip.kind == "source" and slip.about == "flow":
        same = slip.asked.keys == slip.found.keys
        how = f"{slip.asked.how} {slip.found.how}" if same else slip.label
        return (slip.kind, how)
    if slip.kind == "argument":
        return (slip.kind, slip.about, str(own.shown))
    if slip.kind in ("missing", "path", "extra"):
        return (slip.kind, str(own.shown))
    return (slip.kind, slip.label)


def _finding(function: str, net: Net, group: Sequence[Seen]) -> Finding:
    first = group[0]
    slip, row = first.slip, first.row
    check = net.calls
    if slip.kind in ("source", "output"):
        check = net.wiring
    if slip.kind == "output":
        price = _output_price(slip)
    else:
        kind = slip.kind
        if kind == "source" and slip.about == "flow":
            if slip.asked.keys == slip.found.keys:
                kind = "squeeze" if "squeeze" in slip.asked.how else "relu"
        least, step, most = _PRICES[kind]
        price = min(least + step * (len(group) - 1), most)
    message = wording.message(first, function)
    others = [own.slip.label for own in group[1:] if own.slip.label != slip.label]
    if others:
        message += f" The same for {names(others)}."
    return Finding(
        f"{function}-{check}",
        price,
        slip.label if row is not None else function,
        row.sentence if row is not None else wording.OUTPUT_SENTENCES[function],
        message,
        wording.look(function, slip, row),
    )


def _output_price(slip: Slip) -> float:
    if slip.found is None:
        return _UNKNOWN
    if slip.label in _OUTPUTS:
        return _OUTPUTS[slip.label]
    if len(slip.asked.keys) == 2 and len(slip.found.keys) == 1:
        return _LOST
    if "concatenation" in slip.found.how:
        return _LOST
    return _OUTPUTS.get(slip.found.how, _OTHERWISE)


def _unexplained(function: str, net: Net, problem: str) -> Finding:
    return Finding(
        f"{function}-{net.calls}",
        _UNKNOWN,
        function,
        "",
        f"{problem} {function} makes none of the calls that the specification lists.",
        f"Build {function} from the functions that you have written.",
    )


def _failures(function: str, net: Net, calls: Sequence[Call]) -> list[Finding]:
    for number, call in enumerate(calls):
        if call.failure is not None:
            message, look = failure(function, call, told=number == 0)
            situation = wording.SITUATIONS.get(call.asked["id"], "")
            if situation:
                message = f"{situation}, {message}"
            check = f"{function}-{net.calls}"
            return [Finding(check, _FAILS, function, "", message, look)]
    return []
