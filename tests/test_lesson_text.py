"""What holds for the text of every lesson and for its notebook's metadata."""

import ast
import io
import itertools
import re

import nbformat
import pytest
from PIL import Image

from grader.lessons import NAMES
from tests.lessons.source import source_of

#: Of lesson 1.
POINTS = {
    "identity_block-layers": 8,
    "identity_block-wiring": 15,
    "identity_block-weights": 3,
    "identity_block-values": 4,
    "convolutional_block-layers": 8,
    "convolutional_block-wiring": 15,
    "convolutional_block-weights": 3,
    "convolutional_block-values": 4,
    "ResNet50-plan": 20,
    "ResNet50-layers": 6,
    "ResNet50-summary": 6,
    "ResNet50-values": 8,
}
SOLUTIONS = {
    "identity_block": "(X, f, filters, stage, block)",
    "convolutional_block": "(X, f, filters, stage, block, s=2)",
    "ResNet50": "(input_shape=(64, 64, 3), classes=6)",
}
SECTIONS = [
    "# Residual networks",
    "## How the exercises work",
    "## 1 The problem of very deep networks",
    "## 2 Building a residual network",
    "### 2.1 The identity block",
    "### 2.2 The convolutional block",
    "## 3 Your first ResNet: 50 layers",
    "### 3.1 The network",
    "### 3.2 The data",
    "### 3.3 Two epochs of training",
    "### 3.4 A trained model",
    "## 4 Test on your own image (optional)",
    "## 5 The network as a table and as a drawing (optional)",
    "## What to remember",
    "## References",
]
first = pytest.mark.parametrize("source", NAMES[:1], indirect=True)


@pytest.fixture(params=NAMES)
def source(request):
    return source_of(request.param)


@pytest.fixture
def notebook(source):
    return nbformat.read(source.solution_notebook, as_version=4)


@pytest.fixture
def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture
def text(notebook):
    return [c.source for c in notebook.cells if c.cell_type == "markdown"]


@pytest.fixture
def graded(code):
    """Cells that bear nbgrader's metadata, by grade id."""
    return {c.metadata.nbgrader.grade_id: c for c in code if "nbgrader" in c.metadata}


def tags(cell) -> list[str]:
    return list(cell.metadata.get("tags", []))


def headings(text) -> list[str]:
    lines = (line for cell in text for line in cell.splitlines())
    return [line for line in lines if re.match(r"#+ ", line)]


def test_notebook_is_valid_and_stripped(notebook, code):
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    # without it JupyterLab writes it on opening, and the notebook counts as changed
    assert notebook.metadata.language_info.name == "python"
    assert all(cell.outputs == [] for cell in code)
    assert all(cell.execution_count is None for cell in code)
    ids = [cell.id for cell in notebook.cells]
    assert len(set(ids)) == len(ids)


def test_it_opens_with_what_you_do_learn_and_need(text):
    opening = text[0]
    assert opening.startswith("# ")
    for word in ("**You will do**", "**You will learn**", "**You need**"):
        assert word in opening


def test_it_ends_with_what_to_remember_and_references(text):
    assert headings(text)[-2:] == ["## What to remember", "## References"]


def test_test_cells_are_locked_and_call_their_check(source, graded):
    for check in source.lesson.checks:
        cell = graded[check.id]
        assert cell.metadata.nbgrader == {
            "grade": True,
            "grade_id": check.id,
            "locked": True,
            "points": check.points,
            "schema_version": 3,
            "solution": False,
            "task": False,
        }
        assert tags(cell) == ["raises-exception"]
        comment, call = cell.source.splitlines()
        assert comment.startswith("# ")
        assert call == f'lesson.check("{check.id}", {check.function})'


def test_solution_cells(source, graded):
    for function in source.lesson.functions:
        cell = graded[function]
        assert cell.metadata.nbgrader == {
            "grade": False,
            "grade_id": function,
            "locked": False,
            "schema_version": 3,
            "solution": True,
            "task": False,
        }
        lines = cell.source.splitlines()
        assert lines[0] == f"# GRADED FUNCTION: {function}"
        assert sum("### BEGIN SOLUTION" in line for line in lines) >= 1
        defined = [
            node
            for node in ast.parse(cell.source).body
            if getattr(node, "name", "") == function
        ]
        assert len(defined) == 1
        assert ast.get_docstring(defined[0])


