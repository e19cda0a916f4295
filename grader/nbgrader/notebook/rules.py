"""What an instructor may change in a lesson's notebook, and what grading relies on.

Questions of one's own are welcome. The checks of the lesson are not to be changed in
the notebook: their points, and what they look at, stand in `grader/lessons/`. A test
cell that grading would not run as it is meant is refused: nbgrader gives it all points.
"""

import ast
import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from grader.exercise.function import Function
from grader.lessons import Check, Lesson
from grader.nbgrader.notebook.questions import grade_id
from grader.nbgrader.notebook.slice import SKIP_TAG

_MODE = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
#: nbgrader makes tests of lines with this word when it generates the assignment
_MADE_LATER = "AUTOTEST"


def broken_rules(notebook: NotebookNode, lesson: Lesson) -> list[str]:
    """Sentences on what keeps a lesson's instructor version from being released.

    Args:
        notebook: the instructor version.
        lesson: whose notebook it is.
    """
    cells = {grade_id(cell): cell for cell in notebook.cells if grade_id(cell)}
    told = [*_functions(cells, lesson), *_calls(lesson)]
    for check in lesson.checks:
        told += _of_lesson(cells.get(check.id), check)
    checks = {check.id for check in lesson.checks}
    for name, cell in cells.items():
        kind = cell.metadata["nbgrader"]
        if kind.get("grade") and not kind.get("solution") and name not in checks:
            told += _own(name, cell)
    return told


def _functions(cells: Mapping[str, NotebookNode], lesson: Lesson) -> Iterator[str]:
    for name in lesson.functions:
        cell = cells.get(name)
        if cell is None or not cell.metadata["nbgrader"].get("solution"):
            yield (
                f"{name}: the lesson grades this function, but no solution cell has "
                f"the id {name}. Put the cell back, with that id."
            )


def _calls(lesson: Lesson) -> Iterator[str]:
    """Calls under which nobody's function could be built."""
    for challenge in lesson.challenges.values():
        function = getattr(challenge, "__self__", None)
        if isinstance(function, Function):
            yield from (f"{told}." for told in function.unbuildable())


def _of_lesson(cell: NotebookNode | None, check: Check) -> Iterator[str]:
    """What was changed of the test cell of one of the lesson's checks."""
    call = f'lesson.check("{check.id}", {check.function})'
    if cell is None:
        yield (
            f"{check.id}: this check of the lesson has no test cell any more. Put back "
            f"one with this id, {check.points} points and the line {call}."
        )
        return
    kind = cell.metadata["nbgrader"]
    points = kind.get("points")
    if cell.cell_type != "code" or not kind.get("grade") or kind.get("solution"):
        yield (
            f"{check.id}: the cell of this check is not a test cell. Make it one again."
        )
    elif points != check.points:
        yield (
            f"{check.id}: its cell has {points} points, the check {check.points}. "
            "Put the cell's points back, or change both: the check's points stand in "
            "grader/lessons/."
        )
    if _dump(cell.source) != _dump(call):
        yield (
            f"{check.id}: the cell of this check has to be {call} alone, for grading "
            "judges what this call shows and runs nothing else there. Put other tests "
            "into a test cell of their own."
        )


def _own(name: str, cell: NotebookNode) -> Iterator[str]:
    """What keeps an instructor's own test cell from being run as it is meant."""
    if SKIP_TAG in cell.metadata.get("tags", []):
        yield f"{name}: a test cell must not have the tag {SKIP_TAG}: take it off."
    if _MADE_LATER in cell.source:
        return
    try:
        tree = _parsed(cell.source)
    except SyntaxError as error:
        yield (
            f"{name}: the test cell is not valid Python, line {error.lineno}: "
            f"{error.msg}. Nobody could pass it."
        )
        return
    if not tree.body:
        yield (
            f"{name}: the test cell has nothing to run, so everybody would pass it. "
            "Write a test, or make it an answer that is graded by hand."
        )
    if any(map(_is_check, ast.walk(tree))):
        yield (
            f"{name}: a test cell of your own cannot call lesson.check: what judges is "
            "not there where submissions run. Use assert on what the function returns."
        )


def _is_check(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "check"
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "lesson"
    )


def _dump(source: str) -> Any:
    """The code of a cell, without comments; its text where it is no Python."""
    try:
        return ast.dump(_parsed(source))
    except SyntaxError:
        return source


def _parsed(source: str) -> ast.Module:
    """The code of a cell with IPython's magics as calls.

    Raises:
        SyntaxError: if it is not valid.
    """
    code = TransformerManager().transform_cell(source)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return compile(code, "<cell>", "exec", flags=_MODE, dont_inherit=True)
        except (ValueError, RecursionError, MemoryError) as error:
            raise SyntaxError(str(error)) from error
