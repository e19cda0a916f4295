"""What a recorded call was given: which earlier results, joined in which way.

The outputs of stand-ins are known, so that each captured input and output can be
traced to them: `relu(a + b)`, `relu(a) + b`, `a` alone, and what else people write.
"""

import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.judge import activations
from grader.judge.sample import Sample, close

#: A recorded call by its number, or a name such as "x".
Key = Any


def _squeeze(x: np.ndarray) -> np.ndarray:
    if x.ndim != 4 or x.shape[1:3] != (1, 1):
        raise ValueError("there is nothing to squeeze")
    return x[:, 0, 0]


def _squeeze_all(x: np.ndarray) -> np.ndarray:
    if 1 not in x.shape:
        raise ValueError("there is nothing to squeeze")
    return np.squeeze(x)


def _relu(x: np.ndarray) -> np.ndarray:
    return np.maximum(x, 0)


#: What one tensor can become, the likeliest first.
UNARY: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "": lambda x: x,
    "relu": _relu,
    "squeeze": _squeeze,
    "relu squeeze": lambda x: _relu(_squeeze(x)),
    "squeeze all": _squeeze_all,
    "mean": lambda x: x.mean(axis=(1, 2)),
    "softmax": activations.softmax,
    "softmax squeeze": lambda x: activations.softmax(_squeeze(x)),
    "softmax over the batch": lambda x: activations.softmax(x, 0),
    "log_softmax": lambda x: np.log(activations.softmax(x)),
    "sigmoid": activations.ACTIVATIONS["sigmoid"],
    "tanh": np.tanh,
    "relu6": activations.ACTIVATIONS["relu6"],
    "leaky_relu": activations.ACTIVATIONS["leaky_relu"],
    "elu": activations.ACTIVATIONS["elu"],
    "selu": activations.ACTIVATIONS["selu"],
    "silu": activations.ACTIVATIONS["silu"],
    "softplus": activations.ACTIVATIONS["softplus"],
    "abs": np.abs,
    "negative": lambda x: -x,
}

#: What two tensors can become; the first is the main path where they differ in that.
BINARY: Mapping[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "relu of the sum": lambda a, b: _relu(a + b),
    "sum": lambda a, b: a + b,
    "relu of the first": lambda a, b: _relu(a) + b,
    "relu of the second": lambda a, b: a + _relu(b),
    "relu of both": lambda a, b: _relu(a) + _relu(b),
    "relu of the first, and of the sum": lambda a, b: _relu(_relu(a) + b),
    "relu of the second, and of the sum": lambda a, b: _relu(a + _relu(b)),
    "difference": lambda a, b: a - b,
    "relu of the difference": lambda a, b: _relu(a - b),
    "product": lambda a, b: a * b,
    "relu of the product": lambda a, b: _relu(a * b),
    "maximum": np.maximum,
    "relu of the maximum": lambda a, b: _relu(np.maximum(a, b)),
    "mean": lambda a, b: (a + b) / 2,
    "relu of the mean": lambda a, b: _relu((a + b) / 2),
    "concatenation": lambda a, b: np.concatenate([a, b], axis=-1),
    "relu of the concatenation": lambda a, b: _relu(np.concatenate([a, b], axis=-1)),
    "sigmoid": lambda a, b: activations.ACTIVATIONS["sigmoid"](a + b),
    "tanh": lambda a, b: np.tanh(a + b),
    "relu6": lambda a, b: np.clip(a + b, 0, 6),
    "leaky_relu": lambda a, b: activations.ACTIVATIONS["leaky_relu"](a + b),
    "softmax": lambda a, b: activations.softmax(a + b),
    "elu": lambda a, b: activations.ACTIVATIONS["elu"](a + b),
}


@dataclass(frozen=True)
class Flow:
    """A tensor as a function of others: `how`, of UNARY or BINARY, and which."""

    how: str
    keys: tuple[Key, ...]


