"""Edits of a solution's text, as mutants."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

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


def mutants(function: str, edits: Iterable[Edit]) -> Iterator[Mutant]:
    """The mutants of a function."""
    for edit in edits:
        least, most = edit.limits
        yield Mutant(
            f"{function}:{edit.id}",
            function,
            SOURCE.edited(function, edit.old, edit.new, edit.which),
            least,
            most,
            words=edit.words,
            why=f"{edit.old} becomes {edit.new}",
        )
