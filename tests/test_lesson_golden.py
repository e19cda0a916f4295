"""Of each lesson: the solution scores 100 %, the untouched release 0 %."""

import nbformat
import pytest

from grader.lessons import NAMES, get_lesson
from grader.practice import PRACTICE_SEED
from tests.lessons.source import source_of

pytestmark = pytest.mark.slow

FUNCTIONS = [(name, f) for name in NAMES for f in get_lesson(name).functions]
SEEDS = ("one", "two")
#: What stands in a released function where it raises.
LEFT = ("raise NotImplementedError()", "pass")

each_lesson = pytest.mark.parametrize("name", NAMES)
each_function = pytest.mark.parametrize(("name", "function"), FUNCTIONS)


def graded_cells(notebook):
    found = {}
    for cell in nbformat.read(notebook, as_version=4).cells:
        about = cell.metadata.get("nbgrader", {})
        if about.get("grade"):
            found[about["grade_id"]] = about["points"]
    return found


@each_lesson
def test_points_are_those_of_the_notebooks(name):
    source = source_of(name)
    expected = {check.id: check.points for check in source.lesson.checks}
    assert graded_cells(source.solution_notebook) == expected
    assert graded_cells(source.release_notebook) == expected
    assert source.lesson.points == 100


@each_function
@pytest.mark.parametrize("seed", SEEDS)
def test_solution_scores_all(name, function, seed):
    source = source_of(name)
    outcome = source.judge(function, source.namespace(), seed)
    assert outcome.lost == 0, outcome.first
    assert not outcome.notes


@each_lesson
def test_cells_as_they_stand_score_all(name):
    """In practice, with their comments and docstrings."""
    source = source_of(name)
    names = source.namespace(**source.cells)
    for function in source.lesson.functions:
        outcome = source.judge(function, names, PRACTICE_SEED)
        assert outcome.lost == 0, outcome.first
        assert not outcome.notes


@pytest.mark.parametrize(
    ("name", "function", "left"),
    [
        *((name, function, left) for name, function in FUNCTIONS for left in LEFT),
        *((NAMES[0], function, "X = X") for function in get_lesson(NAMES[0]).functions),
    ],
)
def test_untouched_release_scores_nothing(name, function, left):
    source = source_of(name)
    unsolved = {f: source.unsolved(f, left) for f in source.lesson.functions}
    outcome = source.judge(function, source.namespace(**unsolved), "one")
    assert sum(outcome.points.values()) == 0


@each_function
def test_one_function_unsolved_leaves_the_others(name, function):
    """Those that call it; and one that does not, for those are all alike."""
    source = source_of(name)
    names = source.namespace(**{function: source.released[function]})
    callers = source.callers(function)
    apart = [f for f in source.lesson.functions if f not in (function, *callers)]
    for other in (function, *callers, *apart[:1]):
        outcome = source.judge(other, names, "one")
        assert (outcome.lost == 0) == (other != function), (other, outcome.first)
