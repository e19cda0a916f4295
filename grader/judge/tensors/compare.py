"""Compares the calls that a function made with those that its specification lists."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from grader.judge.sample import Sample
from grader.judge.tensors.dataflow import Flow, gives, trace
from grader.judge.tensors.functions import TensorFunction
from grader.judge.tensors.plan import Plan, PlannedCall
from grader.judge.tensors.reading import Called, FunctionRun
from grader.judge.tensors.recorded import Traced, trace_calls
from grader.judge.tensors.rows import INPUT


@dataclass(frozen=True)
class CallSlip:
    """A difference from the plan.

    Attributes:
        kind: "missing", "extra", "argument", "path", "source" or "output".
        key: of the planned call, scope of another, or name of the output.
        about: an argument's name.
        asked: what the plan has.
        found: what was recorded.
        place: number of the recorded call; -1 for none.
        places: numbers of the recorded calls by the keys in `found`.
    """

    kind: str
    key: str
    about: str = ""
    asked: Any = None
    found: Any = None
    place: int = -1
    places: Mapping[str, int] = field(default_factory=dict, compare=False)


def compare_calls(
    plan: Plan, run: FunctionRun, x: np.ndarray, seed: str
) -> list[CallSlip]:
    """Returns the differences between a plan and a recorded run.

    Args:
        plan: the specification's.
        run: what was recorded.
        x: the function's input.
        seed: of the call, which the stand-ins' outputs were drawn from.
    """
    traced = trace_calls(run.calls, x.astype(np.float32), seed, plan.library)
    found = [
        _compare(plan, run, traced, pairs)
        for pairs in (_align(plan, run.calls, traced), _in_order(plan, run.calls))
    ]
    return min(found, key=_cost)


#: How much more a slip says than that a name is another: of two ways to see a
#: function the cheaper one is taken.
_WEIGHTS = {"path": 1, "argument": 1, "source": 3, "output": 4}


def _cost(slips: Sequence[CallSlip]) -> int:
    return sum(_WEIGHTS.get(slip.kind, 4) for slip in slips)


def _in_order(plan: Plan, calls: Sequence[Called]) -> dict[str, int]:
    """Takes each function's calls for its rows one by one, whatever their names."""
    pairs: dict[str, int] = {}
    for row in plan.calls:
        for number, called in enumerate(calls):
            if called.function == row.function and number not in pairs.values():
                pairs[row.key] = number
                break
    return pairs


def _compare(
    plan: Plan, run: FunctionRun, traced: Traced, pairs: dict[str, int]
) -> list[CallSlip]:
    labels = {number: label for label, number in pairs.items()}
    slips: list[CallSlip] = []
    for row in plan.calls:
        if row.key not in pairs:
            slips.append(CallSlip("missing", row.key, found=row.function))
            continue
        called = run.calls[pairs[row.key]]
        slips += _arguments(row, called)
    extra = [i for i in range(len(run.calls)) if i not in labels]
    for row in plan.calls:
        if row.key in pairs:
            sample = run.calls[pairs[row.key]].input
            slips += _source(plan, row, sample, pairs, labels, traced)
    slips += _extras(run.calls, extra, traced, labels)
    for name, flow in plan.outputs.items() if run.outputs else ():
        slips += _output(plan, name, flow, run, pairs, labels, traced)
    return [
        replace(slip, place=pairs.get(slip.key, slip.place), places=pairs)
        for slip in slips
    ]


def _align(plan: Plan, calls: Sequence[Called], traced: Traced) -> dict[str, int]:
    """Finds for each row the recorded call that is meant: by name, then by likeness."""
    pairs: dict[str, int] = {}
    paths = [(called.function, called.path) for called in calls]
    asked = [(row.function, row.path) for row in plan.calls]
    for row, own in zip(plan.calls, asked, strict=True):
        if paths.count(own) == 1 and asked.count(own) == 1:
            pairs[row.key] = paths.index(own)
    for row in plan.calls:
        if row.key in pairs:
            continue
        left = [
            i
            for i, called in enumerate(calls)
            if called.function == row.function and i not in pairs.values()
        ]
        if left:
            best = max(
                left, key=lambda i: (_likeness(row, i, calls[i], pairs, traced), -i)
            )
            pairs[row.key] = best
    return pairs


def _likeness(
    row: PlannedCall,
    number: int,
    called: Called,
    pairs: Mapping[str, int],
    traced: Traced,
) -> float:
    score = 3.0 * (called.path == row.path)
    score += sum(called.arguments.get(n) == v for n, v in row.arguments.items())
    flow = traced.flows[number]
    if flow is not None:
        sources = {pairs.get(str(key), key) for key in row.source.keys}
        score += 2.5 * (sources == set(flow.keys))
    return score


