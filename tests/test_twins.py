"""Each source notebook is stripped, and its text twin says the same."""

from pathlib import Path

import jupytext
import nbformat
import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = sorted((ROOT / "solutions").glob("*/*.ipynb"))


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def notebook(request):
    return request.param


def cells(nb):
    return [(cell.cell_type, cell.source, cell.metadata) for cell in nb.cells]


def test_twin_holds_the_same_cells(notebook):
    twin = notebook.with_suffix(".pct.py")
    assert twin.exists(), "run 'make sync'"
    text = twin.read_text(encoding="utf-8")
    fmt = {"extension": ".py", "format_name": "percent"}
    assert cells(jupytext.reads(text, fmt=fmt)) == cells(
        nbformat.read(notebook, as_version=4)
    ), "run 'make sync'"


def test_notebook_tells_of_no_twin(notebook):
    assert "jupytext" not in nbformat.read(notebook, as_version=4).metadata


def test_notebook_is_stripped(notebook):
    nb = nbformat.read(notebook, as_version=4)
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    assert not [cell.id for cell in code if cell.outputs or cell.execution_count]


def test_no_twin_without_a_notebook():
    twins = (ROOT / "solutions").glob("*/*.pct.py")
    assert [
        p.name
        for p in twins
        if p.with_suffix("").with_suffix(".ipynb") not in NOTEBOOKS
    ] == []
