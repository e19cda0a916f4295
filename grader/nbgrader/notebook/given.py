"""What a lesson's own cells define, for a notebook that lost them.

Learners delete the first cell, turn it into text, or break it with a bracket. It is not
graded, so it costs nothing: where a name that it gives is lacking, its lines are run as
they were released.
"""

import functools
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from grader.nbgrader.notebook.slice import (
    SKIP_TAG,
    Slice,
    Step,
    Units,
    slice_notebook,
    units_of,
)

#: how many names a sentence has before it says how many others there are
_NAMED = 3


@dataclass(frozen=True)
class Given:
    """The code cells of a release that learners do not write.

    Attributes:
        cells: their sources, in notebook order.
        tagged: indices of those that grading skips.
    """

    cells: tuple[str, ...] = ()
    tagged: frozenset[int] = frozenset()

    @classmethod
    def of(cls, path: Path) -> "Given":
        """Reads the instructor version of a notebook."""
        return _read(path.read_text("utf-8"))

    def names(self) -> frozenset[str]:
        """The names that the cells define."""
        return _names(self)

    def units(self) -> Units:
        """The statements of the cells."""
        return _units(self)

    def before(self, sliced: Slice, names: Collection[str]) -> Slice:
        """What a submission runs, after the lines that define these names."""
        if not names:
            return sliced
        own = slice_notebook(self.cells, names, self.tagged).steps
        return replace(sliced, steps=(*map(_first, own), *sliced.steps))


@functools.lru_cache(maxsize=8)
def _read(notebook: str) -> Given:
    """The cells of an instructor version: the same for a whole class."""
    found = [
        cell
        for cell in nbformat.reads(notebook, as_version=4).cells
        if cell.cell_type == "code" and not _is_answered(cell)
    ]
    tagged = (SKIP_TAG in cell.metadata.get("tags", []) for cell in found)
    return Given(
        tuple(cell.source for cell in found),
        frozenset(index for index, skipped in enumerate(tagged) if skipped),
    )


@functools.lru_cache(maxsize=8)
def _names(given: Given) -> frozenset[str]:
    """The names that cells define: the same for a whole class."""
    return frozenset(slice_notebook(given.cells, (), given.tagged).bound)


@functools.lru_cache(maxsize=8)
def _units(given: Given) -> Units:
    """The statements of cells: the same for a whole class."""
    return units_of(given.cells)


def _is_answered(cell: nbformat.NotebookNode) -> bool:
    """Whether learners write the cell, or it is a test."""
    own = cell.metadata.get("nbgrader", {})
    return bool(own.get("solution") or own.get("grade"))


def _first(step: Step) -> Step:
    """The same step, before all cells of the submission."""
    return replace(step, cell=-1)


def told(names: Collection[str]) -> str:
    """Says that the lesson's own lines were run for these names."""
    shown = sorted(names)[:_NAMED]
    others = len(names) - len(shown)
    if others:
        listed = f"{', '.join(shown)} and {others} more"
    else:
        listed = " and ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))
    return (
        f"No working cell of the notebook defines {listed}, which the lesson's own "
        "cells define: the lesson's lines were run instead, at no cost."
    )
