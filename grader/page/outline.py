"""Where in a notebook's file its graded functions stand, and what stands there."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from grader.page.cells import grade_id, saved_cells, source


@dataclass(frozen=True)
class Outline:
    """The graded cells of a notebook.

    Attributes:
        headings: of each grade id, the text of the last heading before its cell.
        texts: of each grade id, the text of its cell.
    """

    headings: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, notebook: str) -> "Outline":
        """Reads the notebook that this kernel belongs to, as it was saved last.

        Args:
            notebook: its name, where the kernel was not told another.

        Returns:
            An empty outline where there is no such file or it cannot be read.
        """
        told = os.environ.get("JPY_SESSION_NAME", "")
        for path in (Path(told), Path(f"{notebook}.ipynb")):
            try:
                cells = saved_cells(path)
            except (OSError, ValueError):
                continue
            texts = {grade_id(cell): source(cell) for cell in cells}
            return cls(_headings(cells), texts)
        return cls()

    def link(self, grade_id: str) -> str:
        """The address of the heading above a cell on this page; empty for none."""
        heading = self.headings.get(grade_id, "")
        return "#" + heading.replace(" ", "-") if heading else ""


def _headings(cells: Sequence[dict[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    last = ""
    for cell in cells:
        if cell.get("cell_type") == "markdown":
            lines = [x for x in source(cell).splitlines() if x.startswith("#")]
            lines = [line for line in lines if line.lstrip("#").startswith(" ")]
            last = lines[-1].lstrip("#").strip().replace("`", "") if lines else last
        if grade_id(cell) and last:
            found[grade_id(cell)] = last
    return found
