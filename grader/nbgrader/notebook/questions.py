"""The cells that an instructor added to a lesson, as they were released.

nbgrader's kinds: a test cell (run and marked), an answer or a task that is graded by
hand, a solution cell, a cell that is read-only. The gradebook tells what was released,
hidden tests too; what the submission says of such a cell counts for nothing.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.utils import is_grade, is_locked, is_solution, is_task

from grader.lessons import Lesson
from grader.nbgrader.notebook.place import Place


@dataclass(frozen=True)
class Questions:
    """The instructor's own cells of a lesson.

    Attributes:
        cells: nbgrader's metadata of each, by grade id.
        sources: the released text of each, by grade id; hidden tests are in it.
        order: grade ids of all released cells, the lesson's own among them, as they
            stand in the instructor's version.
    """

    cells: Mapping[str, Mapping[str, Any]]
    sources: Mapping[str, str]
    order: Sequence[str]

    @classmethod
    def of(cls, place: Place, lesson: Lesson) -> "Questions":
        """The questions of a lesson that was released."""
        own = {*lesson.functions, *(check.id for check in lesson.checks)}
        released = place.released
        known, sources = released.cells, released.sources
        cells = {i: known[i] for i in known if i not in own or _by_hand(known[i])}
        path = place.source / f"{place.notebook}.ipynb"
        order = [i for i in _ids(path) if i in known] if cells else []
        return cls(cells, {i: sources[i] for i in cells}, order)

    @property
    def tests(self) -> tuple[str, ...]:
        """Ids of the test cells, which are run and marked."""
        return tuple(i for i, c in self.cells.items() if c["grade"] and not _by_hand(c))

    @property
    def by_hand(self) -> tuple[str, ...]:
        """Ids of the answers that somebody has to read."""
        return tuple(i for i, cell in self.cells.items() if _by_hand(cell))

    @property
    def digest(self) -> str:
        """A digest of all that marks of test cells depend on; empty without any."""
        tests = [(i, self.points(i), self.sources[i]) for i in sorted(self.tests)]
        given = [self.sources[i] for i in sorted(self.cells) if i not in self.by_hand]
        text = json.dumps([tests, given])
        return hashlib.sha256(text.encode()).hexdigest() if tests else ""

    def points(self, question: str) -> float:
        """What a graded cell is worth."""
        return float(self.cells[question]["points"])

    def put_back(self, notebook: NotebookNode) -> None:
        """Puts cells back that were deleted, unless the answer itself is gone.

        An answer comes back as it was released: unanswered. A solution cell that is not
        graded does not: what it defines may stand in another cell.
        """
        there = {grade_id(cell) for cell in notebook.cells}
        for question, cell in self.cells.items():
            if question in there or not (
                cell["grade"] or cell["task"] or cell["locked"]
            ):
                continue
            new = new_code_cell if cell["cell_type"] == "code" else new_markdown_cell
            metadata = {"nbgrader": dict(cell)}
            restored = new(self.sources[question], metadata=metadata)
            before = self.before(question)
            ids = [grade_id(other) for other in notebook.cells]
            places = [i for i, other in enumerate(ids) if other in before]
            notebook.cells.insert(max(places, default=len(ids) - 1) + 1, restored)

    def before(self, question: str) -> set[str]:
        """Ids of the released cells that stand above one."""
        order = list(self.order)
        return set(order[: order.index(question)]) if question in order else set()


def grade_id(cell: NotebookNode) -> str:
    """A cell's grade id; empty where it has none."""
    metadata = cell.metadata.get("nbgrader")
    return str(metadata.get("grade_id") or "") if isinstance(metadata, dict) else ""


def _by_hand(cell: Mapping[str, Any]) -> bool:
    return bool(cell["grade"] and cell["solution"])


def _ids(path: Path) -> Iterator[str]:
    if path.is_file():
        yield from filter(None, map(grade_id, nbformat.read(path, as_version=4).cells))


def is_released(path: Path, row: Any) -> bool:
    """Whether an instructor version has the graded cells that the gradebook has.

    Args:
        path: the instructor version.
        row: the notebook's row in the gradebook. Where something was handed in,
            nbgrader lets nobody add or remove cells: what was released then counts.
    """
    if not path.is_file():
        return True
    cells = {grade_id(c): c for c in nbformat.read(path, as_version=4).cells}
    cells = {name: c for name, c in cells.items() if name and _is_kept(c)}
    if cells.keys() != {cell.name for cell in row.source_cells}:
        return bool(row.submissions)
    points = {c.name: c.max_score for c in [*row.grade_cells, *row.task_cells]}
    sources = {cell.name: cell.source for cell in row.source_cells}
    return all(
        points.get(name, 0) == float(cell.metadata["nbgrader"].get("points", 0))
        and (not is_locked(cell) or is_task(cell) or cell.source == sources[name])
        for name, cell in cells.items()
    )


def _is_kept(cell: NotebookNode) -> bool:
    """Whether nbgrader keeps a cell in the gradebook."""
    return any(kind(cell) for kind in (is_grade, is_solution, is_locked, is_task))
