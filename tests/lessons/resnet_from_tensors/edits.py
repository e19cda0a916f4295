"""Edits of the solution: what `mutants` and `nets` are made with."""

from collections.abc import Iterator

from tests.lessons.edit import EVERY, edit
from tests.lessons.mutant import Mutant, Price
from tests.lessons.source import source_of

SOURCE = source_of("03_resnet_from_tensors")


def edited(function: str, *pairs: str) -> str:
    """The solution with texts replaced, old and new by turns.

    An old text that begins with "*" is replaced wherever it occurs, others occur once.
    """
    source = SOURCE.solution(function)
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        every = old.startswith("*") and len(old) > 1
        source = edit(source, old[every:], new, EVERY if every else None)
    return source


def made(function: str, rows: list[tuple[str, Price, str | tuple[str, ...], tuple[str, ...]]]) -> Iterator[Mutant]:
    """Mutants from rows: what is changed, its price, words, old and new texts."""
    for what, (least, most, checks), words, pairs in rows:
        words = (words,) if isinstance(words, str) else words
        yield Mutant(f"{function}: {what}", function, edited(function, *pairs), least, most, checks, words, what)


def whole(function: str, body: str, points: float, *words: str) -> Iterator[Mutant]:
    """A mutant whose first statement ends the function: all points are lost."""
    head, _, rest = SOURCE.solution(function).partition(":\n")
    source = f"{head}:\n    {body}\n{rest}"
    yield Mutant(f"{function}: {body}", function, source, points, points, (), words)
