"""The shapes that layers give, without the batch axis."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from grader.judge.layers import pair

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
    if kind == "GlobalAveragePooling2D":
        return shape[-1:]
    if kind == "Dense":
        return (*shape[:-1], attrs["units"])
    if kind == "ZeroPadding2D":
        rows, columns = map(_both_sides, attrs["padding"])
        return (shape[0] + rows, shape[1] + columns, shape[2])
    if kind == "Conv2D":
        return (*_sides(shape, attrs, pair(attrs["kernel_size"])), attrs["filters"])
    if kind in ("MaxPooling2D", "AveragePooling2D"):
        return (*_sides(shape, attrs, pair(attrs["pool_size"])), shape[-1])
    return shape


def _both_sides(padding: int | Sequence[int]) -> int:
    """Rows or columns that are added in all: 3 stands for (3, 3)."""
    return 2 * padding if isinstance(padding, int) else sum(padding)


def _sides(shape: Shape, attrs: Mapping[str, Any], window: Sequence[int]) -> Shape:
    strides = pair(attrs["strides"])
    if attrs.get("padding") == "same":
        return tuple(-(-n // s) for n, s in zip(shape[:2], strides, strict=True))
    return tuple(
        (n - k) // s + 1 for n, k, s in zip(shape[:2], window, strides, strict=True)
    )
