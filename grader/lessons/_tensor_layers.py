"""Judges the layers of lesson 3: conv2d, batch_norm, avg_pool, max_pool and fc."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader import stream
from grader.judge.finding import Finding
from grader.judge.general import Tried, limited
from grader.judge.strict import CaptureError
from grader.judge.switches import Switch, Trial, agrees, explain, left_out
from grader.judge.tensors import Call, Run, read_calls
from grader.judge.verdict import Verdict, nothing
from grader.judge.words import shorten
from grader.lessons import _tensor_mistakes as known
from grader.lessons import _tensor_programs as programs
from grader.lessons._tensor_failures import failure
from grader.lessons._tensor_variables import Asked, Matched, match_variables

#: Price of a call with other arguments that fails.
BEHAVIOUR = 3
_LARGEST = 1_000_000


@dataclass(frozen=True)
class Layer:
    """A layer's specification.

    Attributes:
        name: of the function.
        scope: its default, None where the argument has to be given.
        defaults: of the other arguments.
        program: what it computes.
        variables: from the input's channels and the arguments to what is asked for.
        switches: known mistakes.
        checks: points of the checks that results are charged to.
    """

    name: str
    scope: str | None
    defaults: Mapping[str, Any]
    program: Callable[..., Mapping[str, np.ndarray]]
    variables: Callable[[int, Mapping[str, Any]], Sequence[Asked]]
    switches: Sequence[Switch]
    checks: Mapping[str, float]


def _kernel(channels: int, call: Mapping[str, Any]) -> list[Asked]:
    size, outputs = call["kernel_size"], call["num_outputs"]
    written = "[kernel_size, kernel_size, num_inputs, num_outputs]"
    return [Asked("kernel", (size, size, channels, outputs), written, None)]


def _dense(channels: int, call: Mapping[str, Any]) -> list[Asked]:
    outputs = call["num_outputs"]
    return [
        Asked("weight", (channels, outputs), "[num_inputs, num_outputs]", None),
        Asked("bias", (outputs,), "[num_outputs]", 0.0),
    ]


def _norm(channels: int, call: Mapping[str, Any]) -> list[Asked]:
    shape, written = (channels,), "[num_inputs]"
    return [
        Asked("beta", shape, written, 0.0),
        Asked("gamma", shape, written, 1.0),
        Asked("moving_mean", shape, written, 0.0, trainable=False),
        Asked("moving_variance", shape, written, 1.0, trainable=False),
    ]


def _none(channels: int, call: Mapping[str, Any]) -> list[Asked]:
    return []


LAYERS = {
    layer.name: layer
    for layer in (
        Layer("conv2d", "conv2d", {"stride": 1}, programs.conv2d, _kernel,
              known.CONV2D, {"values": 6}),
        Layer("batch_norm", "batch_norm",
              {"decay": 0.999, "epsilon": 1e-3, "is_training": True},
              programs.batch_norm, _norm, known.BATCH_NORM,
              {"training": 5, "moving": 6, "inference": 4}),
        Layer("avg_pool", None, {}, programs.avg_pool, _none, known.AVG_POOL,
              {"values": 5}),
        Layer("max_pool", None, {}, programs.max_pool, _none, known.MAX_POOL,
              {"values": 5}),
        Layer("fc", "fc", {}, programs.fc, _dense, known.FC, {"values": 6}),
    )
}  # fmt: skip


def judge_layer(challenge: Mapping[str, Any], capture: Mapping[str, Any]) -> Verdict:
    """Judges a layer's capture."""
    layer = LAYERS[challenge["function"]]
    calls = read_calls(challenge, capture)
    if all(call.failure for call in calls):
        message, look = failure(layer.name, calls[0])
        return nothing(layer.name, message, look)
    _demand_sense(calls)
    parts: dict[str, list[Trial]] = {part: [] for part in layer.checks}
    variables: dict[tuple[str, ...], Finding] = {}
    notes: dict[str, None] = {}
    tried: list[Tried] = []
    lacking: Verdict | None = None
    for number, call in enumerate(calls):
        if call.real is None:
            tried.append(Tried(number == 0, False))
            continue
        matched, x = _matched(layer, challenge["seed"], call, call.real)
        weights = "kernel" in matched.missing or "weight" in matched.missing
        if weights or (matched.missing and not matched.paths):
            lacking = lacking or _without_weights(layer, matched, call.real)
            tried.append(Tried(number == 0, False))
            continue
        tried.append(Tried(number == 0, not call.real.outputs["output"].is_of(x)))
        for key, finding in matched.findings.items():
            variables.setdefault(key, finding)
        notes |= dict.fromkeys(matched.notes)
        for part, trial in _trials(layer, challenge["seed"], call, matched, x):
            parts[part].append(trial)
    if lacking and not tried[0].works:
        return lacking
    if not any(call.works for call in tried):
        message = f"{layer.name} gives back its input as it is."
        return nothing(layer.name, message, f"Write the part of {layer.name} that is "
                       "marked for your code.")  # fmt: skip
    findings = [*variables.values(), *_values(layer, parts)]
    findings += _failures(layer, calls, parts)
    findings += lacking.findings if lacking else ()
    findings.sort(key=lambda finding: -finding.price)
    first = "" if layer.name == "batch_norm" else "values"
    most, told = limited(layer.name, findings, tried, check=first)
    return Verdict(1.0, told, tuple(notes), most)


