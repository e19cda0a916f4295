"""Judges layers: functions on tensors that compute something themselves."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.judge.claim import Claim
from grader.judge.finding import Finding
from grader.judge.general import Tried, limited
from grader.judge.strict import CaptureError
from grader.judge.tensors.failures import failure
from grader.judge.tensors.functions import Layer
from grader.judge.tensors.layer_stops import (
    reason_of,
    stopped_calls,
    stops_as_shown,
)
from grader.judge.tensors.prices import BEHAVIOUR
from grader.judge.tensors.reading import (
    CapturedCall,
    FunctionRun,
    input_of,
    read_calls,
)
from grader.judge.tensors.results import wrong_results
from grader.judge.tensors.switches import Observation
from grader.judge.tensors.variables import Matched, variables_of
from grader.judge.verdict import Verdict, not_written, nothing
from grader.judge.words import shorten

_LARGEST = 1_000_000


def judge_layer(
    layer: Layer,
    points: Mapping[str, float],
    challenge: Mapping[str, Any],
    capture: Mapping[str, Any],
) -> Verdict:
    """Judges a layer's capture.

    Args:
        layer: its table.
        points: of its checks, by the last part of their ids.
        challenge: that it was captured under.
        capture: what came out.
    """
    calls = read_calls(challenge, capture)
    _demand_sense(calls)
    stopped = stopped_calls(layer, challenge["seed"], calls)
    parts: dict[str, list[Observation]] = {part.check: [] for part in layer.parts}
    variables: dict[tuple[str, str], Finding] = {}
    notes: dict[str, None] = {}
    tried: list[Tried] = []
    lacking: Verdict | None = None
    for number, call in enumerate(calls):
        if call.real is None:
            tried.append(Tried(number == 0, False))
            continue
        x = input_of(challenge["seed"], call.asked)
        matched = variables_of(layer, challenge["seed"], call, call.real, x)
        if _without_kernel(layer, matched):
            lacking = lacking or _without_weights(layer, matched, call, not number)
            tried.append(Tried(number == 0, False))
            continue
        tried.append(Tried(number == 0, not call.real.outputs["output"].is_of(x)))
        for key, finding in matched.findings.items():
            variables.setdefault(key, finding)
        notes |= dict.fromkeys(matched.notes)
        for part, observation in _observations(
            layer, challenge["seed"], call, call.real, matched, x
        ):
            parts[part].append(replace(observation, shown=number == 0))
    reason = reason_of(layer, parts, calls, stopped)
    if calls[0].failure:
        return stops_as_shown(layer, challenge["seed"], calls[0], reason)
    if lacking and not tried[0].works:
        return lacking
    if not any(call.works for call in tried):
        message = f"{layer.name} gives back its input as it is."
        return not_written(layer.name, message)
    findings = list(variables.values())
    if reason:
        findings.append(reason.finding(layer.name))
    else:
        findings += wrong_results(layer, points, parts)
        shapes = [about for kind, about in variables if kind == "shape"]
        findings += _failures(layer, points, calls, parts, known=bool(shapes))
    findings += lacking.findings if lacking else ()
    numbers = len(findings) > len(variables)
    findings.sort(key=lambda finding: -finding.price)
    check = "values" if "values" in parts else ""
    most, told = limited(layer.name, findings, tried, check=check)
    return Verdict(1.0, told, tuple(notes), most, numbers=numbers)


def _demand_sense(calls: Sequence[CapturedCall]) -> None:
    """Refuses variables that no layer on the challenges' small tensors asks for.

    Raises:
        CaptureError: if there is one.
    """
    for call in calls:
        for made in call.real.variables if call.real else call.made:
            if math.prod(made.shape) > _LARGEST:
                raise CaptureError(f"a variable has more than {_LARGEST} numbers")


def _without_kernel(layer: Layer, matched: Matched) -> bool:
    """Whether a layer does without what it computes with: its kernel, or all."""
    drawn = {v.name for v in layer.variables if v.initial is None}
    kernel = not drawn.isdisjoint(matched.missing)
    return kernel or bool(matched.missing and not matched.paths)


def _without_weights(
    layer: Layer, matched: Matched, call: CapturedCall, shown: bool
) -> Verdict:
    missing = " and ".join(f'"{name}"' for name in matched.missing)
    variables = call.real.variables if call.real else ()
    made = ", ".join(f'"{v.path}"' for v in variables[:4]) or "none"
    claim, call_id = "variable missing", call.asked["id"]
    lost = tuple(Claim(claim, call_id, name) for name in matched.missing)
    said = f"{layer.name} never asks create_var for {missing} (it made {shorten(made)})"
    if not shown:
        said = f"In other calls, {layer.name} does not ask create_var for {missing}"
    said += ": its variables are to come from the store."
    return nothing(layer.name, said, "Look at the calls of create_var.", claims=lost)


def _observations(
    layer: Layer,
    seed: str,
    call: CapturedCall,
    run: FunctionRun,
    matched: Matched,
    x: np.ndarray,
) -> Iterator[tuple[str, Observation]]:
    """A call's results, by the check that they are charged to."""
    arguments = layer.bound(call.asked["arguments"])

    def compute(**options: Any) -> Mapping[str, np.ndarray]:
        return layer.program(x, matched.values, arguments, **options)

    def given_values(values: Mapping[str, np.ndarray]) -> Mapping[str, np.ndarray]:
        return layer.program(x, values, arguments)

    own = f"{seed}/{call.asked['id']}"

    def captured(name: str) -> np.ndarray:
        path = matched.paths.get(name)
        sample = run.after(path, own) if path else run.outputs[name]
        return sample.whole.astype(np.float64)

    there = {*run.outputs, *matched.paths}
    given = frozenset(call.asked["arguments"])
    for part in layer.parts:
        if part.applies(arguments):
            results = {name: captured(name) for name in part.results if name in there}
            yield (
                part.check,
                Observation(
                    compute,
                    results,
                    given,
                    values=matched.values,
                    given_values=given_values,
                    call=call.asked["id"],
                ),
            )


def _failures(
    layer: Layer,
    points: Mapping[str, float],
    calls: Sequence[CapturedCall],
    parts: Mapping[str, Sequence[Observation]],
    *,
    known: bool,
) -> list[Finding]:
    """Charges hidden calls that fail: all of a check of which none is left.

    Args:
        layer: its table.
        points: of its checks.
        calls: of the challenge.
        parts: what those that did not fail gave, by check.
        known: whether a variable is known to have another shape, which explains them.
    """
    number = next((n for n, call in enumerate(calls) if call.failure), None)
    if number is None:
        return []
    failed = failure(layer, calls[number], told=False)
    message = failed.under_other_arguments
    prices = {check: points[check] for check, found in parts.items() if not found}
    prices = prices or ({} if known else {layer.parts[0].check: BEHAVIOUR})
    return [
        Finding(f"{layer.name}-{check}", price, layer.name, "", message, failed.look)
        for check, price in prices.items()
    ]
