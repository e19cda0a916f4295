"""Judges what lesson 3 composes of its layers: bottleneck, block and ResNet50."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.judge.finding import Finding
from grader.judge.general import Tried, limited
from grader.judge.plan import Plan, Row, Slip, compare
from grader.judge.tensors import Call, Run, read_calls
from grader.judge.verdict import Verdict, nothing
from grader.judge.words import names
from grader.lessons import _tensor_plans as plans
from grader.lessons import _tensor_real as real
from grader.lessons import _tensor_wording as wording
from grader.lessons._tensor_failures import failure
from grader.lessons._tensor_layers import call_input


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
_NO_RESULT = real.Problem("It gives no result that can be judged.", 0.0)


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
        return nothing(function, _with_cause(message, net, challenge, calls[0]), look)
    seen: dict[tuple[str, str, str], Seen] = {}
    wrong: list[str] = []
    share = 1.0
    tried: list[Tried] = []
    for number, call in enumerate(calls):
        if call.failure is not None:
            tried.append(Tried(number == 0, False))
            continue
        slips, plan, problem = _judged(net, challenge["seed"], call)
        there = _share(plan, slips, problem)
        tried.append(Tried(number == 0, there == 1))
        if problem and slips is None:
            wrong.append(problem.message)
        if not number:
            share = there
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
    findings += _failures(net, challenge, calls, seen)
    findings.sort(key=lambda finding: -finding.price)
    most, told = limited(function, findings, tried, check="")
    return Verdict(share, told, (), most)


def _judged(
    net: Net, seed: str, call: Call
) -> tuple[list[Slip] | None, Plan, real.Problem | None]:
    """The slips of a call, and what is wrong with what it gives; None if nothing is.

    The slips are None where nothing was recorded.
    """
    x = call_input(seed, call.asked)
    plan = net.plan(call.asked["arguments"], x.shape[-1])
    own = f"{seed}/{call.asked['id']}"
    recorded = call.recorded.calls if call.recorded else ()
    functions = {called.function for called in recorded}
    as_listed = functions == {row.function for row in plan.rows}
    slips = None
    if call.recorded is not None and as_listed:
        slips = compare(plan, call.recorded, x, own)
        # What its layers make, the stand-ins do not: these are variables of its own.
        slips += [
            Slip("extra", made.path, "create_var") for made in call.recorded.variables
        ]
        if not slips:
            return [], plan, None
    problem: real.Problem | None = _NO_RESULT
    # Outputs do not show what changes them by less than their tolerance.
    fine = any(slip.about in ("decay", "epsilon") for slip in slips or ())
    if call.real is not None and not fine:
        problem = real.problem(plan, call.real, x, own)
        if problem is None:
            # By whatever calls, it gives what the specification gives.
            return [], plan, None
    if call.recorded is not None and recorded and slips is None:
        slips = compare(plan, call.recorded, x, own)
    if slips is None and not (call.real and call.real.variables):
        slips = [Slip("missing", row.label, found=row.function) for row in plan.rows]
    return slips, plan, problem


def _share(
    plan: Plan, slips: Sequence[Slip] | None, problem: real.Problem | None
) -> float:
    """How much of what is to be written is there; below one half it counts.

    Of the calls, or of the variables where a function does without its calls.
    """
    if slips is None:
        part = problem.made if problem else 1.0
    else:
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
        return (slip.kind, slip.about)
    if slip.kind in ("missing", "path", "extra"):
        return (slip.kind,)
    return (slip.kind, slip.label)


def _finding(function: str, net: Net, group: Sequence[Seen]) -> Finding:
    # What shows under other arguments, too, is the same mistake.
    first = next((own for own in group if own.shown), group[0])
    group = [own for own in group if own.situation == first.situation]
    slip, row = first.slip, first.row
    check = net.calls
    if slip.kind in ("source", "output"):
        check = net.wiring
    if slip.kind == "output":
        price = _output_price(slip)
    else:
        kind = slip.kind
        how = slip.about == "flow" and slip.asked.keys == slip.found.keys
        if kind == "source" and how:
            kind = "squeeze" if "squeeze" in slip.asked.how else "relu"
        least, step, most = _PRICES[kind]
        price = min(least + step * (len(group) - 1), most)
    message = wording.message(first, function)
    others = [own.slip.label.rpartition("/")[2] for own in group[1:]]
    if others:
        message += f" The same for {names(others)}."
    return Finding(
        f"{function}-{check}",
        price,
        slip.label if row is not None else function,
        wording.sentence(function, slip, row),
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


def _partial(
    net: Net, challenge: Mapping[str, Any], call: Call
) -> list[tuple[Slip, Row | None]]:
    """What differs in the calls that were made before a function failed."""
    if not call.partial:
        return []
    x = call_input(challenge["seed"], call.asked)
    plan = net.plan(call.asked["arguments"], x.shape[-1])
    own = f"{challenge['seed']}/{call.asked['id']}"
    slips = compare(plan, Run({}, (), {}, call.partial), x, own)
    made = [row.label for row in plan.rows]
    missing = {slip.label for slip in slips if slip.kind == "missing"}
    while made and made[-1] in missing:
        # What comes after the failure was never reached.
        missing.discard(made.pop())
    rows = {row.label: row for row in plan.rows}
    return [
        (slip, rows.get(slip.label))
        for slip in slips
        if slip.kind != "missing" or slip.label in missing
    ]


def _with_cause(
    message: str, net: Net, challenge: Mapping[str, Any], call: Call
) -> str:
    """Adds what differs before the failure."""
    for slip, row in _partial(net, challenge, call):
        text = wording.message(Seen(slip, row, True, ""), challenge["function"])
        return f"{message.rstrip(' .')}. Before that, {text[0].lower() + text[1:]}"
    return message


def _failures(
    net: Net,
    challenge: Mapping[str, Any],
    calls: Sequence[Call],
    seen: Mapping[tuple[str, str, str], Seen],
) -> list[Finding]:
    """Calls that fail where others do not, unless what was seen explains them."""
    function = challenge["function"]
    for number, call in enumerate(calls):
        if call.failure is None:
            continue
        slips = [slip for slip, _ in _partial(net, challenge, call)]
        known = {(kind, about) for kind, _, about in seen}
        if any((slip.kind, slip.about) in known for slip in slips):
            continue
        message, look = failure(function, call, told=number == 0)
        if number == 0:
            message = _with_cause(message, net, challenge, call)
        situation = wording.SITUATIONS.get(call.asked["id"], "")
        if situation:
            message = f"{situation}, {message}"
        return [Finding(f"{function}-{net.calls}", _FAILS, function, "", message, look)]
    return []
