"""A layer whose calls fail: what made them do so."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial

from grader.challenge import named_weight
from grader.judge.finding import Finding
from grader.judge.tensors.failures import because, failure
from grader.judge.tensors.functions import Layer
from grader.judge.tensors.reading import CapturedCall, FunctionRun, input_of
from grader.judge.tensors.switches import Observation, Stop, Switch, agrees
from grader.judge.tensors.variables import asked_of, variables_of
from grader.judge.verdict import Verdict, failed_call, nothing


def stops_as_shown(
    layer: Layer, seed: str, call: CapturedCall, reason: Switch | None
) -> Verdict:
    """A function that fails where the lesson shows it earns nothing."""
    failed = failure(layer, call)
    cause = reason.finding(layer.name) if reason else _of_shapes(layer, seed, call)
    if cause is None:
        return failed_call(layer.name, failed)
    told = because(cause.message, cause.look, failed)
    verdict = nothing(layer.name, told.message, told.look, told.brief, cause.claims)
    finding = replace(verdict.findings[0], sentence=cause.sentence)
    return replace(verdict, findings=(finding,))


def _of_shapes(layer: Layer, seed: str, call: CapturedCall) -> Finding | None:
    """A variable of another shape that was asked for before a call failed."""
    run, x = FunctionRun({}, call.made, {}), input_of(seed, call.asked)
    found = variables_of(layer, seed, call, run, x).findings.items()
    return next((finding for (kind, _), finding in found if kind == "shape"), None)


def stopped_calls(
    layer: Layer, seed: str, calls: Sequence[CapturedCall]
) -> list[Observation]:
    """The calls that failed with an error, with the variables that are asked for."""
    found = []
    for call in calls:
        error = call.failure[1].get("error") if call.failure else None
        if not isinstance(error, Mapping):
            continue
        x, own = input_of(seed, call.asked), f"{seed}/{call.asked['id']}"
        arguments = layer.bound(call.asked["arguments"])
        asked = asked_of(layer, x.shape[-1], arguments)
        values = {v.name: named_weight(own, v.name, v.shape) for v in asked}
        found.append(
            Observation(
                partial(layer.program, x, values, arguments),
                {},
                stop=Stop.of(str(error.get("message", "")), x.shape),
                kept={v.name: v.shape for v in asked if not v.variable.trainable},
            )
        )
    return found


def reason_of(
    layer: Layer,
    parts: Mapping[str, Sequence[Observation]],
    calls: Sequence[CapturedCall],
    stopped: Sequence[Observation],
) -> Switch | None:
    """The one mistake that explains all results and all errors, if there is one."""
    if not stopped or len(stopped) < sum(call.failure is not None for call in calls):
        return None
    every = [*stopped, *(one for found in parts.values() for one in found)]
    fits = [s for s in layer.stopping if all(agrees(one, (s,)) for one in every)]
    # Two that fit could not be told apart: neither is known to be the mistake.
    return fits[0] if len({switch.message for switch in fits}) == 1 else None
