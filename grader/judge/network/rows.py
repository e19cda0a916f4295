"""What a function is to build as a table: a row a layer.

A table says what is asked under all arguments: its settings are numbers, texts, or
what the function's own arguments say. Whoever needs to know what is asked reads it:
the judge's graph, the sentences of reports and notebooks, the prices.
"""

import functools
import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from typing import Any

from grader.judge.network.graph import MERGES
from grader.judge.network.kinds import CALLS, KINDS, WINDOWS, needed, settings_of
from grader.judge.network.known import Known
from grader.judge.network.of import Of
from grader.judge.signature import Spare
from grader.judge.words import unknown

#: Stands for a default that there is not.
NONE = object()


@dataclass(frozen=True)
class Part:
    """A part of a network that a report can point to.

    Attributes:
        words: "second component of the main path".
        weight: by which prices go: "inside" a block, "around" the blocks of a network,
            or the "plan" of these.
        branch: whether it lies on the shortcut.
        article: before the words.
    """

    words: str
    weight: str = "inside"
    branch: bool = False
    article: str = "the "


@dataclass(frozen=True)
class Argument:
    """An argument after the input.

    Attributes:
        name: its name.
        kind: what it is made of: "whole", "widths", "text", "flag" or "initializer".
        default: if it has one.
        parts: of widths, what each is called.
        record: what a stand-in records it as; its name, if that is empty.
    """

    name: str
    kind: str
    default: Any = NONE
    parts: tuple[str, ...] = ()
    record: str = ""


@dataclass(frozen=True, eq=False)
class Row:
    """A layer, or the call of a block. Each is equal to itself alone.

    Attributes:
        key: what it is called under all arguments.
        kind: the layer's class; "Block" for a call; "Repeat" for a table whose rows
            come several times, one round after the other.
        part: where it belongs.
        settings: hyperparameters, or a call's arguments: those that are not the usual
            ones of the kind.
        after: keys of the rows that it takes; the row before, if there are none. Of
            "a|b", a where it is there, b otherwise; "input" is the function's input.
        name: that the layer is to have, with arguments in braces; empty for any.
        label: how a report names it; its name, if there is no label.
        role: how to name it where its label would tell an argument.
        given: whether the code that the learner starts from has it.
        when: a flag; the row is there where it holds.
        draw: the argument that says how its kernel starts.
        mode: the argument that says in which mode it is called.
        calls: the table of a block, or of a round.
        times: how many rounds there are.
        inside: where the layers of a block or a round lie, for a block that is opened.
        note: what is said beside that.
        known: a value that learners take from elsewhere, here or inside the block.
    """

    key: str
    kind: str
    part: Part
    settings: Mapping[str, Any] = field(default_factory=dict)
    after: tuple[str, ...] = ()
    name: str = ""
    label: str = ""
    role: str = ""
    given: bool = False
    when: str = ""
    draw: str = ""
    mode: str = ""
    calls: "Table | None" = None
    times: "Of | int | None" = None
    inside: str = ""
    note: str = ""
    known: Known | None = None

    @functools.cached_property
    def sources(self) -> tuple[tuple[str, ...], ...]:
        """The rows of `after`; of several, the first that is there counts."""
        return tuple(tuple(keys.split("|")) for keys in self.after)

    @functools.cached_property
    def symbols(self) -> Mapping[str, str]:
        """How the specification writes what follows the arguments."""
        return {
            name: f"({value.text}, {value.text})" if name in WINDOWS else value.text
            for name, value in self.settings.items()
            if isinstance(value, Of)
        }


