"""Formulas that stand where a batch normalisation's is to, each as it is written.

They are what the last line of the function computes: in training from mean and variance
of the batch, in inference from the moving averages.
"""

import itertools
from collections.abc import Iterator, Mapping
from types import CodeType

import numpy as np

RIGHT = "gamma * (x - mean) / sqrt(variance + epsilon) + beta"
_ROOT = "sqrt(variance + epsilon)"
_CENTRED = ("(x - mean)", "(x + mean)", "(mean - x)", "x")
_DIVISORS = (f" / {_ROOT}", f" * {_ROOT}", " / (variance + epsilon)", "")
_SCALED = ("gamma * {}{}", "{}{}", "{}{} / gamma")
_SHIFTED = (" + beta", " - beta", "")
#: Brackets that are missing, or close in another place.
_BRACKETS = (
    f"gamma * x - mean / {_ROOT} + beta",
    f"gamma * x / {_ROOT} - mean + beta",
    f"gamma * (x - mean / {_ROOT}) + beta",
    f"gamma * ((x - mean) / {_ROOT} + beta)",
    f"(gamma * (x - mean) + beta) / {_ROOT}",
    f"x - mean / {_ROOT} * gamma + beta",
    "gamma * (x - mean) / sqrt(variance) + epsilon + beta",
)


def _written() -> Iterator[str]:
    yield from _BRACKETS
    for centred, divided, scaled, shifted in itertools.product(
        _CENTRED, _DIVISORS, _SCALED, _SHIFTED
    ):
        formula = scaled.format(centred, divided) + shifted
        # where neither is in it, nothing tells which mean and variance were at hand
        uses_statistics = "mean" in centred or "variance" in divided
        if uses_statistics and formula != RIGHT:
            yield formula


_CODE: Mapping[str, CodeType] = {
    formula: compile(formula, "<formula>", "eval") for formula in _written()
}
#: All that are known.
FORMULAS = tuple(_CODE)


def value_of(formula: str, terms: Mapping[str, np.ndarray | float]) -> np.ndarray:
    """What a formula gives.

    Args:
        formula: one of `FORMULAS`.
        terms: x, mean, variance, epsilon, gamma and beta.
    """
    return eval(_CODE[formula], {"__builtins__": {}, "sqrt": np.sqrt}, dict(terms))
