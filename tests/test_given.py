"""What a lesson's own cells define is there for a notebook that lost them."""

import ast
import builtins
from pathlib import Path

import nbformat
import pytest

from grader.lessons import NAMES, get_lesson
from grader.nbgrader.kernels.submission import read
from grader.nbgrader.notebook import magics
from grader.nbgrader.notebook.given import Given, told

SOURCES = Path(__file__).parents[1] / "solutions"


def source(lesson):
    return SOURCES / lesson.name / f"{lesson.notebook}.ipynb"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_lacking_though_all_given_cells_are_lost(name):
    lesson = get_lesson(name)
    notebook = nbformat.read(source(lesson), as_version=4)
    notebook.cells = [
        cell
        for cell in notebook.cells
        if cell.metadata.get("nbgrader", {}).get("grade_id") in lesson.functions
    ]
    sliced = read(notebook, lesson)[0]
    known = sliced.bound.keys() | set(dir(builtins))
    lost = sliced.refers - known
    assert lost
    given = Given.of(source(lesson))
    assert lost <= given.names()
    steps = given.before(sliced, lost).steps
    defined = frozenset[str]().union(*(step.binds for step in steps))
    assert lost <= defined
    own = len(sliced.steps)
    assert all(step.cell < 0 for step in steps[:-own])
    assert steps[-own:] == sliced.steps


@pytest.mark.parametrize("name", NAMES)
def test_no_answer_is_given(name):
    lesson = get_lesson(name)
    given = Given.of(source(lesson))
    assert given.cells
    assert not set(lesson.functions) & given.names()
    assert not any("BEGIN SOLUTION" in cell for cell in given.cells)


@pytest.mark.parametrize(
    ("names", "listed"),
    [
        ("a", "defines a,"),
        ("ab", "defines a and b,"),
        ("abc", "defines a, b and c,"),
        ("edcba", "defines a, b, c and 2 more,"),
    ],
)
def test_names_are_listed(names, listed):
    assert listed in told(frozenset(names))


#: what learners import under these names, for use in their own cells
IMPORTED = {"K", "Layer", "Model", "keras", "layers", "models", "nn", "np", "ops"}
IMPORTED |= {"F", "plt", "tf", "torch", "backend", "initializers"}


@pytest.mark.parametrize("name", NAMES)
def test_no_given_name_shadows_what_learners_import(name):
    cells = Given.of(source(get_lesson(name))).cells
    nodes = [node for cell in cells for node in ast.walk(magics.parse(cell)[1])]
    stored = {
        node.id
        for node in nodes
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    defined = {
        node.name
        for node in nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }
    assert not (stored | defined) & IMPORTED
