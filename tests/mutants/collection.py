"""All mutants, each once."""

import functools
from collections.abc import Iterator

from tests.mutants.arguments import argument_mutants
from tests.mutants.mutant import Mutant
from tests.mutants.plan import plan_mutants
from tests.mutants.signature import signature_mutants
from tests.mutants.structure import structure_mutants
from tests.mutants.wiring import wiring_mutants


@functools.cache
def all_mutants() -> tuple[Mutant, ...]:
    """Every mutant; of those with one source, the first."""
    found: dict[tuple[str, str], Mutant] = {}
    for mutant in _made():
        found.setdefault((mutant.function, mutant.source), mutant)
    return tuple(found.values())


def _made() -> Iterator[Mutant]:
    yield from argument_mutants()
    yield from structure_mutants()
    yield from wiring_mutants()
    yield from signature_mutants()
    yield from plan_mutants()
