"""Random numbers that are the same on every machine and NumPy version.

NumPy promises a fixed stream for its bit generators, not for the distributions
drawn from them (NEP 19). So only raw Philox words are used here, and what is
derived from them is plain arithmetic.
"""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt


class Bits:
    """A stream of its own for each (seed, number).

    Args:
        seed: the key of the Philox generator.
        number: which of the seed's independent streams.
    """

    def __init__(self, seed: int, number: int) -> None:
        counter = np.array([0, 0, 0, number], dtype=np.uint64)
        self._philox = np.random.Philox(counter=counter, key=seed)

    def uniform(self, low: float, high: float) -> float:
        """One number in [low, high), a multiple of 2**-24 of the span."""
        return low + (high - low) * (int(self._word() >> 40) / 2**24)

    def chance(self, probability: float) -> bool:
        """True with this probability."""
        return self.uniform(0.0, 1.0) < probability

    def bell(self, shape: tuple[int, ...]) -> npt.NDArray[np.float64]:
        """Bell-shaped noise of mean 0 and deviation 1: sums of four bytes."""
        n = math.prod(shape)
        words = self._philox.random_raw((n + 1) // 2).astype("<u8")
        sums = words.view(np.uint8).reshape(-1, 4).sum(axis=1, dtype=np.int64)[:n]
        # Four uniform bytes: mean 4 * 127.5, variance 4 * (256**2 - 1) / 12.
        return ((sums - 510) / 147.8).reshape(shape)

    def permutation(self, n: int) -> npt.NDArray[np.int64]:
        """The numbers 0 to n - 1 in random order."""
        return np.argsort(self._philox.random_raw(n), kind="stable").astype(np.int64)

    def _word(self) -> int:
        return int(self._philox.random_raw())


def turn(degrees: float) -> tuple[float, float]:
    """Cosine and sine, rounded to 2**-24.

    Mathematics libraries differ in the last bits of these two; after the rounding
    they do not, and everything that follows is arithmetic that IEEE 754 fixes.
    """
    angle = math.radians(degrees)
    scale = 2**24
    return round(math.cos(angle) * scale) / scale, round(
        math.sin(angle) * scale
    ) / scale
