"""Edits of a solution's text, as mutants."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tests.lessons.edit import edit
from tests.lessons.mutant import Mutant
from tests.lessons.source import source_of

SOURCE = source_of("05_almost_a_resnet")


class Edit(NamedTuple):
    """One replacement, see `tests.lessons.edit`."""

    id: str
    old: str
    new: str
    limits: tuple[float, float]
    words: tuple[str, ...]
    which: int | None = None


def shifted(function: str, loop: str, more: tuple[str, str], fewer: tuple[str, str]) -> Mutant:
    """One block more in a stage, one fewer in another: two slips, 5 of 40 each.

    Args:
        function: that builds the network.
        loop: over a stage's blocks, with {} in the place of what says how many.
        more: this for one of them, and for one block more.
        fewer: the same of the other, and for one block fewer.
    """
    text = SOURCE.solution(function)
    for old, new in (more, fewer):
        text = edit(text, loop.format(old), loop.format(new), 0)
    words = ("too many in stage", "too few in stage")
    name = f"{function}:{more[1]} for {more[0]}, {fewer[1]} for {fewer[0]}"
    return Mutant(name, function, text, 3.75, 3.75, ("plan",), words, name)


def mutants(function: str, edits: Iterable[Edit]) -> Iterator[Mutant]:
    """The mutants of a function."""
    for each in edits:
        least, most = each.limits
        yield Mutant(
            f"{function}:{each.id}",
            function,
            SOURCE.edited(function, each.old, each.new, each.which),
            least,
            most,
            words=each.words,
            why=f"{each.old} becomes {each.new}",
        )
