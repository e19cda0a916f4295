"""Single faults of a table: what it asks for, but for one place.

A fault is a table, too. Whoever builds it has a wrong version of the function, and
knows which row is wrong: tests, and whoever looks for exercises.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.judge.network.graph import MERGES, ORDERED
from grader.judge.network.kinds import USUAL_SETTINGS
from grader.judge.network.rows import Of, Row, Table

#: Kinds that are taken for each other.
_OTHERS: Mapping[str, tuple[str, ...]] = {
    "MaxPooling2D": ("AveragePooling2D",),
    "AveragePooling2D": ("MaxPooling2D",),
    "Add": ("Concatenate",),
}
#: Texts that are taken for each other.
_TEXTS = {"same": "valid", "valid": "same"}
_ACTIVATIONS = ("tanh", "sigmoid", "elu", "softplus")
_NOT_CHANGED = ("data_format",)


@dataclass(frozen=True)
class Fault:
    """A table with one fault.

    Attributes:
        key: of the row that is wrong; of a row of a round, with the key of its
            rounds before it.
        change: what is wrong with it, such as "filters=2 * filters" or "left out".
        row: the row as it is asked for.
        table: with the fault.
    """

    key: str
    change: str
    row: Row
    table: Table

    @property
    def id(self) -> str:
        """A name for it; rows that share a key share names."""
        return f"{self.table.name}/{self.key}/{self.change}"


def faults(
    table: Table, shown: Mapping[str, Any], channels: int = 0
) -> Iterator[Fault]:
    """All single faults of a table.

    Args:
        table: right.
        shown: arguments of the call that the lesson shows: a fault is to take one of
            these numbers for the argument.
        channels: of that call's input.
    """
    values = table.bind(shown, channels)
    for index, row in enumerate(table.rows):
        found = [
            *_settings(table, row, values),
            *_names(table, row),
            *_kinds(row),
            *_sources(table, index),
        ]
        for change, other in found:
            yield Fault(row.key, change, row, _with(table, index, other))
        for change, rows in (
            *_left_out(table, index),
            *_moved(table, index),
            *_exchanged(table, index),
        ):
            yield Fault(row.key, change, row, replace(table, rows=rows))
        if row.kind == "Repeat":
            yield from _of_rounds(table, index, values)


def _of_rounds(table: Table, index: int, values: Mapping[str, Any]) -> Iterator[Fault]:
    """Faults of the rows of a round: each of them in all rounds."""
    row = table.rows[index]
    assert row.calls is not None
    inner = {
        name: value.value(values) if isinstance(value, Of) else value
        for name, value in row.settings.items()
    }
    for fault in faults(row.calls, inner):
        rounds = replace(row, calls=fault.table)
        key = f"{row.key}.{fault.key}"
        yield Fault(key, fault.change, fault.row, _with(table, index, rounds))


def _with(table: Table, index: int, row: Row) -> Table:
    rows = (*table.rows[:index], row, *table.rows[index + 1 :])
    return replace(table, rows=rows)


def _settings(
    table: Table, row: Row, values: Mapping[str, Any]
) -> Iterator[tuple[str, Row]]:
    """Each setting with other values, and the number of rounds."""
    asked = {**USUAL_SETTINGS.get(row.kind, {}), **row.settings}
    for name, value in asked.items():
        if name in _NOT_CHANGED:
            continue
        for other in _other_values(table, value, values):
            changed = replace(row, settings={**row.settings, name: other})
            yield f"{name}={_text(other)}", changed
    if row.times is not None:
        for other in _other_values(table, row.times, values):
            if isinstance(other, Of) or other > 0:
                yield f"times={_text(other)}", replace(row, times=other)


def _other_values(table: Table, value: Any, values: Mapping[str, Any]) -> Iterator[Any]:
    if isinstance(value, Of):
        kinds = {argument.name: argument.kind for argument in table.arguments}
        for argument in table.arguments:
            # a list's numbers are taken for each other
            kinds |= dict.fromkeys(argument.parts, argument.name)
        kind = kinds.get(value.name)
        same = [n for n, k in kinds.items() if k == kind and n != value.name]
        number = value.value(values)
        if type(number) is not int or number > 0:
            yield number
        yield from (Of(name) for name in same)
        if not value.name:
            yield from (Of(name) for name in value.names)
            yield from (n for n in (number + 1, number - 1) if n > 0)
        elif type(number) is int:
            factor = 1 if value.factor > 1 else 2
            yield Of(value.name if factor == 1 else f"{factor} * {value.name}")
            yield from (number + 1, number - 1)[: 2 if number > 1 else 1]
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (n for n in (value - 2, value - 1, value + 1, value + 2) if n > 0)
    elif isinstance(value, float):
        yield from (value / 100, value * 10)
    elif isinstance(value, str) and value in _TEXTS:
        yield _TEXTS[value]
    elif isinstance(value, tuple):
        for place, number in enumerate(value):
            yield (*value[:place], 2 * number, *value[place + 1 :])


def _names(table: Table, row: Row) -> Iterator[tuple[str, Row]]:
    """Another name, another layer's name, and one that follows no argument."""
    if not row.name:
        return
    yield "another name", replace(row, name=f"{row.name}_x")
    yield "no name", replace(row, name="")
    start, brace, end = row.name.partition("{")
    if brace:
        text = f"{start}1{end.partition('}')[2]}"
        yield "a name without the argument", replace(row, name=text)


