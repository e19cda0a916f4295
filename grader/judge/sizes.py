"""The shapes that layers give, without the batch axis."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from grader.judge.layers import pair, spread

Shape = tuple[int, ...]


def output_shape(kind: str, attrs: Mapping[str, Any], shape: Shape) -> Shape:
    """Returns the shape of a layer's output.

    Args:
        kind: of the layer; one that is not known here changes no shape.
        attrs: its arguments, as Keras names them.
        shape: of its input, such as (height, width, channels).
    """
    if kind == "Flatten":
        return (math.prod(shape),)
    if kind in ("GlobalAveragePooling2D", "GlobalMaxPooling2D"):
        return (1, 1, shape[-1]) if attrs.get("keepdims") else shape[-1:]
    if kind == "Dense":
        return (*shape[:-1], attrs["units"])
    if kind == "ZeroPadding2D":
        rows, columns = map(_both_sides, attrs["padding"])
        return (shape[0] + rows, shape[1] + columns, shape[2])
    if kind == "Cropping2D":
        rows, columns = map(_both_sides, attrs["cropping"])
        return (shape[0] - rows, shape[1] - columns, shape[2])
    if kind == "UpSampling2D":
        rows, columns = pair(attrs["size"])
        return (shape[0] * rows, shape[1] * columns, shape[2])
    if kind == "Conv2DTranspose":
        return (*(size for size, _ in spread(shape[:2], attrs)), attrs["filters"])
    if kind in ("Conv2D", "SeparableConv2D", "DepthwiseConv2D"):
        times = attrs.get("depth_multiplier", 1)
        width = attrs["filters"] if "filters" in attrs else shape[-1] * times
        return (*_sides(shape, attrs, _reach(attrs)), width)
    if kind == "Reshape":
        return _reshaped(shape, attrs["target_shape"])
    if kind in ("MaxPooling2D", "AveragePooling2D"):
        return (*_sides(shape, attrs, pair(attrs["pool_size"])), shape[-1])
    return shape


def _both_sides(padding: int | Sequence[int]) -> int:
    """Rows or columns that are added in all: 3 stands for (3, 3)."""
    return 2 * padding if isinstance(padding, int) else sum(padding)


def _reach(attrs: Mapping[str, Any]) -> tuple[int, ...]:
    """Rows and columns that a kernel spans."""
    sides = zip(
        pair(attrs["kernel_size"]), pair(attrs.get("dilation_rate", 1)), strict=True
    )
    return tuple((size - 1) * rate + 1 for size, rate in sides)


def _reshaped(shape: Shape, target: Sequence[int]) -> Shape:
    """A target shape with the size in place of -1."""
    known = math.prod(n for n in target if n != -1)
    return tuple(math.prod(shape) // known if n == -1 else n for n in target)


def _sides(shape: Shape, attrs: Mapping[str, Any], window: Sequence[int]) -> Shape:
    strides = pair(attrs["strides"])
    if attrs.get("padding") == "same":
        return tuple(-(-n // s) for n, s in zip(shape[:2], strides, strict=True))
    return tuple(
        (n - k) // s + 1 for n, k, s in zip(shape[:2], window, strides, strict=True)
    )
