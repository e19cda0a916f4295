"""The course's `glorot_uniform` as a Keras initializer."""

from typing import Any

import keras

from grader import stream


@keras.saving.register_keras_serializable(package="resnet_course")
class GlorotUniform(keras.initializers.Initializer):
    """Glorot and Bengio's uniform initializer on the course's seeded stream.

    Unlike Keras's own class it gives the same kernel on each version, backend
    and device, so that printed outputs can be compared with published ones.

    Args:
        seed: where the stream starts, a non-negative integer.

    Raises:
        ValueError: if `seed` is not a non-negative integer.
    """

    def __init__(self, seed: int = 0):
        if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
            raise ValueError(
                f"glorot_uniform: seed is a whole number from 0 on, not {seed!r}"
            )
        self.seed = seed

    def __call__(self, shape, dtype=None):
        """Draws a kernel of `shape`."""
        kernel = stream.glorot_uniform(self.seed, tuple(shape))
        return keras.ops.convert_to_tensor(kernel, dtype=dtype or "float32")

    def get_config(self) -> dict:
        """Returns what Keras saves of the initializer."""
        return {"seed": self.seed}


glorot_uniform = GlorotUniform


def describe_initializer(initializer: Any) -> dict[str, Any] | None:
    """Writes down an initializer's class and seed."""
    if initializer is None:
        return None
    kind = type(initializer)
    if kind is GlorotUniform:
        return {"kind": "course_glorot_uniform", "seed": initializer.seed}
    if kind is keras.initializers.GlorotUniform:
        seed = initializer.get_config().get("seed")
        return {
            "kind": "keras_glorot_uniform",
            "seed": seed if isinstance(seed, int) else None,
        }
    return {"kind": "other", "class": kind.__name__}
