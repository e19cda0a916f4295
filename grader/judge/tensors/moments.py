"""Mean and variance of a batch, over the right axes or over others."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Axes:
    """Axes that a learner may have written.

    Attributes:
        numbers: of them, where x has four.
        cut: "" where they are these whatever x has, "cut" where they are those among
            the axes of x (3 is the last), "or all" where they are all but the
            channels if none is among them.
        keep: whether they stay, with size 1.
    """

    numbers: tuple[int, ...]
    cut: str = ""
    keep: bool = False

    def of(self, axes: int) -> tuple[int, ...]:
        """The axes of a tensor that has so many."""
        if not self.cut:
            return self.numbers
        every = tuple(range(axes - 1))
        last = (axes - 1,) if 3 in self.numbers else ()
        found = *(n for n in every if n in self.numbers), *last
        return found or (every if self.cut == "or all" else ())


class UnfitError(ValueError):
    """A statistic has another shape than the channels; it is in the arguments."""


def demand_fit(x: np.ndarray, statistic: np.ndarray) -> None:
    """Refuses a statistic that does not fit a tensor.

    Raises:
        UnfitError: if their shapes do not go together.
    """
    try:
        np.broadcast_shapes(x.shape, statistic.shape)
    except ValueError as error:
        raise UnfitError(statistic.shape) from error


class Statistics:
    """Mean and variance over some axes."""

    def __init__(self, x: np.ndarray, axes: str | Axes):
        self.x = x
        if isinstance(axes, Axes):
            self.axes, self.keep = axes.of(x.ndim), axes.keep
        else:
            every = tuple(range(x.ndim - 1))
            self.axes = {
                "channels": every,
                "batch": (0,),
                "image": every[1:] or (0,),
                "all": (*every, x.ndim - 1),
                "layer": (x.ndim - 1,),
            }[axes]
            keep = axes in ("image", "layer") and x.ndim > 2
            self.keep = keep or axes == "layer"
        self.mean = x.mean(axis=self.axes, keepdims=self.keep)

    def of(self, kind: str) -> np.ndarray:
        """The variance, or what stands in its place."""
        if kind == "sample":
            return self.x.var(axis=self.axes, ddof=1, keepdims=self.keep)
        population = self.x.var(axis=self.axes, keepdims=self.keep)
        if kind == "deviation":
            return np.sqrt(population)
        if kind == "mean of squares":
            return (self.x**2).mean(axis=self.axes, keepdims=self.keep)
        return population
