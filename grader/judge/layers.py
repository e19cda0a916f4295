"""What each kind of layer computes, in NumPy.

The judge's own oracle: written from the definitions, compared with TensorFlow by
tests. Tensors are (m, height, width, channels); arithmetic is float64.
"""

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

#: Numbers that a layer's windows may hold in all.
MAX_CUT = 50_000_000

Attrs = Mapping[str, Any]
Pair = tuple[int, int]


def pair(value: Any) -> Pair:
    """Reads 2 or (2, 2) as (2, 2)."""
    if isinstance(value, (tuple, list)):
        first, second = value
        return int(first), int(second)
    return int(value), int(value)


def _same_padding(size: int, window: int, stride: int) -> Pair:
    total = max((-(-size // stride) - 1) * stride + window - size, 0)
    return total // 2, total - total // 2


def _windows(
    x: np.ndarray,
    window: Pair,
    strides: Pair,
    padding: str,
    fill: float,
    dilation: Pair = (1, 1),
) -> np.ndarray:
    """Cuts x into windows: (m, rows, columns, channels, height, width)."""
    reach = tuple((k - 1) * d + 1 for k, d in zip(window, dilation, strict=True))
    if padding == "same":
        pads = [
            _same_padding(n, r, s)
            for n, r, s in zip(x.shape[1:3], reach, strides, strict=True)
        ]
        x = _padded(x, pads, fill)
    rows, columns = (-(-n // s) for n, s in zip(x.shape[1:3], strides, strict=True))
    if x.shape[0] * rows * columns * x.shape[3] * window[0] * window[1] > MAX_CUT:
        raise ValueError("too large to compute")
    if x.shape[1] < reach[0] or x.shape[2] < reach[1]:
        raise ValueError(f"a window of {window} does not fit {x.shape[1:3]}")
    cut = sliding_window_view(x, reach, axis=(1, 2))
    cut = cut[:, :: strides[0], :: strides[1]]
    return cut[..., :: dilation[0], :: dilation[1]]


def convolve(x: np.ndarray, kernel: np.ndarray, attrs: Attrs) -> np.ndarray:
    """Cross-correlates x with a kernel of (height, width, in / groups, out)."""
    groups, padding = attrs.get("groups", 1), attrs.get("padding", "valid")
    if isinstance(padding, tuple):
        x, padding = zero_pad(x, attrs), "valid"
    if kernel.shape[:2] == (1, 1) and groups == 1:
        down, right = pair(attrs.get("strides", 1))
        kept = x[:, ::down, ::right]
        # one product of two large matrices instead of many of small ones
        rows = kept.reshape(-1, kept.shape[-1]) @ kernel[0, 0]
        return rows.reshape(*kept.shape[:-1], kernel.shape[-1])
    cut = _windows(
        x,
        pair(attrs["kernel_size"]),
        pair(attrs.get("strides", 1)),
        padding,
        0.0,
        pair(attrs.get("dilation_rate", 1)),
    )
    if groups == 1:
        return _product(cut, kernel)
    parts = [
        _product(part, weights)
        for part, weights in zip(
            np.split(cut, groups, axis=3), np.split(kernel, groups, axis=3), strict=True
        )
    ]
    return np.concatenate(parts, axis=-1)


def _product(cut: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    return np.tensordot(cut, kernel, axes=([4, 5, 3], [0, 1, 2]))


def normalise(
    x: np.ndarray, weights: Mapping[str, np.ndarray], attrs: Attrs, training: bool
) -> np.ndarray:
    """Batch normalisation (Ioffe and Szegedy 2015, algorithms 1 and 2).

    In training mode mean and population variance are those of the batch, else
    the moving averages.
    """
    axis = attrs["axis"]
    others = tuple(i for i in range(x.ndim) if i != axis)
    if training:
        mean, variance = x.mean(axis=others), x.var(axis=others)
    else:
        mean, variance = weights["moving_mean"], weights["moving_variance"]
    shape = [1] * x.ndim
    shape[axis] = x.shape[axis]
    scale = 1 / np.sqrt(variance + attrs["epsilon"])
    if attrs.get("scale", True):
        scale = scale * weights["gamma"]
    offset = -mean * scale
    if attrs.get("center", True):
        offset = offset + weights["beta"]
    y = x * scale.reshape(shape)
    y += offset.reshape(shape)
    return y


def max_pool(x: np.ndarray, attrs: Attrs) -> np.ndarray:
    """The largest value of each window; padding never wins."""
    window = pair(attrs["pool_size"])
    strides = pair(attrs.get("strides") or window)
    cut = _windows(x, window, strides, attrs["padding"], -np.inf)
    # along one side and then the other, all channels at a time: they lie side by side
    rows = functools.reduce(np.maximum, np.moveaxis(cut, -2, 0))
    return functools.reduce(np.maximum, np.moveaxis(rows, -1, 0))


def average_pool(x: np.ndarray, attrs: Attrs) -> np.ndarray:
    """The mean of each window's values, padding left out of the count."""
    window = pair(attrs["pool_size"])
    strides = pair(attrs.get("strides") or window)
    cut = _windows(x, window, strides, attrs["padding"], np.nan)
    return np.nanmean(cut, axis=(-2, -1))


def zero_pad(x: np.ndarray, attrs: Attrs) -> np.ndarray:
    """Zeros around rows and columns."""
    padding = attrs["padding"]
    padding = ((padding,) * 2,) * 2 if isinstance(padding, int) else padding
    return _padded(x, [pair(side) for side in padding], 0.0)


def _padded(x: np.ndarray, pads: Sequence[Pair], fill: float) -> np.ndarray:
    """A border around rows and columns: `np.pad` takes longer than small arrays do.

    Raises:
        ValueError: if nothing could hold it, or it has less than no width.
    """
    (top, bottom), (left, right) = pads
    many, height, width, channels = x.shape
    shape = (many, top + height + bottom, left + width + right, channels)
    if math.prod(shape) > MAX_CUT:
        raise ValueError("too large to compute")
    if min(top, bottom, left, right) < 0:
        raise ValueError("a border has no negative width")
    y = np.full(shape, fill, x.dtype)
    y[:, top : top + height, left : left + width] = x
    return y


def softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    """exp(x) over its sum along an axis."""
    powers = np.exp(x - x.max(axis=axis, keepdims=True))
    return powers / powers.sum(axis=axis, keepdims=True)


def log_softmax(x: np.ndarray, axis: int = -1) -> np.ndarray:
    """The logarithm of softmax."""
    shifted = x - x.max(axis=axis, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))


def relu(x: np.ndarray, attrs: Attrs) -> np.ndarray:
    """The rectifier with Keras's three options."""
    slope = attrs.get("negative_slope") or 0.0
    threshold = attrs.get("threshold") or 0.0
    limit = attrs.get("max_value")
    if not (slope or threshold):
        # NaN gives 0 in both ways; this one takes a tenth of the time
        y = np.fmax(x, 0.0)
        return y if limit is None else np.minimum(y, limit)
    # no slope gives 0, not -0: lessons print what comes of it
    below = slope * (x - threshold) if slope else 0.0
    y = np.where(x >= threshold, x, below)
    return y if limit is None else np.minimum(y, limit)


def _sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def _elu(x: np.ndarray, alpha: float = 1.0) -> np.ndarray:
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


ACTIVATIONS: Mapping[str, Callable[..., np.ndarray]] = {
    "linear": lambda x: x,
    "relu": lambda x: np.maximum(x, 0),
    "relu6": lambda x: np.clip(x, 0, 6),
    "leaky_relu": lambda x: np.where(x > 0, x, 0.2 * x),
    "softmax": softmax,
    "log_softmax": log_softmax,
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "elu": _elu,
    "selu": lambda x: (
        1.0507009873554805 * np.where(x > 0, x, 1.6732632423543772 * _elu(x))
    ),
    "silu": lambda x: x * _sigmoid(x),
    "softplus": lambda x: np.logaddexp(x, 0),
    "softsign": lambda x: x / (1 + np.abs(x)),
    "exponential": np.exp,
}
