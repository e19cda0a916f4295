"""Makes a wrong version from the solution."""

from tests.lessons.edit import edit
from tests.lessons.mutant import Mutant
from tests.lessons.source import source_of

SOURCE = source_of("04_resnet_family")
Price = tuple[float, float]


def made(
    function: str,
    name: str,
    edits: tuple[tuple[str, str, int], ...],
    price: Price,
    words: tuple[str, ...],
    checks: tuple[str, ...] = (),
) -> Mutant:
    """Applies edits (old, new, which occurrence) from the last to the first."""
    source = SOURCE.solution(function)
    for old, new, number in edits:
        source = edit(source, old, new, number)
    return Mutant(f"{function}:{name}", function, source, *price, checks, words, name)
