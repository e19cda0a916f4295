"""What each kind of layer computes, in NumPy.

The judge's own oracle: written from the definitions, compared with TensorFlow by
tests. Tensors are (m, height, width, channels); arithmetic is float64.
"""

import functools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

#: Numbers that a layer's windows may hold in all.
MAX_CUT = 50_000_000
#: Places of a kernel that are gone through one by one.
MAX_PLACES = 1_000

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


def depthwise(x: np.ndarray, kernel: np.ndarray, attrs: Attrs) -> np.ndarray:
    """Cross-correlates each channel by itself: (height, width, channels, times)."""
    cut = _windows(
        x,
        pair(attrs["kernel_size"]),
        pair(attrs.get("strides", 1)),
        attrs.get("padding", "valid"),
        0.0,
        pair(attrs.get("dilation_rate", 1)),
    )
    y = np.einsum("mrcnhw,hwnt->mrcnt", cut, kernel, optimize=True)
    return y.reshape(*y.shape[:3], -1)


def separable(
    x: np.ndarray, kernels: tuple[np.ndarray, np.ndarray], attrs: Attrs
) -> np.ndarray:
    """A depthwise convolution, and one of 1×1 behind it."""
    return depthwise(x, kernels[0], attrs) @ kernels[1][0, 0]


def spread(x: Sequence[int], attrs: Attrs) -> list[tuple[int, int]]:
    """Of rows and columns, how many a transposed convolution gives, and cuts off first.

    Args:
        x: sizes of its input, (height, width).
        attrs: its arguments.
    """
    given = attrs.get("output_padding")
    found = []
    for n, size, s, d, extra in zip(
        x[:2],
        pair(attrs["kernel_size"]),
        pair(attrs["strides"]),
        pair(attrs.get("dilation_rate", 1)),
        (None, None) if given is None else pair(given),
        strict=True,
    ):
        reach, same = (size - 1) * d + 1, attrs["padding"] == "same"
        full = (n - 1) * s + reach
        if extra is None:
            length = n * s if same else max(full, n * s)
        else:
            length = full + extra - (2 * (reach // 2) if same else 0)
        found.append((length, max(full - length, 0) // 2 if same else 0))
    return found


def convolve_transposed(x: np.ndarray, kernel: np.ndarray, attrs: Attrs) -> np.ndarray:
    """Adds up a kernel of (height, width, out, in) around each place of x.

    It is the gradient of a convolution with these strides and this padding.
    """
    if math.prod(kernel.shape[:2]) > MAX_PLACES:
        raise ValueError("too large to compute")
    strides, dilation = pair(attrs["strides"]), pair(attrs.get("dilation_rate", 1))
    (rows, top), (columns, left) = spread(x.shape[1:3], attrs)
    ends = [
        (n - 1) * s + 1 for n, s in zip(x.shape[1:3], strides, strict=True)
    ]  # of the places that one number of the kernel meets
    sizes = [
        max(end + (k - 1) * d, wanted + cut)
        for end, k, d, wanted, cut in zip(
            ends, kernel.shape, dilation, (rows, columns), (top, left), strict=False
        )
    ]
    y = np.zeros((len(x), *sizes, kernel.shape[2]))
    for i, j in np.ndindex(*kernel.shape[:2]):
        first, second = i * dilation[0], j * dilation[1]
        down = slice(first, first + ends[0], strides[0])
        right = slice(second, second + ends[1], strides[1])
        y[:, down, right] += x @ kernel[i, j].T
    return y[:, top : top + rows, left : left + columns]


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


def normalise_features(
    x: np.ndarray, weights: Mapping[str, np.ndarray], attrs: Attrs
) -> np.ndarray:
    """Layer normalisation: mean and variance of each place, along one axis."""
    axis = attrs["axis"]
    return _scaled(_standard(x, axis, attrs), weights, axis)


def normalise_groups(
    x: np.ndarray, weights: Mapping[str, np.ndarray], attrs: Attrs
) -> np.ndarray:
    """Group normalisation (Wu and He 2018): of each example's groups of channels."""
    axis, groups = attrs["axis"], attrs["groups"]
    last = np.moveaxis(x, axis, -1)
    apart = last.reshape(len(x), -1, groups, last.shape[-1] // groups)
    y = np.moveaxis(_standard(apart, (1, 3), attrs).reshape(last.shape), -1, axis)
    return _scaled(y, weights, axis)


def _standard(x: np.ndarray, axes: int | Pair, attrs: Attrs) -> np.ndarray:
    mean, variance = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True)
    return (x - mean) / np.sqrt(variance + attrs["epsilon"])


def _scaled(x: np.ndarray, weights: Mapping[str, np.ndarray], axis: int) -> np.ndarray:
    """Scale and offset of each feature, where there are some."""
    shape = [1] * x.ndim
    shape[axis] = x.shape[axis]
    y = x * weights["gamma"].reshape(shape) if "gamma" in weights else x
    return y + weights["beta"].reshape(shape) if "beta" in weights else y


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


def repeat(x: np.ndarray, attrs: Attrs) -> np.ndarray:
    """Each row and column several times.

    Raises:
        ValueError: if what is between them is to be interpolated.
    """
    if attrs.get("interpolation", "nearest") != "nearest":
        raise ValueError("interpolation is not simulated")
    rows, columns = pair(attrs["size"])
    return x.repeat(rows, axis=1).repeat(columns, axis=2)


def crop(x: np.ndarray, attrs: Attrs) -> np.ndarray:
    """What is left without some rows and columns at the borders."""
    (top, bottom), (left, right) = map(pair, attrs["cropping"])
    y = x[:, top : x.shape[1] - bottom, left : x.shape[2] - right]
    if not y.size:
        raise ValueError("nothing is left of it")
    return y


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
