"""nbgrader's steps that make a notebook what was released, with one look for all cells.

They do what nbgrader's own do: those open the gradebook anew and ask it for each cell
by itself, which takes longer than all else that is done to the notebook.
"""

from types import SimpleNamespace
from typing import Any

from nbformat import NotebookNode
from nbgrader import preprocessors
from nbgrader.api import MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor

from grader.nbgrader.notebook.released import Released, released_in


class OverwriteKernelspec(preprocessors.OverwriteKernelspec):
    """Gives a notebook the kernel that it was released with."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Overwrites the kernel's name, if one was released."""
        if kernelspec := released_in(resources).kernelspec:
            nb.metadata["kernelspec"] = dict(kernelspec)
        return nb, resources


class OverwriteCells(preprocessors.OverwriteCells):
    """Gives locked cells their text back, and all of them their kind and points."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Overwrites what the gradebook says otherwise."""
        if self.add_missing_cells:
            return super().preprocess(nb, resources)
        names = resources["nbgrader"]
        self.notebook_id, self.assignment_id = names["notebook"], names["assignment"]
        known: Any = _Known(released_in(resources))
        self.gradebook = known
        return NbGraderPreprocessor.preprocess(self, nb, resources)


class _Known:
    """Answers as a gradebook of nbgrader's does."""

    def __init__(self, released: Released):
        self._released = released

    def find_source_cell(self, name: str, *_: str) -> SimpleNamespace:
        """The cell as it was released."""
        if name not in self._released.cells:
            raise MissingEntry(f"No such source cell: {name}")
        cell, source = self._released.cells[name], self._released.sources[name]
        return SimpleNamespace(**cell, name=name, source=source)

    def find_graded_cell(self, name: str, *_: str) -> SimpleNamespace:
        """What there is to reach."""
        cell = self._released.cells.get(name, {})
        if "points" not in cell:
            raise MissingEntry(f"No such graded cell: {name}")
        return SimpleNamespace(max_score=cell["points"])
