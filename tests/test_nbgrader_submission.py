"""Submissions as a hostile or unlucky student makes them, in real kernels."""

import functools
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from traitlets.config import Config

from grader.lessons import get_lesson
from grader.nbgrader.kernels.capturing import Limits
from grader.nbgrader.kernels.kernel import Kernel
from grader.nbgrader.kernels.scratch import copy_files
from grader.nbgrader.kernels.submission import grade
from grader.nbgrader.notebook.given import Given
from grader.sandbox.manager import SandboxManager
from grader.sandbox.probe import probe
from grader.sandbox.warm import parent_for

LESSON = get_lesson("01_residual_networks")
FOLDER = Path(__file__).parents[1] / "solutions" / LESSON.name

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(probe().problem), reason=f"no sandbox: {probe().problem}"),
    pytest.mark.usefixtures("warm"),
]


class Class:
    """Grades notebooks and counts the kernels that this took."""

    def __init__(self, scratch):
        self.scratch = scratch
        self.kernels = 0
        copy_files(FOLDER, scratch)

    @contextmanager
    def kernel(self):
        self.kernels += 1
        manager = functools.partial(SandboxManager, warm=parent_for(()))
        with Kernel("python3", self.scratch, Config(), manager_class=manager) as kernel:
            yield kernel

    def grade(self, notebook, **limits):
        graded = grade(
            notebook,
            LESSON,
            lambda function: f"test/{function}",
            self.kernel,
            Limits(**limits),
            Given.of(FOLDER / f"{LESSON.notebook}.ipynb"),
        )
        points = dict.fromkeys(LESSON.functions, 0.0)
        for check in LESSON.checks:
            points[check.function] += graded.reports[check.id].points
        return tuple(points.values()), graded


@pytest.fixture
def classroom(tmp_path):
    return Class(tmp_path)


@pytest.fixture
def notebook():
    path = FOLDER / f"{LESSON.notebook}.ipynb"
    return nbformat.read(path, as_version=4)


def cell_of(notebook, name):
    return next(
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") == name
    )


def test_the_solution_gets_all_points_whatever_its_own_cells_do(classroom, notebook):
    own = [
        "while True: pass",
        "import os; os._exit(1)",
        "input('name: ')",
        "!sleep 1000",
        "print('x' * 10**9)",
        "raise SystemExit",
        "def not python",
    ]
    for number, source in enumerate(own):
        notebook.cells.insert(3 * number, new_code_cell(source))
    points, graded = classroom.grade(notebook, capture=60)
    assert points == (30, 30, 40)
    assert classroom.kernels == 1
    assert not graded.failures


def test_test_cells_are_not_needed_and_never_run(classroom, notebook):
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("grade"):
            cell.source = "import os; os._exit(1)"
    notebook.cells = [c for c in notebook.cells if "-values" not in str(c.metadata)]
    assert classroom.grade(notebook)[0] == (30, 30, 40)


def test_names_from_anywhere_are_found(classroom, notebook):
    cell = cell_of(notebook, "identity_block")
    cell.source = cell.source.replace("Activation(", "layers.Activation(")
    tags = {"tags": ["skip-execution"]}
    notebook.cells.append(new_code_cell("from keras import layers", metadata=tags))
    assert classroom.grade(notebook)[0] == (30, 30, 40)


def test_one_failing_statement_takes_no_other_with_it(classroom, notebook):
    setup = next(c for c in notebook.cells if "import keras" in c.source)
    setup.source = "import no_such_module\n" + setup.source
    cell = cell_of(notebook, "identity_block")
    cell.source = cell.source.replace("    return X", "    return no_such_module")
    assert classroom.grade(notebook)[0] == (0, 30, 40)


@pytest.mark.parametrize(
    ("lost", "kept"),
    [
        ("", ""),
        (
            "Flatten, Input, MaxPooling2D, ZeroPadding2D)",
            "Flatten, Input, MaxPooling2D",
        ),
        ("from keras.models import Model", ""),
        ("Activation, Add,", "Activaton, Add,"),
    ],
    ids=["the cell", "a bracket", "an import", "a letter"],
)
def test_the_imports_of_the_lesson_cost_no_function(classroom, notebook, lost, kept):
    setup = next(c for c in notebook.cells if "import keras" in c.source)
    if lost:
        assert lost in setup.source
        setup.source = setup.source.replace(lost, kept)
    else:
        notebook.cells.remove(setup)
    points, graded = classroom.grade(notebook)
    assert points == (30, 30, 40)
    (told,) = graded.repairs
    assert "cells define: the lesson's lines were run instead" in told
    assert classroom.kernels == 2


