"""What was released of a notebook, as the gradebook has it."""

import functools
import json
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbgrader.api import (
    Assignment,
    MissingEntry,
    Notebook,
    SourceCell,
)
from sqlalchemy import create_engine, select

from grader.nbgrader.ground import gradebook_url
from grader.nbgrader.tables import CELL, GRADE_CELL, TASK_CELL

_ASSIGNMENT: Any = Assignment
_NOTEBOOK: Any = Notebook
_SOURCE: Any = SourceCell

#: key of `resources` under which travels what a submission has that is graded alone
APART = "resnet_course_apart"


@dataclass(frozen=True)
class Released:
    """The cells of a notebook that nbgrader knows.

    Attributes:
        cells: nbgrader's metadata of each, by grade id.
        sources: the text of each; hidden tests are in it.
        kernelspec: the kernel that it is for, as in a notebook's metadata.
    """

    cells: Mapping[str, dict[str, Any]] = field(repr=False)
    sources: Mapping[str, str] = field(repr=False)
    kernelspec: dict[str, Any] | None = None


def released_of(gradebook: bytes, assignment: str, notebook: str) -> Released:
    """What an SQLite file says that was released; it is read once for a class.

    Raises:
        MissingEntry: if the notebook was not released.
    """
    found = _read(gradebook, assignment, notebook)
    # whoever is handed one may change it
    cells = {name: dict(cell) for name, cell in found.cells.items()}
    return Released(cells, dict(found.sources), found.kernelspec)


@functools.lru_cache(maxsize=4)
def _read(gradebook: bytes, assignment: str, notebook: str) -> Released:
    with tempfile.TemporaryDirectory(prefix="grader-") as folder:
        path = Path(folder, "gradebook.db")
        path.write_bytes(gradebook)
        return released_cells(gradebook_url(path), assignment, notebook)


def released_in(resources: Mapping[str, Any]) -> Released:
    """What was released of the notebook that nbgrader's resources name.

    Raises:
        MissingEntry: if it was not released.
    """
    if known := resources.get(APART, {}).get("known"):
        return known
    names = resources["nbgrader"]
    return released_cells(names["db_url"], names["assignment"], names["notebook"])


def released_cells(db_url: str, assignment: str, notebook: str) -> Released:
    """What a gradebook says that was released of a notebook.

    Raises:
        MissingEntry: if it was not released.
    """
    named = (_ASSIGNMENT.name == assignment, _NOTEBOOK.name == notebook)
    own = select(_NOTEBOOK.id, _NOTEBOOK.kernelspec).join(_ASSIGNMENT).where(*named)
    texts = select(
        _SOURCE.name,
        _SOURCE.cell_type,
        _SOURCE.checksum,
        _SOURCE.locked,
        _SOURCE.source,
    )
    kinds = select(
        CELL.c.name, CELL.c.type, GRADE_CELL.c.max_score, TASK_CELL.c.max_score
    )
    kinds = kinds.outerjoin(GRADE_CELL, GRADE_CELL.c.id == CELL.c.id)
    kinds = kinds.outerjoin(TASK_CELL, TASK_CELL.c.id == CELL.c.id)
    engine = create_engine(db_url)
    try:
        with engine.connect() as connection:
            row = connection.execute(own).one_or_none()
            if row is None:
                raise MissingEntry(f"No such notebook: {assignment}/{notebook}")
            number, kernel = row
            kinds = kinds.where(CELL.c.notebook_id == number)
            roles = connection.execute(kinds).all()
            texts = texts.where(_SOURCE.notebook_id == number)
            cells = connection.execute(texts).all()
    finally:
        engine.dispose()
    points, found = {}, defaultdict[str, set[str]](set)
    for name, kind, of_test, of_task in roles:
        found[kind].add(name)
        if kind in ("GradeCell", "TaskCell"):
            points[name] = of_test if kind == "GradeCell" else of_task
    known = {
        cell.name: {
            "cell_type": cell.cell_type,
            "checksum": cell.checksum,
            "grade": cell.name in found["GradeCell"],
            "grade_id": cell.name,
            "locked": cell.locked,
            "schema_version": 3,
            "solution": cell.name in found["SolutionCell"],
            "task": cell.name in found["TaskCell"],
        }
        | ({"points": points[cell.name]} if cell.name in points else {})
        for cell in cells
    }
    sources = {cell.name: cell.source for cell in cells}
    return Released(known, sources, json.loads(kernel) if kernel else None)