def value(flow: Flow, values: Mapping[Key, np.ndarray]) -> np.ndarray:
    """Computes a flow.

    Raises:
        KeyError: if one of its tensors is not known.
        ValueError: if the shapes do not fit.
    """
    tensors = [values[key] for key in flow.keys]
    table = UNARY if len(tensors) == 1 else BINARY
    with np.errstate(all="ignore"):
        unlike = len(tensors) == 2 and tensors[0].shape != tensors[1].shape
        if unlike and "concatenation" not in flow.how:
            raise ValueError("the tensors have different shapes")
        return table[flow.how](*tensors)  # type: ignore[operator]


_SOFT = ("softmax", "softmax over the batch", "log_softmax")
#: What needs whole tensors; all else works on each number by itself.
_WHOLE = (
    "squeeze",
    "relu squeeze",
    "softmax squeeze",
    "squeeze all",
    "mean",
    *_SOFT,
)
_JOINED = ("concatenation", "relu of the concatenation", "softmax")
#: How many of the latest tensors are tried, alone and in pairs.
_LATEST, _PAIRED = 60, 12


def gives(flow: Flow, values: Mapping[Key, np.ndarray], sample: Sample) -> bool:
    """Whether a flow gives a captured tensor."""
    if any(key not in values for key in flow.keys):
        return False
    single = len(flow.keys) == 1
    if flow.how in (_WHOLE if single else _JOINED):
        if not _fits(flow, values, sample):
            return False
        try:
            return sample.is_of(value(flow, values))
        except (ValueError, IndexError):
            return False
    tensors = [values[key] for key in flow.keys]
    if any(tensor.shape != sample.shape for tensor in tensors):
        return False
    parts = [tensor.reshape(-1)[:: sample.step] for tensor in tensors]
    with np.errstate(all="ignore"):
        found = UNARY[flow.how](*parts) if single else BINARY[flow.how](*parts)
    return close(sample.values, found)


def _fits(flow: Flow, values: Mapping[Key, np.ndarray], sample: Sample) -> bool:
    """Whether a flow can have a tensor's shape: its numbers are many to compute."""
    shape = values[flow.keys[0]].shape
    if flow.how in _SOFT:
        return shape == sample.shape
    if len(flow.keys) == 2:
        return shape[:-1] == sample.shape[:-1]
    if flow.how == "squeeze all":
        return math.prod(shape) == math.prod(sample.shape)
    return len(shape) == 4 and (shape[0], shape[-1]) == sample.shape


@dataclass
class Budget:
    """How many flows may still be tried: a capture could have thousands to offer."""

    left: int = 50_000


def trace(
    sample: Sample,
    values: Mapping[Key, np.ndarray],
    budget: Budget,
    likely: Sequence[Flow] = (),
    *,
    sums: bool = False,
) -> Flow | None:
    """Finds the flow that gives a captured tensor.

    Args:
        sample: of the tensor.
        values: the tensors that it may come from, earlier ones first.
        budget: is used up; nothing is found any more when it is.
        likely: flows that are tried before all others.
        sums: whether two tensors may be joined in it.
    """
    for flow in itertools.chain(likely, _flows(values, sums=sums)):
        budget.left -= 1
        if budget.left < 0:
            return None
        if gives(flow, values, sample):
            return flow
    return None


def _flows(values: Mapping[Key, np.ndarray], *, sums: bool) -> Iterator[Flow]:
    first, *others = values
    latest = [*reversed(others[-_LATEST:]), first]
    for how in UNARY:
        for key in latest:
            yield Flow(how, (key,))
    if not sums:
        return
    paired = [*reversed(others[-_PAIRED:]), first]
    for how in BINARY:
        for pair in itertools.permutations(paired, 2):
            yield Flow(how, pair)
    for key in paired:
        yield Flow("sum", (key, key))
        yield Flow("relu of the sum", (key, key))
