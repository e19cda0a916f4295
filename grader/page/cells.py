"""The cells of a learner's notebook as it was saved: whatever is in the file."""

import json
from pathlib import Path
from typing import Any

#: Bytes of a notebook that is read: its outputs may be large.
LARGEST = 50_000_000


def saved_cells(path: Path) -> list[dict[str, Any]]:
    """Reads the cells of a notebook.

    Raises:
        OSError: if there is no such file.
        ValueError: if it is too large or no notebook.
    """
    if path.suffix != ".ipynb" or path.stat().st_size > LARGEST:
        raise ValueError(path)
    try:
        notebook = json.loads(path.read_text("utf-8"))
    except RecursionError as error:
        raise ValueError(path) from error
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    found = cells if isinstance(cells, list) else ()
    return [cell for cell in found if isinstance(cell, dict)]


def source(cell: dict[str, Any]) -> str:
    """The text of a cell; its file may hold it as lines."""
    text = cell.get("source", "")
    return "".join(map(str, text)) if isinstance(text, list) else str(text)


def grade_id(cell: dict[str, Any]) -> str:
    """The id under which a cell is graded; empty where it is not."""
    metadata = cell.get("metadata")
    own = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    found = own.get("grade_id") if isinstance(own, dict) else None
    return found if isinstance(found, str) else ""
