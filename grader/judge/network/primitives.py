"""What operations on arrays compute that are no layers: sums, comparisons, slices."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

Attrs = Mapping[str, Any]
#: From inputs, arrays and numbers, and hyperparameters to a result.
Primitive = Callable[[Sequence[Any], Attrs], np.ndarray]


def _axis(value: Any) -> int | tuple[int, ...] | None:
    """An axis, several, or all of them.

    Raises:
        TypeError: for anything else.
    """
    if value is None or type(value) is int:
        return value
    if isinstance(value, tuple) and all(type(n) is int for n in value):
        return value
    raise TypeError(f"no axis: {value!r}")


def _each(function: Callable[..., Any]) -> Primitive:
    def compute(inputs: Sequence[Any], attrs: Attrs) -> np.ndarray:
        return np.asarray(function(*inputs), np.float64)

    return compute


def _reduce(function: Callable[..., Any]) -> Primitive:
    def compute(inputs: Sequence[Any], attrs: Attrs) -> np.ndarray:
        axis, keep = _axis(attrs.get("axis")), bool(attrs.get("keepdims"))
        if not inputs[0].size:
            raise ValueError("nothing to take it of")
        return np.asarray(function(inputs[0], axis=axis, keepdims=keep), np.float64)

    return compute


def _log_sum_exp(x: np.ndarray, axis: Any, keepdims: bool) -> np.ndarray:
    most = x.max(axis=axis, keepdims=True)
    total = np.log(np.exp(x - most).sum(axis=axis, keepdims=True)) + most
    return total if keepdims else np.squeeze(total, axis=axis)


def _clip(inputs: Sequence[Any], attrs: Attrs) -> np.ndarray:
    low, high = attrs.get("x_min"), attrs.get("x_max")
    return np.clip(inputs[0], -np.inf if low is None else low, high)


def _cast(inputs: Sequence[Any], attrs: Attrs) -> np.ndarray:
    if attrs.get("dtype") == "bool":
        return np.asarray(inputs[0] != 0, np.float64)
    if "float" not in str(attrs.get("dtype")):
        return np.trunc(inputs[0])
    return np.asarray(inputs[0], np.float64)


def _stack(inputs: Sequence[Any], attrs: Attrs) -> np.ndarray:
    axis = attrs.get("axis", 0)
    return np.stack([np.asarray(x) for x in inputs], axis=axis)


def _expand(inputs: Sequence[Any], attrs: Attrs) -> np.ndarray:
    return np.expand_dims(inputs[0], _axis(attrs["axis"]) or 0)


def _transpose(inputs: Sequence[Any], attrs: Attrs) -> np.ndarray:
    return np.transpose(inputs[0], attrs.get("axes"))


def _rescale(inputs: Sequence[Any], attrs: Attrs) -> np.ndarray:
    scale, offset = np.asarray(attrs["scale"]), np.asarray(attrs["offset"])
    if {scale.size, offset.size} - {1, inputs[0].shape[-1]}:
        raise ValueError("not a number for each channel")
    return inputs[0] * scale + offset


def get_item(inputs: Sequence[Any], attrs: Attrs) -> np.ndarray:
    """Parts of an array: slices, single places, new axes.

    Raises:
        TypeError: for any other key.
    """
    key = []
    for part in attrs["key"]:
        if part == "...":
            key.append(Ellipsis)
        elif isinstance(part, tuple) and len(part) == 3:
            key.append(slice(*part))
        elif part is None or type(part) is int:
            key.append(part)
        else:
            raise TypeError("a key that is no slice")
    return inputs[0][tuple(key)]


PRIMITIVES: Mapping[str, Primitive] = {
    "Exp": _each(np.exp),
    "Log": _each(np.log),
    "Absolute": _each(np.abs),
    "Negative": _each(np.negative),
    "Square": _each(np.square),
    "Sqrt": _each(np.sqrt),
    "Reciprocal": _each(np.reciprocal),
    "Power": _each(np.power),
    "Greater": _each(np.greater),
    "GreaterEqual": _each(np.greater_equal),
    "Less": _each(np.less),
    "LessEqual": _each(np.less_equal),
    "Where": _each(lambda mask, yes, no: np.where(np.asarray(mask) != 0, yes, no)),
    "Clip": _clip,
    "Cast": _cast,
    "ZerosLike": _each(np.zeros_like),
    "OnesLike": _each(np.ones_like),
    "Rescaling": _rescale,
    "Mean": _reduce(np.mean),
    "Sum": _reduce(np.sum),
    "Max": _reduce(np.max),
    "Min": _reduce(np.min),
    "LogSumExp": _reduce(_log_sum_exp),
    "Stack": _stack,
    "ExpandDims": _expand,
    "Squeeze": lambda inputs, attrs: np.squeeze(inputs[0], _axis(attrs.get("axis"))),
    "Transpose": _transpose,
    "GetItem": get_item,
}