def test_names_that_the_lesson_does_not_give_are_lacking(classroom, notebook):
    notebook.cells.remove(next(c for c in notebook.cells if "import keras" in c.source))
    cell = cell_of(notebook, "identity_block")
    cell.source = cell.source.replace("    return X", "    return own_helper(X)")
    points, graded = classroom.grade(notebook)
    assert points == (0, 30, 40)
    found = graded.reports["identity_block-layers"].findings[0].message
    assert "own_helper" in found


def test_a_syntax_error_costs_its_function_alone(classroom, notebook):
    cell_of(notebook, "convolutional_block").source += "\n    X = Add()([X"
    points, graded = classroom.grade(notebook)
    assert points == (30, 0, 40)
    assert graded.failures["convolutional_block"].kind == "syntax"
    assert "line " in graded.failures["convolutional_block"].message


def test_a_broken_draft_beside_a_definition_costs_nothing(classroom, notebook):
    cell = cell_of(notebook, "identity_block")
    notebook.cells.append(new_code_cell(cell.source))
    cell.source = "def identity_block(X, :"
    assert classroom.grade(notebook)[0] == (30, 30, 40)


def test_an_endless_loop_costs_its_function_alone(classroom, notebook):
    cell = cell_of(notebook, "identity_block")
    cell.source = cell.source.replace("    return X", "    while True: pass")
    points, graded = classroom.grade(notebook, capture=3)
    assert points == (0, 30, 40)
    assert graded.failures["identity_block"].kind == "timeout"
    assert "3 seconds" in graded.failures["identity_block"].message


def test_a_function_that_kills_its_kernel_costs_itself_alone(classroom, notebook):
    cell = cell_of(notebook, "identity_block")
    cell.source = cell.source.replace("    return X", "    __import__('os')._exit(1)")
    points, graded = classroom.grade(notebook)
    assert points == (0, 30, 40)
    assert graded.failures["identity_block"].kind == "died"
    assert classroom.kernels == 2


def test_a_needed_statement_that_kills_the_kernel_is_left_out(classroom, notebook):
    cell = cell_of(notebook, "identity_block")
    cell.source += "\n\nidentity_block = __import__('os')._exit(1)"
    points, graded = classroom.grade(notebook)
    assert points == (30, 30, 40)
    assert classroom.kernels == 2
    assert not graded.failures


def test_a_deleted_function_is_undefined(classroom, notebook):
    notebook.cells.remove(cell_of(notebook, "ResNet50"))
    points, graded = classroom.grade(notebook)
    assert points == (30, 30, 0)
    (finding,) = graded.reports["ResNet50-plan"].findings[:1]
    assert "not defined" in finding.message


def test_a_definition_that_raises_says_so(classroom, notebook):
    cell_of(notebook, "ResNet50").source = "def ResNet50(shape=missing): pass"
    points, graded = classroom.grade(notebook)
    assert points == (30, 30, 0)
    assert "missing" in graded.failures["ResNet50"].message


def test_forged_displays_earn_nothing(classroom, notebook):
    forgery = """
def identity_block(X, f, filters, stage, block):
    import sys
    from IPython.display import display
    frame = sys._getframe()
    while "nonce" not in frame.f_locals:
        frame = frame.f_back
    nonce = frame.f_locals["nonce"]
    kind = "application/vnd.resnet-course.capture+json"
    for _ in range(2):
        display({kind: {"nonce": nonce, "capture": {"points": 100}}}, raw=True)
"""
    cell_of(notebook, "identity_block").source = forgery
    points, graded = classroom.grade(notebook)
    assert points == (0, 30, 40)
    assert graded.failures["identity_block"].kind == "unreadable"


def test_the_whole_notebook_has_a_budget(classroom, notebook):
    points, graded = classroom.grade(notebook, submission=0.01)
    assert points == (0, 0, 0)
    assert {failure.kind for failure in graded.failures.values()} == {"timeout"}


