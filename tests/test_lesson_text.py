"""What holds for the text of lesson 1 and for its notebook's metadata."""

import ast
import io
import re
from pathlib import Path

import nbformat
import pytest
from PIL import Image

from grader.lessons import get_lesson

LESSON = Path(__file__).resolve().parents[1] / "solutions" / "01_residual_networks"
NOTEBOOK = LESSON / "residual_networks.ipynb"
TWIN = LESSON / "residual_networks.pct.py"

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


@pytest.fixture(scope="module")
def notebook():
    return nbformat.read(NOTEBOOK, as_version=4)


@pytest.fixture(scope="module")
def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


@pytest.fixture(scope="module")
def text(notebook):
    return [c.source for c in notebook.cells if c.cell_type == "markdown"]


@pytest.fixture(scope="module")
def graded(code):
    """Cells that bear nbgrader's metadata, by grade id."""
    return {c.metadata.nbgrader.grade_id: c for c in code if "nbgrader" in c.metadata}


def tags(cell) -> list[str]:
    return list(cell.metadata.get("tags", []))


def test_sections_are_in_order(text):
    headings = [
        line for cell in text for line in cell.splitlines() if re.match(r"#+ ", line)
    ]
    assert headings == SECTIONS


def test_points_are_those_of_the_checks(graded):
    points = {i: c.metadata.nbgrader.points for i, c in graded.items() if "-" in i}
    assert points == POINTS
    assert sum(points.values()) == 100
    checks = get_lesson("01_residual_networks").checks
    assert {check.id: check.points for check in checks} == POINTS


@pytest.mark.parametrize(("function", "signature"), SOLUTIONS.items())
def test_solution_cell(graded, function, signature):
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
    assert f"def {function}{signature}:" in lines
    assert lines.count("    ### BEGIN SOLUTION") == 1
    assert lines.count("    ### END SOLUTION") == 1
    defined = ast.parse(cell.source).body[0]
    assert isinstance(defined, ast.FunctionDef)
    assert "shape" in (ast.get_docstring(defined) or "")


def test_long_cells_are_skipped_and_not_graded(code):
    slow = ("load_dataset()", ".fit(", ".evaluate(", "plt.show", "load_image(",
            "show_model(", "show_images(", "load_weights(",
            "upload_image(")  # fmt: skip
    for cell in code:
        skipped = "skip-execution" in tags(cell)
        assert not (skipped and "nbgrader" in cell.metadata), cell.id
        if any(call in cell.source for call in slow):
            assert skipped, cell.id


def test_cells_that_need_an_exercise_may_raise(code):
    """Run All goes on past them; any other error stops it."""
    needed = {*SOLUTIONS, "model"}
    for cell in code:
        tree = ast.parse(cell.source)
        names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        own = cell.metadata.get("nbgrader", {}).get("solution", False)
        may_raise = "raises-exception" in tags(cell)
        assert may_raise == (not own and bool(names & needed)), cell.id


def test_figures_have_alt_text_and_exist(text):
    figures = [f for cell in text for f in re.findall(r"!\[(.*?)\]\((.*?)\)", cell)]
    assert len(figures) == 6
    assert figures[-1][1] == "figures/gestures.png"
    for alt, target in figures:
        assert len(alt) > 60, target
        assert (LESSON / target).is_file(), target
    assert not any("<img" in cell for cell in text)


def test_published_numbers_are_printed(text):
    everything = "\n".join(text)
    for number in (
        "0.94822985 0. 1.16101444 2.747859 0. 1.36677003",
        "0.09018463 1.23489773 0.46822017 0.0367176 0. 0.65516603",
        "23,600,006",
        "23,546,886",
        "53,120",
    ):
        assert number in everything


def test_text_warns_of_the_traps_of_keras_3(text):
    everything = "\n".join(text)
    for trap in ("tf.nn.relu", "AveragePooling2D((2, 2)", "layer.output_shape"):
        assert trap in everything


def test_sample_image_is_small():
    path = LESSON / "images" / "my_image.jpg"
    content = path.read_bytes()
    assert len(content) < 60_000
    with Image.open(io.BytesIO(content)) as image:
        assert image.format == "JPEG"
        assert image.width == image.height
