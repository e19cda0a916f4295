"""The course's initializers as Keras's, and what is written down of any."""

from typing import Any

import keras

from grader import stream
from grader.capture.uniform import GlorotUniform, RandomUniform

glorot_uniform = GlorotUniform


def describe_initializer(initializer: Any) -> dict[str, Any] | None:
    """Writes down an initializer's class and seed."""
    if initializer is None:
        return None
    kind = type(initializer)
    if kind in _COURSE:
        return {"kind": f"course_{_COURSE[kind]}", "seed": initializer.seed}
    if isinstance(initializer, Chosen):
        return {"kind": f"course_{initializer.kind}", "seed": initializer.seed}
    if kind in _KERAS:
        seed = initializer.get_config().get("seed")
        return {
            "kind": f"keras_{_KERAS[kind]}",
            "seed": seed if isinstance(seed, int) else None,
        }
    return {"kind": "other", "class": kind.__name__}


class Chosen(keras.initializers.Initializer):
    """An initializer that a challenge passes to a learner's function.

    Where no seed is given it draws from none that anybody would ask for, as Keras's
    own classes do.
    """

    kind = "constant"
    value = 0.0

    def __init__(self, seed: int | None = None):
        self.seed = seed

    def __call__(self, shape, dtype=None):
        """Draws a kernel of `shape`."""
        if self.kind == "constant":
            return keras.ops.full(shape, self.value, dtype=dtype or "float32")
        draw = getattr(stream, self.kind)
        kernel = draw(_UNSEEDED if self.seed is None else self.seed, tuple(shape))
        return keras.ops.convert_to_tensor(kernel, dtype=dtype or "float32")


def choose(asked: Any) -> Any:
    """Returns what a challenge's words for an initializer mean.

    Args:
        asked: the name of one of the course's, or the kind and value of another.

    Returns:
        A class that is called as `initializer(seed=0)`.
    """
    if isinstance(asked, str):
        return {name: kind for kind, name in _COURSE.items()}[asked]
    return type("Chosen", (Chosen,), {"kind": asked["kind"], **asked})


_UNSEEDED = 2**33 + 1
_COURSE = {GlorotUniform: "glorot_uniform", RandomUniform: "random_uniform"}
_KERAS = {
    keras.initializers.GlorotUniform: "glorot_uniform",
    keras.initializers.RandomUniform: "random_uniform",
    keras.initializers.Constant: "constant",
}
