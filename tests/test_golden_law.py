"""The solution scores 100 %, the untouched release 0 %."""

import ast
import sys

import nbformat
import pytest

from tests.mutants.outcome import LESSON, judge_names
from tests.mutants.source import (
    FUNCTIONS,
    RELEASE,
    SOLUTION,
    cells,
    namespace,
    solution,
)

SEEDS = ("practice", "one", "two")


def graded_cells(notebook):
    found = {}
    for cell in nbformat.read(notebook, as_version=4).cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade"):
            found[about["grade_id"]] = about["points"]
    return found


def unsolved(function, left):
    """The release's function; `left` stands where it raises."""
    tree = ast.parse(cells(RELEASE)[function])
    (definition,) = tree.body
    assert isinstance(definition, ast.FunctionDef)
    kept = [s for s in definition.body if not isinstance(s, ast.Raise)]
    assert len(kept) == len(definition.body) - 1
    if left is not None:
        line = next(s for s in definition.body if isinstance(s, ast.Raise))
        kept.insert(definition.body.index(line), left)
    definition.body = kept
    return ast.unparse(ast.fix_missing_locations(tree))


def judged(function, seed, **sources):
    return judge_names(function, namespace(**sources), seed)


@pytest.mark.parametrize("notebook", [SOLUTION, RELEASE], ids=["solution", "release"])
def test_points_are_those_of_the_notebook(notebook):
    assert graded_cells(notebook) == {c.id: c.points for c in LESSON.checks}


def test_points_of_the_functions():
    points = dict.fromkeys(FUNCTIONS, 0)
    for check in LESSON.checks:
        points[check.function] += check.points
    assert points == {"identity_block": 30, "convolutional_block": 30, "ResNet50": 40}
    assert LESSON.points == 100
    assert LESSON.functions == FUNCTIONS


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_solution_scores_all(function, seed):
    outcome = judged(function, seed)
    assert outcome.lost == 0, outcome.first
    assert not outcome.notes


def test_cells_as_they_stand_score_all(monkeypatch):
    """With the notebook's own imports, its comments and docstrings."""
    monkeypatch.setenv("MPLBACKEND", "agg")
    monkeypatch.syspath_prepend(str(SOLUTION.parent))
    names = {"__name__": "__main__"}
    code = [c for c in nbformat.read(SOLUTION, 4).cells if c.cell_type == "code"]
    exec(code[0].source, names)
    for function in FUNCTIONS:
        exec(cells(SOLUTION)[function], names)
    for function in FUNCTIONS:
        assert judge_names(function, names, "cells").lost == 0
    sys.modules.pop("resnets_utils", None)


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    "left",
    [
        pytest.param("raise NotImplementedError()", id="raises"),
        pytest.param(None, id="raise removed"),
        pytest.param("pass", id="pass"),
        pytest.param("X = X", id="X is X"),
    ],
)
def test_untouched_release_scores_nothing(function, left):
    statement = None if left is None else ast.parse(left).body[0]
    sources = {name: unsolved(name, statement) for name in FUNCTIONS}
    outcome = judged(function, "one", **sources)
    assert sum(outcome.points.values()) == 0


@pytest.mark.parametrize("function", FUNCTIONS)
def test_one_function_unsolved_leaves_the_others(function):
    stop = ast.parse("raise NotImplementedError()").body[0]
    names = namespace(**{function: unsolved(function, stop)})
    for other in FUNCTIONS:
        outcome = judge_names(other, names, "one")
        assert (outcome.lost == 0) == (other != function), outcome.first


def test_solution_is_readable_without_its_comments():
    for function in FUNCTIONS:
        assert solution(function).startswith(f"def {function}(")