def _kinds(row: Row) -> Iterator[tuple[str, Row]]:
    """Another kind of layer in its place."""
    for kind in _OTHERS.get(row.kind, ()):
        yield kind, replace(row, kind=kind)
    if row.kind in ("ReLU", "Softmax"):
        for name in _ACTIVATIONS:
            settings = {"activation": name}
            yield name, replace(row, kind="Activation", settings=settings)


def _sources(table: Table, index: int) -> Iterator[tuple[str, Row]]:
    """Another source, or the same ones in another order."""
    row = table.rows[index]
    before = ["input", *(r.key for r in table.rows[:index] if not r.when)]
    if not row.after:
        for key in before[:-1]:
            yield f"after {key}", replace(row, after=(key,))
        return
    if row.kind in ORDERED:
        yield "in another order", replace(row, after=row.after[::-1])
    for place, asked in enumerate(row.after):
        for key in before:
            if key not in asked.split("|"):
                after = (*row.after[:place], key, *row.after[place + 1 :])
                yield f"after {' and '.join(after)}", replace(row, after=after)


def _left_out(table: Table, index: int) -> Iterator[tuple[str, Sequence[Row]]]:
    """A row that is not there, or there twice."""
    row, rest = table.rows[index], table.rows[index + 1 :]
    source = _source(table, index)
    if len(table.rows) > 1:
        yield "left out", (*table.rows[:index], *_redirected(rest, row.key, source))
    if rest and not row.when:
        yield "the last", table.rows[: index + 1]
    if row.kind not in MERGES and not row.when:
        again = replace(row, key=f"{row.key} again", after=(row.key,))
        after = _redirected(rest, row.key, again.key)
        yield "twice", (*table.rows[: index + 1], again, *after)


def _source(table: Table, index: int) -> str:
    """Key of what a row takes: of several, the first."""
    row = table.rows[index]
    if row.after:
        return row.after[0]
    return table.rows[index - 1].key if index else "input"


def _redirected(rows: Sequence[Row], old: str, new: str) -> Iterator[Row]:
    """Rows that take another one instead of one that they took.

    The first of them says so even where it took the row before.
    """
    for place, row in enumerate(rows):
        after = row.after
        if not after and not place:
            after = (new,)
        yield replace(row, after=tuple(_instead(keys, {old: new}) for keys in after))


def _moved(table: Table, index: int) -> Iterator[tuple[str, Sequence[Row]]]:
    """A row that is in the place of the next, such as a ReLU after the sum."""
    if index + 1 >= len(table.rows):
        return
    row, following = table.rows[index : index + 2]
    if row.when or following.when or row.kind == following.kind:
        return
    plain = not row.after and not following.after
    over = row.kind == "ReLU" and following.kind in MERGES
    before = _source(table, index)
    keys = {row.key: following.key, following.key: row.key}
    rest = _renamed(table.rows[index + 2 :], keys)
    if plain:
        rows = (replace(following, after=(before,)), replace(row, after=()), *rest)
        yield f"after {following.key}", (*table.rows[:index], *rows)
    elif row.kind in MERGES and not following.after:
        # such as the ReLU after a sum, on the path that is added
        first = replace(following, after=(row.after[0],))
        joined = replace(row, after=(following.key, *row.after[1:]))
        yield f"after {following.key}", (*table.rows[:index], first, joined, *rest)
    elif over:
        after = tuple(before if key == row.key else key for key in following.after)
        moved = replace(row, after=(following.key,))
        rows = (replace(following, after=after), moved, *rest)
        yield f"after {following.key}", (*table.rows[:index], *rows)


def _exchanged(table: Table, index: int) -> Iterator[tuple[str, Sequence[Row]]]:
    """A setting of the row, or its name, and that of a later row of its kind."""
    row = table.rows[index]
    for place, other in enumerate(table.rows[index + 1 :], start=index + 1):
        if other.kind != row.kind or other.calls is not row.calls:
            continue
        for name in {**row.settings, **other.settings}:
            mine, its = row.settings.get(name), other.settings.get(name)
            if mine == its or mine is None or its is None:
                continue
            rows = list(table.rows)
            rows[index] = replace(row, settings={**row.settings, name: its})
            rows[place] = replace(other, settings={**other.settings, name: mine})
            yield f"{name} of {other.key}", rows
        if row.name != other.name:
            rows = list(table.rows)
            rows[index] = replace(row, name=other.name)
            rows[place] = replace(other, name=row.name)
            yield f"the name of {other.key}", rows


def _renamed(rows: Sequence[Row], names: Mapping[str, str]) -> Iterator[Row]:
    for row in rows:
        yield replace(row, after=tuple(_instead(keys, names) for keys in row.after))


def _instead(keys: str, names: Mapping[str, str]) -> str:
    """Keys of which some are others now."""
    return "|".join(names.get(key, key) for key in keys.split("|"))


def _text(value: Any) -> str:
    return value.text if isinstance(value, Of) else repr(value)
