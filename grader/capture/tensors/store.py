"""A store of variables that gives out a challenge's values and notes the requests."""

import contextlib
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from grader.capture.arrays import encode_sample
from grader.capture.initializer import describe_initializer
from grader.challenge import named_weight

MOST_VARIABLES = 600
LARGEST = 8_000_000
#: Of an initial value, which says where it was drawn and no more.
_INITIAL = 128


@dataclass
class Entry:
    """A variable that was asked for; of its initial value a sample is kept."""

    path: str
    trainable: bool
    requests: int
    initial: dict[str, Any]
    initializer: dict[str, Any] | None
    variable: Any
    drawn: np.ndarray

    @property
    def changed(self) -> bool:
        """Whether it no longer has the value that the challenge gave it."""
        return not np.array_equal(self.variable.numpy(), self.drawn)

    def to_json(self) -> dict[str, Any]:
        """The entry as plain data, its initial value as a sample."""
        return {
            "path": self.path,
            "trainable": self.trainable,
            "requests": self.requests,
            "initializer": self.initializer,
            "initial": self.initial,
        }


@contextlib.contextmanager
def recording(stores: Sequence[Any], seed: str) -> Iterator[dict[str, Entry]]:
    """Makes the stores give out a challenge's values while the body runs.

    Args:
        stores: the helper module's, with `variables`, `path` and `create`.
        seed: the values are keyed by it and by each variable's path.
    """
    made: dict[str, Entry] = {}
    path: list[str] = []
    variables: dict[str, Any] = {}

    def create(name, shape, initializer, trainable=True):
        full = "/".join([*path, str(name)])
        sizes = tuple(int(n) for n in shape)
        if full in made:
            made[full].requests += 1
        else:
            _demand_room(made, full, sizes)
            with tf.init_scope():
                start: Any = keras.initializers.get(initializer)
                value = np.asarray(start(sizes, dtype="float32"))
                drawn = named_weight(seed, full, sizes)
                variable: Any = tf.Variable(
                    tf.constant(drawn), trainable=bool(trainable)
                )
            described = describe_initializer(initializer)
            made[full] = Entry(
                full,
                bool(trainable),
                1,
                encode_sample(value, _INITIAL, _INITIAL),
                described,
                variable,
                drawn,
            )
        found = variables.setdefault(full, made[full].variable)
        if tuple(found.shape) != sizes:
            raise ValueError(
                f"{full} is there already with shape {tuple(found.shape)}, "
                f"not {sizes}: do two layers have one scope?"
            )
        return found

    before = [dict(vars(store)) for store in stores]
    for store in stores:
        vars(store).update(variables=variables, path=path, create=create)
    try:
        yield made
    finally:
        for store, kept in zip(stores, before, strict=True):
            vars(store).clear()
            vars(store).update(kept)


def _demand_room(made: dict[str, Entry], path: str, sizes: tuple[int, ...]) -> None:
    if len(made) >= MOST_VARIABLES:
        raise ValueError(f"more than {MOST_VARIABLES} variables")
    if math.prod(sizes) > LARGEST:
        raise ValueError(f"{path}: a variable of shape {sizes} is too large")
