"""Plain arithmetic on square fields, the same to the last bit on every machine."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Field = npt.NDArray[np.float64]


def blurred(field: Field, reach: int, passes: int = 2) -> Field:
    """Passes of a moving mean of 2 * reach + 1 along each of the first two axes."""
    for _ in range(passes):
        field = _moving_mean(_moving_mean(field, reach, 0), reach, 1)
    return field


def shifted(field: Field, down: int, right: int) -> Field:
    """The field moved by whole steps; what comes in repeats the edge."""
    reach = max(abs(down), abs(right))
    if reach == 0:
        return field
    rows, columns = field.shape
    padded = np.pad(field, reach, mode="edge")
    top, start = reach - down, reach - right
    return padded[top : top + rows, start : start + columns]


def halved(field: Field) -> Field:
    """Means of 2 by 2."""
    rows = field[0::2] + field[1::2]
    return (rows[:, 0::2] + rows[:, 1::2]) * 0.25


def smoothed(coarse: Field, side: int) -> Field:
    """A small square field enlarged to `side` by `side`, without its steps."""
    times = side // len(coarse)
    large = np.repeat(np.repeat(coarse, times, axis=0), times, axis=1)
    return blurred(large, times // 2)


def _moving_mean(field: Field, reach: int, axis: int) -> Field:
    sides = [(0, 0)] * field.ndim
    sides[axis] = (reach + 1, reach)
    # cumsum adds in order on every machine; np.mean may not.
    total = np.cumsum(np.pad(field, sides, mode="edge"), axis=axis)
    width = 2 * reach + 1
    if axis == 0:
        return (total[width:] - total[:-width]) / width
    return (total[:, width:] - total[:, :-width]) / width
