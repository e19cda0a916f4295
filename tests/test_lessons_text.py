"""What holds for the text of every lesson and for its notebook's metadata."""

import ast
import itertools
import re

import nbformat
import pytest

from grader.lessons import LESSONS
from tests.lessons.source import source_of


@pytest.fixture(params=list(LESSONS))
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
    headings = [
        line for cell in text for line in cell.splitlines() if re.match(r"#+ ", line)
    ]
    assert headings[-2:] == ["## What to remember", "## References"]


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
