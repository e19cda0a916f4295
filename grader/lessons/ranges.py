"""What hidden calls are drawn from: ranges, and calls whose numbers are ranges."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

#: What was drawn of a call so far, by argument.
Drawn = Mapping[str, Any]


@dataclass(frozen=True)
class Source:
    """Where the numbers of a function's calls come from.

    Attributes:
        rng: of the function.
        left: of each `Distinct`, what no call has drawn yet.
    """

    rng: np.random.Generator
    left: dict["Distinct", list[Any]] = field(default_factory=dict)


class Range(Protocol):
    """What an argument, or an axis of the input, is drawn from."""

    def draw(self, source: Source, drawn: Drawn) -> Any:
        """Draws it; of two axes a list.

        Args:
            source: of the numbers.
            drawn: what the call's arguments are so far.
        """
        ...


@dataclass(frozen=True)
class Whole:
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int

    def draw(self, source: Source, drawn: Drawn) -> int:
        """Draws it."""
        return int(source.rng.integers(self.low, self.high + 1))


@dataclass(frozen=True, init=False)
class OneOf:
    """One of some values."""

    values: tuple[Any, ...]

    def __init__(self, *values: Any):
        object.__setattr__(self, "values", values)

    def draw(self, source: Source, drawn: Drawn) -> Any:
        """Draws it."""
        return self.values[source.rng.integers(len(self.values))]


@dataclass(frozen=True, init=False)
class TwoOf:
    """Two different ones of some values, such as height and width."""

    values: tuple[int, ...]

    def __init__(self, *values: int):
        object.__setattr__(self, "values", values)

    def draw(self, source: Source, drawn: Drawn) -> list[int]:
        """Draws them."""
        return [int(n) for n in source.rng.choice(self.values, 2, replace=False)]


@dataclass(frozen=True, init=False)
class Distinct:
    """One of some values, another one each time that it is drawn for a function."""

    values: tuple[Any, ...]

    def __init__(self, *values: Any):
        object.__setattr__(self, "values", values)

    def draw(self, source: Source, drawn: Drawn) -> Any:
        """Draws it."""
        if self not in source.left:
            order = source.rng.permutation(len(self.values))
            source.left[self] = [self.values[i] for i in order]
        return source.left[self].pop()


@dataclass(frozen=True)
class Scope:
    """A name that ends in a number of two digits."""

    stem: str

    def draw(self, source: Source, drawn: Drawn) -> str:
        """Draws it."""
        return f"{self.stem}{source.rng.integers(20, 99)}"


@dataclass(frozen=True)
class Times:
    """So many times an argument that stands before it."""

    factor: int
    argument: str

    def draw(self, source: Source, drawn: Drawn) -> int:
        """Multiplies it."""
        return self.factor * drawn[self.argument]


@dataclass(frozen=True)
class Call:
    """A call of a function; what is a range in it is drawn for each challenge.

    Attributes:
        id: its name, among the function's calls.
        shape: of the input, without the batch.
        arguments: by name.
        batch: how many examples.
        situation: what is special in it, in words that may begin a sentence; "" in the
            call that the lesson shows.
        more: what else the capture is told.
    """

    id: str
    shape: Sequence[Any]
    arguments: Mapping[str, Any]
    batch: int
    situation: str
    more: Mapping[str, Any]


def call(
    name: str,
    *shape: Any,
    batch: int = 2,
    situation: str = "",
    more: Mapping[str, Any] | None = None,
    **arguments: Any,
) -> Call:
    """A call whose arguments are written as in Python."""
    return Call(name, shape, arguments, batch, situation, more or {})


def draw_calls(calls: Sequence[Call], rng: np.random.Generator) -> list[dict[str, Any]]:
    """Draws the calls of a challenge, as plain data.

    Args:
        calls: of a function.
        rng: of the function's challenge.
    """
    source = Source(rng)
    return [_drawn(call, source) for call in calls]


def _drawn(call: Call, source: Source) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    for name, value in call.arguments.items():
        arguments[name] = _one(value, source, arguments)
    return {
        "id": call.id,
        "input_shape": list(_axes(call.shape, source, arguments)),
        "batch": call.batch,
        **call.more,
        "arguments": arguments,
    }


def _axes(shape: Sequence[Any], source: Source, drawn: Drawn) -> Iterator[int]:
    for axis in shape:
        value = _one(axis, source, drawn)
        yield from value if isinstance(value, list) else [value]


def _one(value: Any, source: Source, drawn: Drawn) -> Any:
    return value.draw(source, drawn) if hasattr(value, "draw") else value
