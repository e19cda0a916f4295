"""A course whose instructor added questions of their own to lesson 1.

The questions are of each kind that nbgrader's documentation shows. Students hand in
lesson 1 with answers to them.
"""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from grader.lessons import get_lesson

ROOT = Path(__file__).parents[1]
LESSON = get_lesson("01_residual_networks")
NOTEBOOK = f"{LESSON.notebook}.ipynb"
#: the instructor's test cells and what they are worth
TESTS = {"square-test": 2, "square-partial": 4, "identity_block-mine": 1}
#: what is graded by hand
BY_HAND = {"why": 3}

_SQUARE = """\
def square(x):
    ### BEGIN SOLUTION
    return x * x
    ### END SOLUTION
"""
_TEST = """\
assert square(LIMIT) == 9
### BEGIN HIDDEN TESTS
assert square(-2) == 4, "negative numbers, too"
### END HIDDEN TESTS
"""
_PARTIAL = "1.0 * sum(square(n) == n * n for n in range(4))"
_MINE = """\
import keras
out = identity_block(keras.Input((8, 8, 4)), 2, [2, 2, 4], 1, "a")
assert out.shape == (None, 8, 8, 4)
"""


def tagged(cell: NotebookNode, grade_id: str, **kind: float) -> NotebookNode:
    """A cell with nbgrader's metadata: `grade`, `solution`, `locked`, `points`, ..."""
    flags = {"grade": False, "solution": False, "locked": False, "task": False}
    given = {"grade_id": grade_id, "schema_version": 3, **flags, **kind}
    cell.metadata["nbgrader"] = NotebookNode(given)
    return cell


def autograder_tests(grade_id: str, source: str, points: float) -> NotebookNode:
    """A test cell as nbgrader's toolbar makes it."""
    kind = {"grade": True, "locked": True, "points": points}
    return tagged(new_code_cell(source), grade_id, **kind)


def add_questions(notebook: NotebookNode) -> None:
    """Puts the questions behind the checks of the first function."""
    place = next(
        i
        for i, cell in enumerate(notebook.cells)
        if id_of(cell) == "convolutional_block"
    )
    notebook.cells[place:place] = [
        tagged(new_code_cell("LIMIT = 3"), "given", locked=True),
        tagged(new_code_cell(_SQUARE), "square", solution=True),
        autograder_tests("square-test", _TEST, 2),
        autograder_tests("square-partial", _PARTIAL, 4),
        autograder_tests("identity_block-mine", _MINE, 1),
        tagged(new_markdown_cell("Why?"), "why", grade=True, solution=True, points=3),
    ]


def id_of(cell: NotebookNode) -> str | None:
    """A cell's grade id."""
    return cell.metadata.get("nbgrader", {}).get("grade_id")


def cell_of(notebook: NotebookNode, grade_id: str) -> NotebookNode:
    """The cell with a grade id."""
    return next(cell for cell in notebook.cells if id_of(cell) == grade_id)


def checkout(folder: Path, change: Callable[[NotebookNode], None]) -> Path:
    """Makes a checkout with lesson 1 alone, changed by its instructor."""
    source = ROOT / "solutions" / LESSON.name
    shutil.copytree(source, folder / "solutions" / LESSON.name)
    shutil.copy(ROOT / "nbgrader_config.py", folder)
    path = folder / "solutions" / LESSON.name / NOTEBOOK
    notebook = nbformat.read(path, as_version=4)
    change(notebook)
    nbformat.write(notebook, path)
    return folder


def command(programs: Path, folder: Path, *arguments: str) -> tuple[int, str]:
    """Runs `grader ...` or `nbgrader ...` in a checkout: exit status, what it says.

    Args:
        programs: the folder of both.
        folder: the checkout.
        arguments: which of both, and its own.
    """
    program, *rest = arguments
    done = subprocess.run(
        [str(programs / program), *rest],
        cwd=folder,
        env={k: v for k, v in os.environ.items() if k != "GRADER_RUN_FOLDER"},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr


def hand_in(folder: Path, student: str, change: Callable[[NotebookNode], None]) -> None:
    """Hands in a student's notebook: the release, changed."""
    notebook = nbformat.read(
        folder / "assignments" / LESSON.name / NOTEBOOK, as_version=4
    )
    change(notebook)
    target = folder / "course" / "submitted" / student / LESSON.name
    target.mkdir(parents=True)
    nbformat.write(notebook, target / NOTEBOOK)


def answer(body: str, before: str = "") -> Callable[[NotebookNode], None]:
    """An answer to the question: what the function returns."""

    def change(notebook: NotebookNode) -> None:
        cell = cell_of(notebook, "square")
        cell.source = f"{before}def square(x):\n    {body}\n"

    return change
