"""Random numbers for a batch, fixed by a seed whatever ran before."""

from __future__ import annotations

from typing import Any

import tensorflow as tf

# TensorFlow's own annotations allow neither arithmetic nor slices.
Tensor = Any


class Chance:
    """Each call draws numbers of its own; the same seed draws the same again.

    Args:
        seed: tensor (2,) of int32.
        batch: how many images the numbers are for.
    """

    def __init__(self, seed: Tensor, batch: int) -> None:
        self._seed, self._batch, self._calls = seed, batch, 0

    def uniform(self, low: float, high: float, *shape: int) -> Tensor:
        """Numbers between low and high, (batch, *shape)."""
        return tf.random.stateless_uniform(
            (self._batch, *shape), self._next(), minval=low, maxval=high
        )

    def normal(self, *shape: int) -> Tensor:
        """Numbers of mean 0 and deviation 1, (batch, *shape)."""
        return tf.random.stateless_normal((self._batch, *shape), self._next())

    def happens(self, probability: float, *shape: int) -> Tensor:
        """1.0 with this probability, else 0.0, (batch, *shape)."""
        return tf.cast(self.uniform(0.0, 1.0, *shape) < probability, tf.float32)

    def _next(self) -> Tensor:
        self._calls += 1
        return tf.random.fold_in(self._seed, self._calls)