def _demand_sense(calls: Sequence[Call]) -> None:
    """Refuses variables that no layer on the challenges' small tensors asks for.

    Raises:
        CaptureError: if there is one.
    """
    for call in calls:
        for made in call.real.variables if call.real else ():
            if math.prod(made.shape) > _LARGEST:
                raise CaptureError(f"a variable has more than {_LARGEST} numbers")


def _without_weights(layer: Layer, matched: Matched, run: Run) -> Verdict:
    missing = " and ".join(f'"{name}"' for name in matched.missing)
    made = ", ".join(f'"{v.path}"' for v in run.variables[:4]) or "none"
    return nothing(
        layer.name,
        f"{layer.name} never asks create_var for {missing} (it made {shorten(made)}): "
        "its variables are to come from the store.",
        "Look at the calls of create_var.",
    )


def _matched(
    layer: Layer, seed: str, call: Call, run: Run
) -> tuple[Matched, np.ndarray]:
    arguments = {**layer.defaults, **call.asked["arguments"]}
    scope = arguments.get("scope", layer.scope)
    x = call_input(seed, call.asked)
    asked = layer.variables(x.shape[-1], arguments)
    own = f"{seed}/{call.asked['id']}"
    return match_variables(layer.name, str(scope), asked, run, own), x


def call_input(seed: str, asked: Mapping[str, Any]) -> np.ndarray:
    """The input of a call, as the capture draws it, in float64."""
    x = stream.call_input(seed, asked["id"], asked["batch"], asked["input_shape"])
    scale, shift = asked.get("scale", 1), asked.get("shift", 0)
    return (x * np.float32(scale) + np.float32(shift)).astype(np.float64)


def _trials(
    layer: Layer, seed: str, call: Call, matched: Matched, x: np.ndarray
) -> list[tuple[str, Trial]]:
    """A call's results, by the check that they are charged to."""
    arguments, run = {**layer.defaults, **call.asked["arguments"]}, call.real
    assert run is not None

    def compute(**options: Any) -> Mapping[str, np.ndarray]:
        return layer.program(x, matched.values, arguments, **options)

    output = {"output": run.outputs["output"].whole.astype(np.float64)}
    own = f"{seed}/{call.asked['id']}"
    moving = {
        role: run.after(path, own).whole.astype(np.float64)
        for role, path in matched.paths.items()
        if role.startswith("moving_")
    }
    given = frozenset(call.asked["arguments"])
    if layer.name != "batch_norm":
        return [("values", Trial(compute, output, given))]
    if not arguments["is_training"]:
        return [("inference", Trial(compute, {**output, **moving}, given))]
    return [
        ("training", Trial(compute, output, given)),
        ("moving", Trial(compute, moving, given)),
    ]


def _values(layer: Layer, parts: Mapping[str, Sequence[Trial]]) -> list[Finding]:
    every = [trial for trials in parts.values() for trial in trials]
    found = explain(every, layer.switches)
    if found is not None:
        return _once(layer, found)
    argument = left_out(every, list(layer.defaults), lambda name: name == "is_training")
    if argument:
        return [_default(layer, argument)]
    switches: dict[tuple[str, str], Switch] = {}
    findings = []
    for part, trials in parts.items():
        if all(agrees(trial) for trial in trials):
            continue
        own = explain(trials, layer.switches)
        if own is None:
            findings.append(_unexplained(layer, part))
        else:
            switches |= {(s.name, str(s.value)): s for s in own}
    return findings + _once(layer, tuple(switches.values()))


def _once(layer: Layer, switches: Sequence[Switch]) -> list[Finding]:
    return [s.finding(layer.name) for s in switches if s.price]


def _default(layer: Layer, argument: str) -> Finding:
    check = "moving" if argument == "decay" else next(iter(layer.checks))
    return Finding(
        f"{layer.name}-{check}",
        BEHAVIOUR,
        layer.name,
        f"The arguments of {layer.name} have the defaults that the lesson gives.",
        f"Where {argument} is not given, the result is another than where it is: the "
        f"default of {argument} is not as it was given.",
        f"Look at the line `def {layer.name}(...)`.",
    )


_PART_WORDS = {
    "values": "The output is not what the specification gives for the same input and "
    "the same variables.",
    "training": "In training the output is not gamma (x - mean) / sqrt(variance + "
    "epsilon) + beta with mean and variance of the batch.",
    "moving": "After a call in training, moving_mean and moving_variance have other "
    "values than the specification gives.",
    "inference": "In inference the output is not what moving_mean and "
    "moving_variance give, or they do not stay as they are.",
}


def _unexplained(layer: Layer, part: str) -> Finding:
    return Finding(
        f"{layer.name}-{part}",
        layer.checks[part],
        layer.name,
        "",
        _PART_WORDS[part],
        "Compare what you print with the lesson's numbers, then line by line with the "
        "specification.",
    )


def _failures(
    layer: Layer, calls: Sequence[Call], parts: Mapping[str, Sequence[Trial]]
) -> list[Finding]:
    """Charges calls that fail: all of a check of which no call is left to judge."""
    number = next((n for n, call in enumerate(calls) if call.failure), None)
    if number is None:
        return []
    message, look = failure(layer.name, calls[number], told=number == 0)
    if number:
        message = f"Called with other arguments than those shown, {message}"
    prices = {p: layer.checks[p] for p, trials in parts.items() if not trials}
    prices = prices or {next(iter(layer.checks)): BEHAVIOUR}
    return [
        Finding(f"{layer.name}-{part}", price, layer.name, "", message, look)
        for part, price in prices.items()
    ]