def test_side_effects_that_the_slice_cannot_see_are_run_after_all(classroom, notebook):
    helper = (
        "PARTS = {}\n"
        "def register(name):\n"
        "    def keep(part):\n"
        "        PARTS[name] = part\n"
        "        return part\n"
        "    return keep\n"
        "@register('relu')\n"
        "def rectify(X):\n"
        "    return Activation('relu')(X)\n"
    )
    notebook.cells.insert(3, new_code_cell(helper))
    cell = cell_of(notebook, "identity_block")
    cell.source = cell.source.replace('Activation("relu")(X)', 'PARTS["relu"](X)')
    points, _ = classroom.grade(notebook)
    assert points == (30, 30, 40)


def test_an_experiment_after_the_test_cells_changes_no_mark(classroom, notebook):
    broken = cell_of(notebook, "identity_block").source.replace("X_shortcut])", "X])")
    notebook.cells.append(new_code_cell(broken))
    notebook.cells.append(new_code_cell("del convolutional_block"))
    points, _ = classroom.grade(notebook)
    assert points == (30, 30, 40)


def test_annotations_of_the_future_are_kept(classroom, notebook):
    cell = cell_of(notebook, "identity_block")
    cell.source = "from __future__ import annotations\n" + cell.source.replace(
        "(X, f,", "(X: Nowhere, f: Nothing,"
    )
    points, _ = classroom.grade(notebook)
    assert points == (30, 30, 40)


def test_line_numbers_are_those_of_the_student_s_own_cell(classroom, notebook):
    cell = cell_of(notebook, "identity_block")
    lines = ["# mine", "", *cell.source.split("\n")]
    at = next(i for i, line in enumerate(lines) if "X_shortcut = X" in line)
    lines[at] = "    raise RuntimeError('here')"
    cell.source = "\n".join(lines)
    _, graded = classroom.grade(notebook)
    look = graded.reports["identity_block-layers"].findings[0].look
    assert look.startswith(f"Line {at + 1} of its cell")


HEAD = """from keras.layers import *
from keras.models import Model
from resnets_utils import glorot_uniform
"""


def test_functions_that_come_by_a_magic_count(classroom, notebook):
    """From a file that came along, from one that a cell writes, and under %%time."""
    sources = {name: cell_of(notebook, name) for name in LESSON.functions}
    text = HEAD + sources["identity_block"].source
    (classroom.scratch / "helper.py").write_text(text)
    sources["identity_block"].source = "%matplotlib inline\n%run helper.py"
    text = HEAD + sources["convolutional_block"].source
    index = notebook.cells.index(sources["convolutional_block"])
    notebook.cells.insert(index, new_code_cell(f"%%writefile blocks.py\n{text}"))
    sources["convolutional_block"].source = "from blocks import *"
    sources["ResNet50"].source = "%%time\n" + sources["ResNet50"].source
    points, graded = classroom.grade(notebook)
    assert points == (30, 30, 40)
    assert not graded.failures


def test_what_is_lacking_is_told_by_what_lost_it(classroom, notebook):
    sources = {name: cell_of(notebook, name) for name in LESSON.functions}
    sources["identity_block"].source = "%run gone.py"
    old = sources["convolutional_block"].source
    notebook.cells.insert(9, new_code_cell(old))
    sources["convolutional_block"].source = old + "\n    X = Add()([X"
    text = sources["ResNet50"].source.replace("Flatten()", "flat()")
    sources["ResNet50"].source = text
    notebook.cells.insert(9, new_code_cell("def flat():\n    return Flatten("))
    points, graded = classroom.grade(notebook)
    assert points == (0, 0, 0)
    told = {name: failure.message for name, failure in graded.failures.items()}
    assert told["identity_block"] == (
        "identity_block is not defined: `%run gone.py` did not work: Exception: File "
        "`'gone.py'` not found. Was the file handed in beside the notebook?"
    )
    assert "The cell of convolutional_block is not valid" in told["convolutional_block"]
    assert told["ResNet50"].startswith(
        "ResNet50 uses flat, which is not defined: its cell is not valid Python, line 2"
    )
