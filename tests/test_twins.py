"""Each source notebook is stripped, and its text twin says the same."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import jupytext
import nbformat
import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parent.parent
BIN = str(Path(sys.executable).parent)
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


def test_make_sync_keeps_an_edit_of_the_twin_beside_a_notebook_that_was_run(tmp_path):
    lesson = "01_residual_networks"
    folder = tmp_path / "solutions" / lesson
    shutil.copytree(ROOT / "solutions" / lesson, folder)
    shutil.copy(ROOT / "jupytext.toml", tmp_path)
    path, twin = folder / "residual_networks.ipynb", folder / "residual_networks.pct.py"
    notebook = nbformat.read(path, as_version=4)
    code = next(cell for cell in notebook.cells if cell.cell_type == "code")
    code.outputs = [nbformat.v4.new_output("stream", text="run")]
    nbformat.write(notebook, path)
    os.utime(path, (1, 1))
    twin.write_text(twin.read_text("utf-8") + "\n# %% [markdown]\n# Edited here.\n")
    recipe = (ROOT / "Makefile").read_text("utf-8").split("\nsync:")[1].split("\n\n")[0]
    states = []
    for _ in range(2):
        for line in recipe.splitlines()[1:]:
            command = line.strip().removeprefix("@").replace("$(BIN)", BIN)
            subprocess.run(command, shell=True, cwd=tmp_path, check=True)
        states.append((path.read_bytes(), twin.read_bytes()))
    assert states[0] == states[1]
    after = nbformat.read(path, as_version=4)
    assert after.cells[-1].source == "Edited here."
    assert not any(cell.get("outputs") for cell in after.cells)
    assert "Edited here." in twin.read_text("utf-8")
