"""Calls whose arguments stand in columns, such as those of a network's stages."""

from collections.abc import Mapping
from typing import Any

from grader.exercise.ranges import Call, call


def columns(
    name: str, *shape: Any, situation: str = "", **given: Any
) -> tuple[Call, ...]:
    """Calls that differ in what is given as a tuple: it has a value for each of them.

    Args:
        name: of a call, as `str.format` makes it of its number and its arguments.
        *shape: of the input.
        situation: what is special in a call, made of its arguments.
        **given: what else `call` takes.
    """
    counts = {len(v) for v in (*shape, *given.values()) if isinstance(v, tuple)}
    (count,) = counts
    rows: list[Call] = []
    for number in range(count):
        own: Mapping[str, Any] = {k: _of(v, number) for k, v in given.items()}
        axes = [_of(axis, number) for axis in shape]
        words = situation.format(**own)
        rows.append(call(name.format(number, **own), *axes, situation=words, **own))
    return tuple(rows)


def _of(value: Any, number: int) -> Any:
    return value[number] if isinstance(value, tuple) else value