@dataclass(frozen=True, eq=False)
class Table:
    """A function. Each is equal to itself alone.

    Attributes:
        name: the function's.
        arguments: after the input.
        rows: in the order of computation; the last gives the output.
        fixed: values beside the arguments.
        derived: values that follow from the others, and flags. Among the others are
            `channels` of the input, in a network the `path` of a block, and the
            `number` of a round, from 1.
        width: of the output, where it is not the last of the filters.
        bases: parts of names, by what the notebook calls them.

    Raises:
        ValueError: if rows do not fit together.
    """

    name: str
    arguments: tuple[Argument, ...]
    rows: tuple[Row, ...]
    fixed: Mapping[str, Any] = field(default_factory=dict)
    derived: Mapping[str, Callable[[Mapping[str, Any]], Any]] = field(
        default_factory=dict
    )
    width: Of | None = None
    bases: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuses rows that speak of what there is not."""
        known = {"channels", "path", "number", *self.fixed, *self.derived}
        for argument in self.arguments:
            known |= {argument.name, *argument.parts}
        keys: dict[str, Row] = {}
        for row in self.rows:
            place = f"{self.name}, row {row.key!r}"
            for told in _faults(row, known, ["input", *keys]):
                raise ValueError(f"{place}: {told}")
            if row.key in keys and not (row.when and keys[row.key].when):
                raise ValueError(f"{place}: another row before it has this key")
            keys[row.key] = row
        names = [argument.name for argument in self.arguments]
        for name in self.width.names if self.width else ():
            if name not in names:
                told = unknown("its `width` follows no argument", name, names)
                raise ValueError(f"{self.name}: {told}")

    def bind(self, arguments: Mapping[str, Any], channels: int = 0) -> dict[str, Any]:
        """All values under some arguments.

        Args:
            arguments: of a call, without those that keep their defaults.
            channels: of the input.
        """
        beside = {"channels": channels, "path": "", "number": 0}
        values: dict[str, Any] = {**beside, **self.fixed}
        for argument in self.arguments:
            value = arguments.get(argument.name, argument.default)
            if value is NONE:
                raise TypeError(f"{self.name}: {argument.name} is missing")
            values[argument.name] = value
            values |= zip(argument.parts, value, strict=True) if argument.parts else ()
        for name, derive in self.derived.items():
            values[name] = derive(values)
        return values

    @property
    def recorded(self) -> Mapping[str, str]:
        """What a call's stride is called, where it is recorded as another."""
        return {a.record: a.name for a in self.arguments if a.record == "s"}

    @property
    def tells_width(self) -> bool:
        """Whether a call says how many channels come out."""
        lists = ((a.name, a.kind) for a in self.arguments)
        return self.width is not None or ("filters", "widths") in lists

    @property
    def spare(self) -> Spare:
        """What is judged of the function without one of its arguments."""
        optional = (a.name for a in self.arguments if a.default is not NONE)
        return Spare(frozenset(optional), fixed=True)

    def arguments_of(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of a recorded call; an initializer is taken for the default."""
        return {
            a.name: record[a.record or a.name]
            for a in self.arguments
            if a.kind != "initializer"
        }

    def record(self, settings: Mapping[str, Any], place: int) -> dict[str, Any]:
        """A call as a stand-in records it.

        Args:
            settings: values of the arguments.
            place: number of the call.
        """
        as_recorded = {a.name: a.record or a.name for a in self.arguments}
        found = {as_recorded[name]: value for name, value in settings.items()}
        defaults = {a.name: a.default for a in self.arguments}
        if self.width:
            found["width"] = self.width.value({**defaults, **settings})
        return {"function": self.name, **found, **self._fixed, "place": place}

    @property
    def _fixed(self) -> Mapping[str, Any]:
        """What each record has beside the arguments: a stride, if none of them is."""
        strided = "s" in {a.record or a.name for a in self.arguments}
        return self.fixed if strided else {"s": 1, **self.fixed}

    def signature(self, *, aliases: bool = False) -> dict[str, Any]:
        """What a stand-in takes, as a challenge writes it.

        Args:
            aliases: whether other names of the function are replaced, too.
        """
        parameters = []
        for argument in self.arguments:
            found = {"name": argument.name, "kind": argument.kind}
            if argument.record == "s":
                found["record"] = argument.record
            if argument.default is not NONE:
                found["default"] = argument.default
            parameters.append(found)
        signature: dict[str, Any] = {"parameters": parameters}
        if self.width:
            text, name = self.width.text, self.width.name
            signature["width"] = [self.width.factor, name] if name else text
        if self._fixed:
            signature["fixed"] = dict(self._fixed)
        return signature | ({"aliases": True} if aliases else {})


def _names(template: str) -> set[str]:
    return set(re.findall(r"{(\w+)}", template))


def _faults(row: Row, known: Set[str], before: Sequence[str]) -> Iterator[str]:
    """Says what a row speaks of that there is not.

    Args:
        row: of a table.
        known: arguments of the function, and other values.
        before: keys of what comes before.
    """
    if row.kind not in (*KINDS, *CALLS):
        yield unknown("there is no kind of row", row.kind, (*KINDS, *CALLS))
    if (row.kind in CALLS) != (row.calls is not None):
        yield f"`calls` is for rows of the kinds {' and '.join(CALLS)}, which need it"
    if (row.kind == "Repeat") != (row.times is not None):
        yield "`times` is for rows of the kind Repeat, which need it"
    if row.calls is None:
        allowed, asked = settings_of(row.kind), needed(row.kind)
    else:
        arguments = row.calls.arguments
        allowed = tuple(a.name for a in arguments)
        asked = tuple(a.name for a in arguments if a.default is NONE)
    whose = row.kind if row.calls is None else row.calls.name
    for name in (each for each in row.settings if each not in allowed):
        yield unknown(f"{whose} has no setting", name, allowed)
    if row.kind == "Block" and row.calls and not row.calls.tells_width:
        yield f"{whose} does not say how many channels it gives: give it a `width`"
    for name in (each for each in asked if each not in row.settings):
        yield f"{whose} needs the setting {name!r}"
    names = {row.when, row.draw, row.mode, *_names(row.name), *_names(row.label)}
    try:
        for value in (*row.settings.values(), row.times):
            names |= set(value.names) if isinstance(value, Of) else set()
    except ValueError as error:
        yield str(error)
    for name in sorted(names - {"", *known}):
        yield unknown("there is no argument", name, sorted(known))
    for key in (each for keys in row.sources for each in keys):
        if key not in before:
            yield unknown("no row before it has the key", key, before)
    if row.kind in MERGES and len(row.after) < 2:
        yield f"{row.kind} takes several rows: name them in `after`"
