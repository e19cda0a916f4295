"""Edits of a solution's text, as mutants."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tests.lessons.mutant import Mutant
from tests.lessons.source import source_of

SOURCE = source_of("05_almost_a_resnet")


class Edit(NamedTuple):
    """One replacement: of the only occurrence, or of one of several, from 0."""

    id: str
    old: str
    new: str
    limits: tuple[float, float]
    words: tuple[str, ...]
    which: int | None = None


def changed(function: str, edit: Edit) -> str:
    """The solution with an edit."""
    if edit.which is None:
        return SOURCE.edited(function, edit.old, edit.new)
    if edit.which < 0:
        text = SOURCE.solution(function)
        assert edit.old in text, edit.id
        return text.replace(edit.old, edit.new)
    parts = SOURCE.solution(function).split(edit.old)
    assert len(parts) > edit.which + 1, edit.id
    left = edit.old.join(parts[: edit.which + 1])
    return left + edit.new + edit.old.join(parts[edit.which + 1 :])


def mutants(function: str, edits: Iterable[Edit]) -> Iterator[Mutant]:
    """The mutants of a function."""
    for edit in edits:
        least, most = edit.limits
        yield Mutant(
            f"{function}:{edit.id}",
            function,
            changed(function, edit),
            least,
            most,
            words=edit.words,
            why=f"{edit.old} becomes {edit.new}",
        )
