"""Each lesson runs from top to bottom on a fresh kernel, its long cells too.

RESNET_COURSE_QUICK=1 shortens those that take minutes. As a learner has them:
`RESNET_COURSE_QUICK=0 .venv/bin/python -m pytest tests/test_lesson_runs.py`; then the
numbers of lesson 1's training are looked at, too.
"""

import json
import os
import re
import shutil

import nbformat
import pytest
from nbclient import NotebookClient

from grader.lessons import NAMES
from grader.sandbox.warm import MODULES
from tests.lessons.source import source_of
from tests.warm_commands import warm_commands

pytestmark = pytest.mark.slow
each_lesson = pytest.mark.parametrize("name", NAMES)
QUICK = os.environ.get("RESNET_COURSE_QUICK", "1")


#: A short run trains operation by operation: to trace a ResNet50's step takes longer.
EAGERLY = """\
import warnings

import tensorflow

tensorflow.config.run_functions_eagerly(True)
# it says that pipelines of data are still traced
warnings.filterwarnings("ignore", "Even though", UserWarning)
"""


@pytest.fixture(scope="module", autouse=True)
def kernels(tmp_path_factory):
    """Forks of a process that has imported what takes seconds of each kernel."""
    folder = tmp_path_factory.mktemp("kernels")
    spec = folder / "kernels" / "python3" / "kernel.json"
    spec.parent.mkdir(parents=True)
    command = [str(folder / "kernel"), "-f", "{connection_file}"]
    about = {"argv": command, "display_name": "Python 3", "language": "python"}
    spec.write_text(json.dumps(about), "utf-8")
    # a lesson imports Matplotlib after the kernel has said where figures go
    imported = [name for name in MODULES if not name.startswith("matplotlib")]
    with (
        warm_commands(folder, {"kernel": "ipykernel.kernelapp"}, imported),
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("JUPYTER_PATH", str(folder))
        yield


def run_all(notebook, folder):
    """Runs a lesson in a copy of its folder, no cell skipped."""
    shutil.copytree(notebook.parent, folder)
    content = nbformat.read(folder / notebook.name, as_version=4)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RESNET_COURSE_QUICK", QUICK)
        if QUICK == "1":
            started = folder / "ipython" / "profile_default" / "startup"
            started.mkdir(parents=True)
            (started / "eagerly.py").write_text(EAGERLY, "utf-8")
            patch.setenv("IPYTHONDIR", str(folder / "ipython"))
        NotebookClient(
            content,
            timeout=900,
            skip_cells_with_tag="",
            resources={"metadata": {"path": str(folder)}},
        ).execute()
    return folder, content


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """The folder and the solution's notebook of a lesson, run once."""
    known = {}

    def run(name):
        if name not in known:
            folder = tmp_path_factory.mktemp("run") / name
            known[name] = run_all(source_of(name).solution_notebook, folder)
        return known[name]

    return run


def runnable(name):
    source = source_of(name)
    if package := source.lesson.lacking():
        pytest.skip(f"{name} needs {package}, which is not installed")
    return source


def graded(notebook):
    return [
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade")
    ]


def outputs(notebook):
    return [out for cell in notebook.cells for out in cell.get("outputs", [])]


def printed(notebook):
    return "".join(out.text for out in outputs(notebook) if "text" in out)


def errors_of(cell):
    return [out.ename for out in cell.outputs if out.output_type == "error"]


@each_lesson
def test_solution_runs_and_each_check_passes(name, executed):
    source = runnable(name)
    _, notebook = executed(name)
    wrong = [
        out
        for out in outputs(notebook)
        if out.output_type == "error" or out.get("name") == "stderr"
    ]
    assert wrong == []
    shown = [o.data["text/plain"] for cell in graded(notebook) for o in cell.outputs]
    assert len(shown) == len(source.lesson.checks)
    assert all(": passed, " in text for text in shown)
    told = [cell for cell in notebook.cells if cell.cell_type == "code"][-1].outputs
    assert told[0].data["text/plain"].startswith("100 of 100 points so far")


@each_lesson
def test_run_all_of_an_untouched_lesson_says_what_to_write(name, tmp_path):
    """Nothing is red; each check is a line, and the end is how far the lesson is."""
    source = runnable(name)
    _, notebook = run_all(source.release_notebook, tmp_path / name)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [error for cell in code for error in errors_of(cell)] == []
    for cell in graded(notebook):
        (shown,) = cell.outputs
        assert ": not written, 0 of " in shown.data["text/plain"]
        assert "<table" not in shown.data["text/html"]
    told = code[-1].outputs[0].data["text/plain"]
    assert told.startswith("0 of 100 points so far")
    assert f"Next: write {source.lesson.functions[0]}." in told


def test_the_printed_slices_are_the_published_ones(executed):
    _, notebook = executed(NAMES[0])
    found = re.findall(r"out = \[(.*?)\]", printed(notebook))
    rows = [[float(number) for number in row.split()] for row in found]
    assert rows == [
        [0.9482, 0.0, 1.161, 2.7479, 0.0, 1.3668],
        [0.0902, 1.2349, 0.4682, 0.0367, 0.0, 0.6552],
    ]


@pytest.fixture
def drawn_hands(executed):
    """What lesson 1 printed, where its images are those that the course draws."""
    text = printed(executed(NAMES[0])[1])
    if "Data: hands drawn by the course" not in text:
        pytest.skip("the ranges are for drawn hands; other images are in use here")
    return text


@pytest.mark.skipif(QUICK == "1", reason="a shortened run learns nothing")
def test_two_epochs_end_in_the_ranges_that_the_lesson_gives(drawn_hands):
    # each line was written over itself, step by step
    steps = [
        re.findall(r"accuracy: ([\d.]+) - loss: ([\d.]+)", line)
        for line in drawn_hands.split("\n")
    ]
    first, second = [map(float, line[-1]) for line in steps if line][:2]
    (first, first_loss), (second, second_loss) = first, second
    assert 0.35 <= first <= 0.75
    assert 0.7 <= second <= 0.98
    assert 1.5 <= first_loss <= 3.5
    assert 0.1 <= second_loss <= 1.3
    assert second_loss < first_loss
    counts = re.search(r"answers 0 to 5: \[([\d ]+)\]", drawn_hands)
    assert counts is not None
    answers = list(map(int, counts[1].split()))
    assert max(answers) > 300
    assert min(answers) < 60
    untrained, _ = re.findall(r"Test Accuracy = ([\d.]+)", drawn_hands)
    assert 0.05 <= float(untrained) <= 0.3


def test_the_trained_weights_are_right_about_the_test_images(drawn_hands):
    _, trained = re.findall(r"Test Accuracy = ([\d.]+)", drawn_hands)
    assert float(trained) >= 0.97


def test_the_model_is_drawn_and_summarised(executed):
    folder, notebook = executed(NAMES[0])
    shown = [str(out.get("data", "")) for out in outputs(notebook)]
    assert any("23,600,006" in text for text in shown)
    if shutil.which("dot"):
        drawn = (folder / "resnet50.png").read_bytes()
        assert drawn.startswith(b"\x89PNG")
        assert any("<svg" in text for text in shown)
