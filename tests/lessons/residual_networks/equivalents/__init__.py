"""Right versions of the solution, as people write them: each scores all points.

A case is the source of one or more cells; graded functions that it does not
define are the solution's.
"""

from tests.lessons.residual_networks.equivalents import identity, networks, projection

CASES: dict[str, str] = {
    f"{module.__name__.rpartition('.')[2]}-{name}": source
    for module in (identity, projection, networks)
    for name, source in module.CASES.items()
}

__all__ = ["CASES"]
