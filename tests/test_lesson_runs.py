"""Lesson 1 runs from top to bottom on a fresh kernel, its long cells too."""

import re
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parents[1]
LESSON = "01_residual_networks"


def run_all(source, folder):
    """Runs a lesson in a copy of its folder, no cell skipped."""
    shutil.copytree(source, folder)
    notebook = nbformat.read(folder / "residual_networks.ipynb", as_version=4)
    NotebookClient(
        notebook,
        timeout=900,
        skip_cells_with_tag="",
        resources={"metadata": {"path": str(folder)}},
    ).execute()
    return folder, notebook


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    return run_all(ROOT / "solutions" / LESSON, tmp_path_factory.mktemp("run") / LESSON)


def outputs(notebook):
    return [out for cell in notebook.cells for out in cell.get("outputs", [])]


def printed(notebook):
    return "".join(out.text for out in outputs(notebook) if "text" in out)


@pytest.mark.slow
def test_nothing_fails_and_nothing_is_warned_of(executed):
    _, notebook = executed
    wrong = [
        out
        for out in outputs(notebook)
        if out.output_type == "error" or out.get("name") == "stderr"
    ]
    assert wrong == []


@pytest.mark.slow
def test_the_printed_slices_are_the_published_ones(executed):
    _, notebook = executed
    found = re.findall(r"out = \[(.*?)\]", printed(notebook))
    rows = [[float(number) for number in row.split()] for row in found]
    assert rows == [
        [0.9482, 0.0, 1.161, 2.7479, 0.0, 1.3668],
        [0.0902, 1.2349, 0.4682, 0.0367, 0.0, 0.6552],
    ]


@pytest.mark.slow
def test_each_check_passes(executed):
    _, notebook = executed
    shown = [
        out.data["text/plain"]
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
        for out in cell.outputs
    ]
    assert len(shown) == 12
    assert all(": passed, " in text for text in shown)


@pytest.mark.slow
def test_two_epochs_end_in_the_ranges_that_the_lesson_gives(executed):
    _, notebook = executed
    text = printed(notebook)
    if "Data: hands drawn by the course" not in text:
        pytest.skip("the ranges are for drawn hands; other images are in use here")
    epochs = re.findall(r"accuracy: ([\d.]+) - loss: ([\d.]+)", text)[:2]
    (first, first_loss), (second, second_loss) = (map(float, e) for e in epochs)
    assert 0.35 <= first <= 0.75
    assert 0.7 <= second <= 0.98
    assert 1.5 <= first_loss <= 3.5
    assert 0.1 <= second_loss <= 1.3
    assert second_loss < first_loss
    untrained, trained = re.findall(r"Test Accuracy = ([\d.]+)", text)
    assert 0.05 <= float(untrained) <= 0.3
    counts = re.search(r"answers 0 to 5: \[([\d ]+)\]", text)
    assert counts is not None
    answers = list(map(int, counts[1].split()))
    assert max(answers) > 300
    assert min(answers) < 60
    assert float(trained) >= 0.97


@pytest.mark.slow
def test_the_model_is_drawn_and_summarised(executed):
    folder, notebook = executed
    shown = [str(out.get("data", "")) for out in outputs(notebook)]
    assert any("23,600,006" in text for text in shown)
    if shutil.which("dot"):
        drawn = (folder / "resnet50.png").read_bytes()
        assert drawn.startswith(b"\x89PNG")
        assert any("<svg" in text for text in shown)


@pytest.mark.slow
def test_run_all_goes_on_past_unfinished_functions(tmp_path):
    _, notebook = run_all(ROOT / "assignments" / LESSON, tmp_path / LESSON)
    errors = {
        cell.id: [out.ename for out in cell.outputs if out.output_type == "error"]
        for cell in notebook.cells
        if cell.cell_type == "code"
        and "raises-exception" in cell.metadata.get("tags", [])
    }
    graded = [
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    ]
    assert [errors.pop(cell.id) for cell in graded] == [["CheckFailed"]] * 12
    for cell in graded:
        assert any("text/html" in out.get("data", {}) for out in cell.outputs)
    raised = [name for names in errors.values() for name in names]
    assert set(raised) == {"NotImplementedError", "NameError"}
