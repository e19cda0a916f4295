"""What hidden calls are drawn from: ranges, and calls whose numbers are ranges."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
        unlike: of each `Unlike`, what is not drawn yet for this call.
    """

    rng: np.random.Generator
    left: dict["Distinct", list[Any]] = field(default_factory=dict)
    unlike: dict["Unlike", list[Any]] = field(default_factory=dict)

    def shuffled(self, values: Sequence[Any]) -> list[Any]:
        """Puts values in an order of its own."""
        return [values[i] for i in self.rng.permutation(len(values))]


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
class _Values:
    """Ranges that are a list of values."""

    values: tuple[Any, ...]

    def __init__(self, *values: Any):
        object.__setattr__(self, "values", values)


class OneOf(_Values):
    """One of some values."""

    def draw(self, source: Source, drawn: Drawn) -> Any:
        """Draws it."""
        return self.values[source.rng.integers(len(self.values))]


class TwoOf(_Values):
    """Two different ones of some values, such as height and width."""

    def draw(self, source: Source, drawn: Drawn) -> list[int]:
        """Draws them."""
        return [int(n) for n in source.rng.choice(self.values, 2, replace=False)]


class Distinct(_Values):
    """One of some values, another one each time that it is drawn for a function."""

    def draw(self, source: Source, drawn: Drawn) -> Any:
        """Draws it."""
        if self not in source.left:
            source.left[self] = source.shuffled(self.values)
        return source.left[self].pop()


class Unlike(_Values):
    """One of some values, another one each time that it is drawn for a call."""

    def draw(self, source: Source, drawn: Drawn) -> Any:
        """Draws it."""
        if self not in source.unlike:
            source.unlike[self] = source.shuffled(self.values)
        return source.unlike[self].pop()


@dataclass(frozen=True)
class Falling:
    """Some draws of a range, the largest first, and what follows them."""

    values: Range
    count: int
    then: tuple[Any, ...] = ()

    def draw(self, source: Source, drawn: Drawn) -> list[Any]:
        """Draws them."""
        found = [self.values.draw(source, drawn) for _ in range(self.count)]
        return [*sorted(found, reverse=True), *self.then]


@dataclass(frozen=True)
class Thousandths:
    """A number from `low` to `high` with three digits behind the point."""

    low: float
    high: float

    def draw(self, source: Source, drawn: Drawn) -> float:
        """Draws it."""
        return round(float(source.rng.uniform(self.low, self.high)), 3)


@dataclass(frozen=True)
class Scope:
    """A name that ends in a number of two digits."""

    stem: str

    def draw(self, source: Source, drawn: Drawn) -> str:
        """Draws it."""
        return f"{self.stem}{source.rng.integers(20, 99)}"


@dataclass(frozen=True)
class Times:
    """So many times an argument that stands before it, or a number of the call."""

    factor: int
    argument: str

    def draw(self, source: Source, drawn: Drawn) -> int:
        """Multiplies it."""
        return self.factor * drawn[self.argument]


@dataclass(frozen=True)
class Last:
    """The last number of an argument that is a list."""

    argument: str

    def draw(self, source: Source, drawn: Drawn) -> int:
        """Takes it."""
        return drawn[self.argument][-1]


@dataclass(frozen=True)
class Call:
    """A call of a function; what is a range in it is drawn for each challenge.

    Attributes:
        id: its name, among the function's calls.
        shape: of the input, without the batch.
        arguments: by name; ranges may stand in their lists and dictionaries.
        batch: how many examples.
        situation: what is special in it, in words that may begin a sentence; "" in the
            call that the lesson shows.
        more: what else the capture is told.
        numbers: what several places of `more` share, by name.
    """

    id: str
    shape: Sequence[Any]
    arguments: Mapping[str, Any]
    batch: int
    situation: str
    more: Mapping[str, Any]
    numbers: Mapping[str, Range]


def call(
    name: str,
    *shape: Any,
    batch: int = 2,
    situation: str = "",
    more: Mapping[str, Any] | None = None,
    numbers: Mapping[str, Range] | None = None,
    **arguments: Any,
) -> Call:
    """A call whose arguments are written as in Python."""
    return Call(name, shape, arguments, batch, situation, more or {}, numbers or {})


def draw_calls(calls: Sequence[Call], rng: np.random.Generator) -> list[dict[str, Any]]:
    """Draws the calls of a challenge, as plain data.

    Args:
        calls: of a function.
        rng: of the function's challenge.
    """
    source = Source(rng)
    return [_drawn(call, replace(source, unlike={})) for call in calls]


def _drawn(call: Call, source: Source) -> dict[str, Any]:
    drawn: dict[str, Any] = {}
    for name, value in {**call.numbers, **call.arguments}.items():
        drawn[name] = _one(value, source, drawn)
    return {
        "id": call.id,
        "input_shape": list(_axes(call.shape, source, drawn)),
        "batch": call.batch,
        **_one(call.more, source, drawn),
        "arguments": {name: drawn[name] for name in call.arguments},
    }


def _axes(shape: Sequence[Any], source: Source, drawn: Drawn) -> Iterator[int]:
    for axis in shape:
        value = _one(axis, source, drawn)
        yield from value if isinstance(value, list) else [value]


def _one(value: Any, source: Source, drawn: Drawn) -> Any:
    if isinstance(value, Mapping):
        return {name: _one(own, source, drawn) for name, own in value.items()}
    if isinstance(value, list | tuple):
        return [_one(own, source, drawn) for own in value]
    return value.draw(source, drawn) if hasattr(value, "draw") else value