def test_test_cells_follow_their_exercise(source, graded):
    order = [grade_id.split("-")[0] for grade_id in graded]
    functions = list(source.lesson.functions)
    assert list(dict.fromkeys(order)) == functions
    assert order == sorted(order, key=functions.index)
    assert [i for i in graded if "-" not in i] == functions


def test_sections_with_exercises_end_with_how_far_you_are(notebook):
    """So does the lesson."""
    last = [cell.source for cell in notebook.cells if cell.cell_type == "code"][-1]
    waiting = False
    for cell in notebook.cells:
        if cell.source == last == "lesson.progress()":
            assert tags(cell) == ["skip-execution"]
            waiting = False
        elif cell.source.startswith("## "):
            assert not waiting, cell.source
        waiting = waiting or "lesson.check(" in cell.source
    assert last == "lesson.progress()"


def test_graded_cells_are_not_skipped(code):
    for cell in code:
        skipped = "skip-execution" in tags(cell)
        assert not (skipped and "nbgrader" in cell.metadata), cell.id


def test_cells_that_need_an_exercise_may_raise(source, code):
    """Run All goes on past them."""
    for cell in code:
        tree = ast.parse(cell.source)
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        own = cell.metadata.get("nbgrader", {}).get("solution", False)
        if not own and names & set(source.lesson.functions):
            assert "raises-exception" in tags(cell), cell.id


def test_a_sentence_leads_to_each_cell(source, notebook):
    for before, after in itertools.pairwise(notebook.cells):
        if before.cell_type == after.cell_type == "code":
            tests = all("raises-exception" in tags(cell) for cell in (before, after))
            assert tests or "def " in before.source, after.id


def test_code_lines_are_short(code):
    long = [
        line for cell in code for line in cell.source.splitlines() if len(line) > 76
    ]
    assert long == []


def test_figures_have_alt_text_and_exist(source, text):
    figures = [f for cell in text for f in re.findall(r"!\[(.*?)\]\((.*?)\)", cell)]
    assert figures
    for alt, target in figures:
        assert len(alt) > 60, target
        assert (source.folder / target).is_file(), target
    assert not any("<img" in cell for cell in text)


def test_figures_are_numbered_in_order(notebook):
    everything = "\n".join(cell.source for cell in notebook.cells)
    captions = re.findall(r"Figure (\d+)\s*:", everything)
    assert captions == [str(n) for n in range(1, len(captions) + 1)]
    assert captions


def test_it_speaks_of_no_machine(notebook):
    everything = "\n".join(cell.source for cell in notebook.cells)
    assert not re.search(r"/work/|/root/|/tmp/|shared/", everything)


@first
def test_sections_are_in_order(text):
    assert headings(text) == SECTIONS


@first
def test_points_and_signatures_are_the_contract(source, graded):
    assert {check.id: check.points for check in source.lesson.checks} == POINTS
    for function, signature in SOLUTIONS.items():
        cell = graded[function].source
        assert f"def {function}{signature}:" in cell.splitlines()
        assert "shape" in (ast.get_docstring(ast.parse(cell).body[0]) or "")


@first
def test_long_cells_are_skipped(code):
    slow = ("load_dataset()", ".fit(", ".evaluate(", "plt.show", "load_image(",
            "show_model(", "show_images(", "load_weights(",
            "upload_image(")  # fmt: skip
    for cell in code:
        if any(call in cell.source for call in slow):
            assert "skip-execution" in tags(cell), cell.id


@first
def test_only_cells_that_need_an_exercise_may_raise(code):
    """Any other error stops Run All."""
    needed = {*SOLUTIONS, "model"}
    for cell in code:
        tree = ast.parse(cell.source)
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        own = cell.metadata.get("nbgrader", {}).get("solution", False)
        may_raise = "raises-exception" in tags(cell)
        assert may_raise == (not own and bool(names & needed)), cell.id


@first
def test_published_numbers_are_printed_and_traps_told(text):
    everything = "\n".join(text)
    for part in (
        "0.94822985 0. 1.16101444 2.747859 0. 1.36677003",
        "0.09018463 1.23489773 0.46822017 0.0367176 0. 0.65516603",
        "23,600,006",
        "23,546,886",
        "53,120",
        "tf.nn.relu",
        "AveragePooling2D((2, 2)",
        "layer.output_shape",
    ):
        assert part in everything


@first
def test_sample_image_is_small(source):
    content = (source.folder / "images" / "my_image.jpg").read_bytes()
    assert len(content) < 60_000
    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "JPEG"
        assert image.width == image.height
