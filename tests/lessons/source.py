"""A lesson's notebook as source: its cells, its graded functions, a namespace."""

import ast
import contextlib
import functools
import importlib
import io
import linecache
import re
import sys
from pathlib import Path
from typing import Any

import matplotlib
import nbformat
import pytest

from grader.lessons import get_lesson
from tests.lessons.edit import edit
from tests.lessons.outcome import Outcome, challenge_text, judge_through_channel

ROOT = Path(__file__).resolve().parents[2]


class Source:
    """The solution of one lesson.

    Args:
        name: the lesson's folder.
    """

    def __init__(self, name: str):
        self.lesson = get_lesson(name)
        self.folder = ROOT / "solutions" / name
        self.solution_notebook = self.folder / f"{self.lesson.notebook}.ipynb"
        self.release_notebook = ROOT / "assignments" / name / f"{self.lesson.notebook}.ipynb"

    def part(self, *module: str) -> Any:
        """A module of the lesson's cases, as "mutants", "equivalents" or "demo"."""
        folder = self.lesson.name.partition("_")[2]
        return importlib.import_module(".".join(("tests.lessons", folder, *module)))

    @functools.cached_property
    def code(self) -> list[Any]:
        """The code cells of the solution."""
        cells = nbformat.read(self.solution_notebook, as_version=4).cells
        return [cell for cell in cells if cell.cell_type == "code"]

    @functools.cached_property
    def cells(self) -> dict[str, str]:
        """Sources of the graded functions' cells, by grade id."""
        return _graded(self.solution_notebook, self.lesson.functions)

    @functools.cached_property
    def released(self) -> dict[str, str]:
        """The same of the release."""
        return _graded(self.release_notebook, self.lesson.functions)

    def cell(self, function: str) -> str:
        """A graded function's cell, as it stands."""
        return self.cells[function]

    @functools.cache  # noqa: B019 - one Source a lesson
    def solution(self, function: str) -> str:
        """A graded cell's code without comments and the function's docstring."""
        tree = ast.parse(self.cells[function])
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and ast.get_docstring(node) is not None:
                node.body = node.body[1:] or [ast.Pass()]
        return ast.unparse(tree)

    def callers(self, function: str) -> list[str]:
        """The other graded functions that call one, or one that does."""
        found, new = [function], 1
        while new:
            used = re.compile(rf"\b({'|'.join(found)})\b")
            others = [f for f in self.lesson.functions if f not in found]
            more = [f for f in others if used.search(self.solution(f))]
            found, new = found + more, len(more)
        return found[1:]

    def unsolved(self, function: str, left: str) -> str:
        """The release's cell, with a statement in the place of the one that raises.

        Raises:
            AssertionError: if nothing raises there.
        """
        tree = ast.parse(self.released[function])
        changed = 0
        for node in ast.walk(tree):
            body = getattr(node, "body", None)
            if not isinstance(body, list):
                continue
            for index, statement in enumerate(body):
                raises = isinstance(statement, ast.Raise)
                if raises and "NotImpl" in ast.dump(statement):
                    body[index] = ast.parse(left).body[0]
                    changed += 1
        assert changed
        return ast.unparse(ast.fix_missing_locations(tree))

    def edited(self, function: str, old: str, new: str, nth: int | None = None) -> str:
        """The solution with one text replaced, see `edit`."""
        return edit(self.solution(function), old, new, nth)

    @functools.cached_property
    def given(self) -> dict[str, Any]:
        """What the cells before the graded ones bring: imports and given helpers.

        Cells that train, draw or need a graded function are left out. `IMPORTS` of the
        lesson's cases are what learners import beside.
        """
        names: dict[str, Any] = {"__name__": "__main__"}
        # not by the environment, which kernels inherit that are to show figures
        matplotlib.use("agg")
        with in_folder(self.folder), contextlib.redirect_stdout(io.StringIO()):
            for cell in self.code:
                tags = cell.metadata.get("tags", [])
                if "nbgrader" in cell.metadata:
                    continue
                if {"raises-exception", "skip-execution"} & set(tags):
                    continue
                run(cell.source, names, "<given cell>")
            run(getattr(self.part(), "IMPORTS", ""), names, "<imports>")
        return names

    def namespace(self, **sources: str) -> dict[str, Any]:
        """Runs the graded functions as a kernel would.

        Args:
            sources: of functions that differ from the solution.
        """
        names = dict(self.given)
        with in_folder(self.folder):
            for function in self.lesson.functions:
                source = sources.get(function, self.solution(function))
                run(source, names, f"<cell {function}>")
        return names

    def judge(self, function: str, version: str | dict[str, Any], seed: str = "test") -> Outcome:
        """Captures and judges a function, as autograde does.

        Args:
            function: which.
            version: its source, or a namespace that it stands in.
            seed: the challenge's.
        """
        if package := self.lesson.lacking(function):
            pytest.skip(f"{function} needs {package}, which is not installed")
        if isinstance(version, str):
            version = self.namespace(**{function: version})
        challenge = challenge_text(self.lesson, function, seed)
        with in_folder(self.folder):
            return judge_through_channel(self.lesson, function, challenge, version)


@functools.cache
def source_of(name: str) -> Source:
    """The one `Source` of a lesson."""
    return Source(name)


def _graded(notebook: Path, functions: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for cell in nbformat.read(notebook, as_version=4).cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id")
        if grade_id in functions:
            found[grade_id] = cell.source
    return found


@contextlib.contextmanager
def in_folder(folder: Path):
    """A notebook's kernel finds the modules and files beside the notebook."""
    sys.path.insert(0, str(folder))
    try:
        with contextlib.chdir(folder):
            yield
    finally:
        sys.path.remove(str(folder))


def run(source: str, names: dict[str, Any], filename: str = "<cell>") -> None:
    """Runs a cell, so that a traceback can show its lines."""
    linecache.cache[filename] = (len(source), None, source.splitlines(True), filename)
    exec(compile(source, filename, "exec"), names)


def defines(source: str, name: str) -> bool:
    """Whether a source defines a name at its top: function, class or assignment."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.name == name:
            return True
        targets = node.targets if isinstance(node, ast.Assign) else []
        if name in {ast.unparse(target) for target in targets}:
            return True
    return False
