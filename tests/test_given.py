"""What a lesson's own cells define is there for a notebook that lost them."""

import builtins
from pathlib import Path

import nbformat
import pytest

from grader.lessons import LESSONS, get_lesson
from grader.nbgrader.given import Given, told
from grader.nbgrader.submission import read

SOURCES = Path(__file__).parents[1] / "solutions"


def source(lesson):
    return SOURCES / lesson.name / f"{lesson.notebook}.ipynb"


@pytest.mark.parametrize("name", LESSONS)
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


@pytest.mark.parametrize("name", LESSONS)
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
