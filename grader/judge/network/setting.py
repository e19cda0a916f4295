"""Values of hyperparameters: which are the same."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Either:
    """A value that may be one of several: in this place they do the same.

    Attributes:
        values: of which any will do.
    """

    values: tuple[object, ...]

    def __str__(self) -> str:
        """As a report writes it."""
        return " or ".join(map(repr, self.values))


def same_setting(asked: object, found: object) -> bool:
    """Whether a captured value is one that is asked for."""
    if isinstance(asked, Either):
        return any(same_setting(value, found) for value in asked.values)
    if isinstance(asked, bool) or isinstance(found, bool):
        return asked is found
    if isinstance(asked, float) and isinstance(found, (int, float)):
        return abs(asked - found) <= 1e-6 * abs(asked)
    return asked == found
