"""Arrays and samples of arrays as JSON."""

import base64
import math
from typing import Any

import numpy as np

#: So many values tell which stream an array was drawn from, and whether it changed.
SAMPLE = 256
#: An array that is to be computed with is written whole up to so many values.
WHOLE = 4096
#: Results of right functions have fewer values, and are compared one by one.
OUTPUT = 16_384


def encode(array: Any) -> dict[str, Any]:
    """Writes an array as float32, whole.

    Returns:
        `{"shape": [...], "data": base64 of little-endian float32}`.
    """
    values = np.asarray(array, dtype="<f4")
    return {"shape": list(values.shape), "data": _base64(values)}


def encode_sample(
    array: Any, most: int = SAMPLE, whole: int = SAMPLE
) -> dict[str, Any]:
    """Writes an array, or evenly spaced values of a large one.

    The distance is odd: no channel of a power of two is passed over.

    Args:
        array: of any shape.
        most: how many values are written of an array that is not written whole.
        whole: up to how many values an array is written whole.

    Returns:
        `{"shape": ..., "step": distance between values, "data": base64}`; where all
        values that are to be written are the same, `data` holds only one.
    """
    values = np.asarray(array, dtype="<f4")
    step = sample_step(values.size, most, whole)
    taken = values.reshape(-1)[::step]
    if taken.size > 1 and np.all(taken.view("<u4") == taken.view("<u4")[0]):
        taken = taken[:1]
    return {"shape": list(values.shape), "step": step, "data": _base64(taken)}


def encode_constant(value: float, shape: tuple[int, ...], whole: int) -> dict[str, Any]:
    """What `encode_sample` writes of an array of one value."""
    size = math.prod(shape)
    one = np.full(min(size, 1), value, "<f4")
    step = sample_step(size, whole=whole)
    return {"shape": list(shape), "step": step, "data": _base64(one)}


def encode_output(array: Any) -> dict[str, Any]:
    """Writes a function's result: whole, unless it is far larger than a right one."""
    return encode_sample(array, OUTPUT, OUTPUT)


def sample_step(size: int, most: int = SAMPLE, whole: int = SAMPLE) -> int:
    """The distance between the values that are written of an array of a size."""
    if size <= whole:
        return 1
    step = -(-size // most)
    return step + (step % 2 == 0)


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode("ascii")
