"""What was captured of a function on tensors, read strictly.

See `grader.capture.tensors`, which writes it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.challenge import call_input, named_weight
from grader.judge.calls import paired_calls
from grader.judge.sample import Sample, read_sample
from grader.judge.strict import CaptureError, is_exactly

MAX_VARIABLES = 600
MAX_CALLS = 200
MAX_AXES = 6
MAX_AXIS = 100_000
MAX_SIZE = 30_000_000
MAX_PARAMETERS = 100_000_000
MAX_TEXT = 400
MAX_ARGUMENT = 100_000


@dataclass(frozen=True)
class Made:
    """A variable that was asked for, with a sample of its initial value."""

    path: str
    trainable: bool
    requests: int
    initializer: Mapping[str, Any] | None
    initial: Sample

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        return self.initial.shape

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class Called:
    """A recorded call; `path` is that of its scope."""

    function: str
    arguments: Mapping[str, int | float | bool | None]
    path: str
    input: Sample


@dataclass(frozen=True)
class FunctionRun:
    """One run of a function.

    Attributes:
        outputs: by name.
        variables: that were asked for.
        changed: values after the call by path, of the variables that no longer have
            the value that the challenge gave them.
        calls: that were recorded.
    """

    outputs: Mapping[str, Sample]
    variables: tuple[Made, ...]
    changed: Mapping[str, Sample]
    calls: tuple[Called, ...] = ()

    def after(self, path: str, seed: str) -> Sample:
        """A variable's value after the call.

        Args:
            path: of one of `variables`.
            seed: of the call, which the challenge's values were drawn from.
        """
        if path in self.changed:
            return self.changed[path]
        shape = next(made.shape for made in self.variables if made.path == path)
        return Sample(shape, 1, named_weight(seed, path, shape).reshape(-1))


@dataclass(frozen=True)
class CapturedCall:
    """What came of one call of a challenge.

    Attributes:
        asked: the challenge's call.
        recorded: with stand-ins for what the function calls.
        real: with the learner's own functions.
        failure: status and details, where neither is there.
        partial: the calls that were recorded before it failed.
        made: the variables that were asked for until then.
    """

    asked: Mapping[str, Any]
    recorded: FunctionRun | None = None
    real: FunctionRun | None = None
    failure: tuple[str, Mapping[str, Any]] | None = None
    partial: tuple[Called, ...] = ()
    made: tuple[Made, ...] = ()


def read_calls(
    challenge: Mapping[str, Any], capture: Mapping[str, Any]
) -> list[CapturedCall]:
    """Reads the calls of a capture, in the order of the challenge.

    Raises:
        CaptureError: if they are not of the form that the capture writes.
    """
    return [
        _call(call, own, challenge["returns"])
        for call, own in paired_calls(challenge, capture)
    ]


def input_of(seed: str, asked: Mapping[str, Any]) -> np.ndarray:
    """The input of a call, as the capture draws it, in float64."""
    x = call_input(seed, asked["id"], asked["batch"], asked["input_shape"])
    scale, shift = asked.get("scale", 1), asked.get("shift", 0)
    return (x * np.float32(scale) + np.float32(shift)).astype(np.float64)


def _call(
    asked: Mapping[str, Any], own: Mapping[str, Any], returns: list[str]
) -> CapturedCall:
    if own.get("status") != "captured":
        return CapturedCall(
            asked,
            failure=(str(own.get("status")), own),
            partial=_calls(own.get("calls", [])),
            made=_variables(own.get("variables", [])),
        )
    runs = is_exactly(own.get("runs"), dict, "the runs")
    recorded, real = (
        _run(runs[name], returns) if name in runs else None
        for name in ("recorded", "real")
    )
    if recorded is None and real is None:
        raise CaptureError(f"the call {asked['id']!r} was not run")
    return CapturedCall(asked, recorded, real)


def _text(value: Any, what: str) -> str:
    if len(is_exactly(value, str, what)) > MAX_TEXT:
        raise CaptureError(f"{what} is too long")
    return value


def _run(data: Any, returns: list[str]) -> FunctionRun:
    is_exactly(data, dict, "a run")
    outputs = is_exactly(data.get("outputs"), dict, "the outputs")
    changed = is_exactly(data.get("changed"), dict, "the values after the call")
    if list(outputs) != list(returns):
        raise CaptureError(f"the outputs are not {returns}")
    variables = _variables(data.get("variables"))
    if not set(changed) <= {variable.path for variable in variables}:
        raise CaptureError("the paths of the variables do not fit")
    return FunctionRun(
        {name: _sample(value) for name, value in outputs.items()},
        variables,
        {path: _sample(value) for path, value in changed.items()},
        _calls(data.get("calls")),
    )


def _calls(data: Any) -> tuple[Called, ...]:
    calls = is_exactly(data, list, "the recorded calls")
    if len(calls) > MAX_CALLS:
        raise CaptureError(f"more than {MAX_CALLS} calls")
    return tuple(_called(entry) for entry in calls)


def _variables(data: Any) -> tuple[Made, ...]:
    made = is_exactly(data, list, "the variables")
    if len(made) > MAX_VARIABLES:
        raise CaptureError(f"more than {MAX_VARIABLES} variables")
    variables = tuple(_made(entry) for entry in made)
    if len({variable.path for variable in variables}) < len(variables):
        raise CaptureError("the paths of the variables do not fit")
    if sum(math.prod(v.shape) for v in variables) > MAX_PARAMETERS:
        raise CaptureError(f"more than {MAX_PARAMETERS} parameters")
    return variables


def _made(data: Any) -> Made:
    is_exactly(data, dict, "a variable")
    initializer = data.get("initializer")
    if initializer is not None:
        is_exactly(initializer, dict, "an initializer")
    requests = is_exactly(data.get("requests"), int, "the number of requests")
    return Made(
        _text(data.get("path"), "a path"),
        is_exactly(data.get("trainable"), bool, "trainable"),
        requests,
        initializer,
        _sample(data.get("initial")),
    )


def _called(data: Any) -> Called:
    is_exactly(data, dict, "a recorded call")
    arguments = is_exactly(data.get("arguments"), dict, "the arguments")
    if len(arguments) > MAX_AXES * 2:
        raise CaptureError("a call has too many arguments")
    for name, value in arguments.items():
        _text(name, "an argument's name")
        if value is not None and type(value) not in (bool, int, float):
            raise CaptureError(f"the argument {name!r} is no number")
        if value is not None and not abs(value) <= MAX_ARGUMENT:
            raise CaptureError(f"the argument {name!r} is larger than {MAX_ARGUMENT}")
    return Called(
        _text(data.get("function"), "a function's name"),
        dict(arguments),
        _text(data.get("path"), "a path"),
        _sample(data.get("input")),
    )


def _sample(data: Any) -> Sample:
    sample = read_sample(data)
    if len(sample.shape) > MAX_AXES or sample.size > MAX_SIZE:
        raise CaptureError(f"more than {MAX_AXES} axes or {MAX_SIZE} values")
    if any(size > MAX_AXIS for size in sample.shape):
        raise CaptureError(f"a size is larger than {MAX_AXIS}")
    return sample
