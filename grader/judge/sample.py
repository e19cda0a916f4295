"""Arrays of a capture, whole or as a sample, read strictly.

See `grader.capture.arrays`, which writes them.
"""

import base64
import binascii
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.judge.strict import CaptureError, is_exactly

MAX_AXES = 8
MAX_SIZE = 100_000_000
#: Of a sample; what the capture writes is smaller.
MAX_VALUES = 20_000
#: |a - b| <= TOLERANCE (1 + max |b|), for what the learner's device has computed.
TOLERANCE = 1e-3


@dataclass(frozen=True)
class Sample:
    """Every `step`-th value of an array of `shape`."""

    shape: tuple[int, ...]
    step: int
    values: np.ndarray

    @property
    def size(self) -> int:
        """How many numbers the array holds."""
        return math.prod(self.shape)

    @property
    def whole(self) -> np.ndarray:
        """The array.

        Raises:
            CaptureError: if it was not written whole.
        """
        if self.step != 1:
            raise CaptureError(f"of an array of {self.size} values only some are there")
        return self.values.reshape(self.shape)

    def of(self, array: np.ndarray) -> np.ndarray:
        """The same sample of another array of that shape."""
        return array.reshape(-1)[:: self.step]

    def is_of(self, array: np.ndarray) -> bool:
        """Whether it is a sample of an array, to the tolerance of outputs."""
        return self.shape == array.shape and close(self.values, self.of(array))


def close(found: np.ndarray, asked: np.ndarray, tolerance: float = TOLERANCE) -> bool:
    """Whether |found - asked| <= tolerance (1 + max |asked|) everywhere.

    Shapes are to agree, and what is not finite equals nothing.
    """
    if found.shape != asked.shape:
        return False
    if not (np.isfinite(found).all() and np.isfinite(asked).all()):
        return False
    bound = tolerance * (1 + float(np.abs(asked).max(initial=0)))
    return bool(np.all(np.abs(found - asked) <= bound))


def read_shape(value: Any) -> tuple[int, ...]:
    """Reads the shape of an array.

    Raises:
        CaptureError: if it is none, or of more values than any array here has.
    """
    if len(is_exactly(value, list, "a shape")) > MAX_AXES:
        raise CaptureError(f"a shape has more than {MAX_AXES} axes")
    for size in value:
        if not 0 <= is_exactly(size, int, "a size") <= MAX_SIZE:
            raise CaptureError(f"a size is not between 0 and {MAX_SIZE}")
    if math.prod(value) > MAX_SIZE:
        raise CaptureError(f"an array has more than {MAX_SIZE} values")
    return tuple(value)


def read_sample(data: Any) -> Sample:
    """Reads what `encode_sample` wrote.

    Raises:
        CaptureError: if it is not of that form. What is not finite is read: it equals
            nothing.
    """
    is_exactly(data, dict, "an array")
    shape, values = read_shape(data.get("shape")), _numbers(data.get("data"))
    step = is_exactly(data.get("step"), int, "a step")
    if step < 1:
        raise CaptureError("a step is not positive")
    count = -(-math.prod(shape) // step)
    if count > MAX_VALUES:
        raise CaptureError(f"a sample has more than {MAX_VALUES} values")
    if values.size == 1 < count:
        values = values.repeat(count)
    if values.size != count:
        raise CaptureError("a sample does not fit its shape")
    return Sample(shape, step, values)


def read_array(data: Any) -> np.ndarray:
    """Reads what `encode` wrote: a whole float32 array.

    Raises:
        CaptureError: if it is not of that form.
    """
    is_exactly(data, dict, "an array")
    shape, values = read_shape(data.get("shape")), _numbers(data.get("data"))
    if values.size != math.prod(shape):
        raise CaptureError("an array does not fit its shape")
    return values.reshape(shape)


def _numbers(text: Any) -> np.ndarray:
    encoded = is_exactly(text, str, "an array's data")
    if len(encoded) > 6 * MAX_VALUES:
        raise CaptureError(f"an array has more than {MAX_VALUES} values")
    try:
        return np.frombuffer(base64.b64decode(encoded, validate=True), "<f4")
    except (ValueError, binascii.Error) as error:
        raise CaptureError(f"an array cannot be read: {error}") from error