def _arguments(row: PlannedCall, called: Called) -> list[CallSlip]:
    slips = []
    for name, asked in row.arguments.items():
        found = called.arguments.get(name)
        if found is None and _strides_by_width(row.callee, name):
            width = called.arguments.get(row.callee.extent.width)
            if width != row.arguments[row.callee.extent.width]:
                continue
            asks = {**row.arguments, name: None}
            found, _ = row.callee.extent.of(_channels(called), asks)
        if found != asked:
            slips.append(CallSlip("argument", row.key, name, asked, found))
    if row.callee.scoped and called.path != row.path:
        slips.append(CallSlip("path", row.key, "scope", row.path, called.path))
    return slips


def _strides_by_width(callee: TensorFunction, name: str) -> bool:
    """Whether a parameter is a stride that follows from the channels, if not given."""
    return name == callee.extent.stride and callee.defaults.get(name, 1) is None


def _channels(called: Called) -> int:
    return called.input.shape[-1] if called.input.shape else 0


def _resolved(
    flow: Flow, labels: Mapping[int, str], traced: Traced
) -> tuple[Flow, bool] | None:
    """A flow in labels; calls that are no row's are passed through, and said so."""
    keys: list[Any] = []
    how, passed = flow.how, False
    for key in flow.keys:
        seen = 0
        while key != INPUT and key not in labels:
            inner = traced.flows.get(key)
            if inner is None or len(inner.keys) != 1 or seen > len(traced.flows):
                return None
            how = how or inner.how
            key, passed, seen = inner.keys[0], True, seen + 1
        keys.append(INPUT if key == INPUT else labels[key])
    return Flow(how, tuple(keys)), passed


def _expected(plan: Plan, flow: Flow, pairs: Mapping[str, int]) -> tuple[Flow, bool]:
    """A flow whose missing rows are passed through, and whether there were any."""
    planned = plan.by_key
    keys, how, passed = [], flow.how, False
    for key in flow.keys:
        while key != INPUT and key not in pairs:
            source = planned[str(key)].source
            how = how or (source.how if len(flow.keys) == 1 else "")
            key, passed = source.keys[0], True
        keys.append(key)
    return Flow(how, tuple(keys)), passed


def _is_likely(
    sample: Sample, asked: Flow, pairs: Mapping[str, int], traced: Traced
) -> bool:
    """Whether a tensor is what is asked for, whatever else it may be."""
    likely = Flow(asked.how, tuple(pairs.get(str(key), key) for key in asked.keys))
    return gives(likely, traced.values, sample)


def _source(
    plan: Plan,
    row: PlannedCall,
    sample: Sample,
    pairs: Mapping[str, int],
    labels: Mapping[int, str],
    traced: Traced,
) -> list[CallSlip]:
    number = pairs[row.key]
    asked, missing = _expected(plan, row.source, pairs)
    if _is_likely(sample, asked, pairs, traced):
        return []
    flow = traced.flows[number]
    if flow is None:
        return [CallSlip("source", row.key, "unknown", asked, None)]
    resolved = _resolved(flow, labels, traced)
    if resolved is None:
        return [CallSlip("source", row.key, "unknown", asked, None)]
    found, passed = resolved
    if found == asked:
        return []
    if found.keys == asked.keys and (passed or missing):
        # What lacks or is too much there has its own slip.
        return []
    return [CallSlip("source", row.key, "flow", asked, found)]


def _extras(
    calls: Sequence[Called],
    extra: Sequence[int],
    traced: Traced,
    labels: Mapping[int, str],
) -> list[CallSlip]:
    slips = []
    for number in extra:
        flow = traced.flows.get(number)
        resolved = _resolved(flow, labels, traced) if flow else None
        after = resolved[0] if resolved else None
        called = calls[number]
        slips.append(
            CallSlip("extra", called.path, called.function, None, after, number)
        )
    return slips


def _output(
    plan: Plan,
    name: str,
    flow: Flow,
    run: FunctionRun,
    pairs: Mapping[str, int],
    labels: Mapping[int, str],
    traced: Traced,
) -> list[CallSlip]:
    sample = run.outputs[name]
    asked, missing = _expected(plan, flow, pairs)
    likely = Flow(asked.how, tuple(pairs.get(str(k), k) for k in asked.keys))
    found = trace(sample, traced.values, traced.budget, [likely])
    if found is None:
        found = trace(sample, traced.values, traced.budget, sums=True)
    if found == likely:
        return []
    if found is None:
        return [CallSlip("output", name, "unknown", asked, None)]
    resolved = _resolved(found, labels, traced)
    if resolved is None:
        return [CallSlip("output", name, "unknown", asked, None)]
    own, passed = resolved
    same = own.how == asked.how and sorted(map(str, own.keys)) == sorted(
        map(str, asked.keys)
    )
    if same or (missing and set(own.keys) == set(asked.keys)):
        return []
    return [CallSlip("output", name, "passed" if passed else "flow", asked, own)]
