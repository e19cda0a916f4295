"""Arrays and samples of arrays as JSON."""

import base64
from typing import Any

import numpy as np

SAMPLE = 4096


def encode(array: Any) -> dict[str, Any]:
    """Writes an array as float32, whole.

    Returns:
        `{"shape": [...], "data": base64 of little-endian float32}`.
    """
    values = np.asarray(array, dtype="<f4")
    return {
        "shape": list(values.shape),
        "data": base64.b64encode(values.tobytes()).decode("ascii"),
    }


def encode_sample(array: Any) -> dict[str, Any]:
    """Writes at most `SAMPLE` evenly spaced values of an array.

    Large kernels need not travel whole to show which stream they come from.

    Returns:
        `{"shape": ..., "step": distance between samples, "data": base64}`.
    """
    values = np.asarray(array, dtype="<f4")
    flat = values.reshape(-1)
    step = -(-max(1, flat.size) // SAMPLE)
    return {
        "shape": list(values.shape),
        "step": step,
        "data": base64.b64encode(flat[::step].tobytes()).decode("ascii"),
    }
