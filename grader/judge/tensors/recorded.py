"""What recorded calls were given and gave: each tensor by the call that it is from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.challenge import stand_in
from grader.judge.strict import CaptureError
from grader.judge.tensors.dataflow import Budget, Flow, trace, value
from grader.judge.tensors.reading import Called
from grader.judge.tensors.rows import INPUT, Library

_MOST_SIZE = 20_000_000
_MOST_HELD = 40_000_000


@dataclass
class Traced:
    """The recorded calls: what they gave, and where they got it from."""

    values: dict[Any, np.ndarray] = field(default_factory=dict)
    budget: Budget = field(default_factory=Budget)
    flows: dict[int, Flow | None] = field(default_factory=dict)


def trace_calls(
    calls: Sequence[Called], x: np.ndarray, seed: str, library: Library
) -> Traced:
    """Traces each call's input, and computes what its stand-in gave.

    Args:
        calls: as they were recorded.
        x: the function's input.
        seed: of the call, which the stand-ins' outputs were drawn from.
        library: the functions whose place a stand-in can have taken.

    Raises:
        CaptureError: if they give more numbers than can be held.
    """
    traced, held = Traced({INPUT: x}), x.size
    for number, called in enumerate(calls):
        flow = trace(called.input, traced.values, traced.budget)
        if flow is None:
            flow = trace(called.input, traced.values, traced.budget, sums=True)
        traced.flows[number] = flow
        if flow is not None:
            given = value(flow, traced.values)
        elif called.input.step == 1:
            given = called.input.whole
        else:
            continue
        output = _given_back(called, given, seed, number, library)
        if output is not None:
            traced.values[number] = output
            held += output.size
        if held > _MOST_HELD:
            raise CaptureError("the recorded calls give more than can be held")
    return traced


def _given_back(
    called: Called, x: np.ndarray, seed: str, place: int, library: Library
) -> np.ndarray | None:
    """What a recorded call gave; None where its arguments give nothing."""
    if called.function not in library or x.ndim not in (1, 2, 4):
        return None
    extent, channels = library[called.function].extent, x.shape[-1]
    try:
        stride, width = extent.of(channels, called.arguments)
    except ValueError:
        return None
    if channels < 1 or x.size // channels * width > _MOST_SIZE:
        return None
    return stand_in(seed, place, x, stride, width, valid=extent.valid)
