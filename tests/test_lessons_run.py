"""Each later lesson runs from top to bottom on a fresh kernel.

RESNET_COURSE_QUICK shortens the cells that take minutes.
"""

import shutil

import nbformat
import pytest
from nbclient import NotebookClient

from grader.lessons import LESSONS
from tests.lessons.source import source_of

pytestmark = pytest.mark.slow
each_lesson = pytest.mark.parametrize("name", list(LESSONS)[1:])


def run_all(notebook, folder):
    """Runs a lesson in a copy of its folder, no cell skipped."""
    shutil.copytree(notebook.parent, folder)
    content = nbformat.read(folder / notebook.name, as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RESNET_COURSE_QUICK", "1")
        NotebookClient(
            content,
            timeout=600,
            skip_cells_with_tag="",
            resources={"metadata": {"path": str(folder)}},
        ).execute()
    return content


def graded(notebook):
    return [
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    ]


@each_lesson
def test_solution_runs_and_each_check_passes(name, tmp_path):
    source = source_of(name)
    if package := source.lesson.lacking():
        pytest.skip(f"{name} needs {package}, which is not installed")
    notebook = run_all(source.solution_notebook, tmp_path / name)
    wrong = [
        out
        for cell in notebook.cells
        for out in cell.get("outputs", [])
        if out.output_type == "error" or out.get("name") == "stderr"
    ]
    assert wrong == []
    shown = [o.data["text/plain"] for cell in graded(notebook) for o in cell.outputs]
    assert len(shown) == len(source.lesson.checks)
    assert all(": passed, " in text for text in shown)


@each_lesson
def test_run_all_goes_on_past_unfinished_functions(name, tmp_path):
    source = source_of(name)
    if package := source.lesson.lacking():
        pytest.skip(f"{name} needs {package}, which is not installed")
    notebook = run_all(source.release_notebook, tmp_path / name)
    for cell in graded(notebook):
        errors = [out.ename for out in cell.outputs if out.output_type == "error"]
        assert errors == ["CheckFailed"]
        assert any("text/html" in out.get("data", {}) for out in cell.outputs)
