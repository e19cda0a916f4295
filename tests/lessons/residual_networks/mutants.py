"""Wrong versions of lesson 1's functions: the solution with one fault each."""

from collections.abc import Iterator

from tests.lessons.mutant import Mutant
from tests.lessons.residual_networks.arguments import argument_mutants
from tests.lessons.residual_networks.plan import plan_mutants
from tests.lessons.residual_networks.signature import signature_mutants
from tests.lessons.residual_networks.structure import structure_mutants
from tests.lessons.residual_networks.wiring import wiring_mutants


def _made() -> Iterator[Mutant]:
    yield from argument_mutants()
    yield from structure_mutants()
    yield from wiring_mutants()
    yield from signature_mutants()
    yield from plan_mutants()


def _once() -> Iterator[Mutant]:
    """Of those with one source the first."""
    found: set[tuple[str, str]] = set()
    for mutant in _made():
        if (mutant.function, mutant.source) not in found:
            found.add((mutant.function, mutant.source))
            yield mutant


MUTANTS = tuple(_once())
#: Parts of the ids of those that look equal where one looks at few numbers.
SUBTLE = (
    "ReLU(max_value=100)",
    "activation='relu6'",
    "Dense-fc:activation=leftout",
    "MaxPooling2D-pooling:strides=leftout",
    "MaxPooling2D-pooling:padding='same'",
    "ZeroPadding2D-padding:padding=((3,2),(3,2))",
    "avg_pool:padding='same'",
    "GlobalAveragePooling2D",
    "Flatten-Flatten:swapped",
    "default",
    "sum:",
)
