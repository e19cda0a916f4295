"""Nets as rows, a row a call of a layer or of another net.

In a row's settings a text is an expression in the net's own arguments, such as
"n_out // 4".
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.judge.tensors.dataflow import BINARY, UNARY
from grader.judge.tensors.functions import TensorFunction

#: The input of a net, among the keys of rows.
INPUT = "x"
_EXPRESSION = re.compile(r"(\w+)(?: // (\d+))?")


@dataclass(frozen=True)
class CallRow:
    """A call of a net, in the net's own arguments.

    Attributes:
        key: how reports name it, and its scope within the net's; of a repeated row
            with "{i}" for the number, from 1.
        function: what is called.
        settings: its arguments: numbers, or expressions in the net's arguments.
        after: key of the row whose result it is given; "" is the row before.
        how: what is done with that result first, as `dataflow.UNARY` names it.
        sentence: of the specification.
        when: "projects" for a row that is there only where the channels change.
        repeat: the argument that says how often the row is there, in a chain.
        first: other settings of the first of a chain.
        words: how the lesson writes a setting, where that is not the expression.
        positive: whether its result has no negative number.
        commutes: what may as well be done with its result as before it: the numbers
            are the same.
    """

    key: str
    function: str
    settings: Mapping[str, Any]
    after: str = ""
    how: str = ""
    sentence: str = ""
    when: str = ""
    repeat: str = ""
    first: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    positive: bool = False
    commutes: str = ""


@dataclass(frozen=True)
class Output:
    """A result of a net.

    Attributes:
        name: its name.
        after: keys of the rows that it is made of; "a|b" is b where there is no a.
        how: what is done with them, as `dataflow` names it.
        price: of another result; 0 where it depends on what is found instead.
    """

    name: str
    after: tuple[str, ...]
    how: str = ""
    price: float = 0


@dataclass(frozen=True, kw_only=True)
class Net(TensorFunction):
    """A function that is composed of others.

    Attributes:
        rows: in the order of computation.
        outputs: what it gives back.
        sentence: of the specification, about the outputs.
        calls: last part of the check that wrong calls are charged to.
        wiring: last part of the check that wrong wiring is charged to.
        spellings: right and wrong parts of scopes, and a remark on the wrong one.
    """

    rows: tuple[CallRow, ...]
    outputs: tuple[Output, ...]
    sentence: str
    calls: str
    wiring: str
    spellings: tuple[tuple[str, str, str], ...] = ()

    @property
    def returns(self) -> tuple[str, ...]:
        """The names of what it gives back."""
        return tuple(output.name for output in self.outputs)

    @property
    def is_chain(self) -> bool:
        """Whether it calls one function again and again: one more is then the last."""
        return any(row.repeat for row in self.rows)

    @property
    def called(self) -> tuple[str, ...]:
        """The functions that it calls, each once."""
        return tuple(dict.fromkeys(row.function for row in self.rows))


#: Layers and nets by their names: what a net's rows may call.
Library = Mapping[str, TensorFunction]


def library(*functions: TensorFunction) -> Library:
    """Puts functions together, each after those that it calls.

    Raises:
        ValueError: if a net has a row that does not fit what it calls.
    """
    known: dict[str, TensorFunction] = {}
    for function in functions:
        if isinstance(function, Net):
            for problem in _problems(function, known):
                raise ValueError(f"{function.name}: {problem}")
        known[function.name] = function
    return known


def value_of(setting: Any, values: Mapping[str, Any]) -> Any:
    """What a row's setting is under a net's arguments."""
    if not isinstance(setting, str):
        return setting
    found = _EXPRESSION.fullmatch(setting)
    if found is None:
        raise ValueError(f"{setting!r} is no expression")
    value = values[found[1]]
    return value // int(found[2]) if found[2] else value


def _problems(net: Net, known: Mapping[str, TensorFunction]) -> Iterator[str]:
    """What does not fit in a net's table."""
    own = {parameter.name for parameter in net.parameters}
    keys = {INPUT}
    for row in net.rows:
        if row.key in keys:
            yield f"two rows have the key {row.key!r}"
        if row.function not in known:
            yield f"{row.key} calls {row.function}, which is no earlier function"
        if row.after not in {"", *keys}:
            yield f"{row.key} comes after {row.after}, which is no earlier row"
        if row.how not in UNARY:
            yield f"{row.key}: nothing is called {row.how!r}"
        if row.when not in ("", "projects") or row.repeat not in {"", *own}:
            yield f"{row.key} is there on a condition that is no argument"
        takes = {parameter.name for parameter in known[row.function].parameters}
        for name, setting in [*row.settings.items(), *row.first.items()]:
            if name not in takes:
                yield f"{row.key}: {row.function} has no parameter {name!r}"
            named = _EXPRESSION.fullmatch(setting) if isinstance(setting, str) else None
            if isinstance(setting, str) and (named is None or named[1] not in own):
                yield f"{row.key}: {setting!r} is nothing in the net's arguments"
        keys.add(row.key)
    for output in net.outputs:
        if output.how not in (UNARY if len(output.after) == 1 else BINARY):
            yield f"{output.name}: nothing is called {output.how!r}"
        for key in "|".join(output.after).split("|"):
            if key not in keys:
                yield f"{output.name} comes after {key}, which is no row"
