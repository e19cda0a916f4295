"""What a student's code looks like without its names and comments.

Each statement becomes a form: names that the cell itself gives are one and the same,
comments, docstrings and annotations are gone, and of `for`, `if` and `def` there is the
head alone. Nothing is run.
"""

import ast
import copy
import warnings
from collections.abc import Collection, Iterator, Sequence
from typing import Any

_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)
#: characters of a cell; what is longer is no answer that somebody wrote
LONGEST = 50_000
#: stands for each name of the student's own
NAME = "_"
#: where a statement has others in it
_BODIES = {"body", "orelse", "finalbody", "handlers", "cases"}


def forms(cells: Sequence[str], kept: Collection[str] = ()) -> frozenset[str]:
    """The forms of the statements in a notebook's code cells.

    Args:
        cells: sources. One that Python cannot read has none.
        kept: names that stay as they are, wherever they are given.
    """
    found = set[str]()
    for source in cells:
        if len(source) > LONGEST:
            continue
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = ast.parse(source)
                tree = _Plain(_given(tree) - set(kept)).visit(tree)
                found.update(_heads(tree))
        except _ERRORS:
            continue
    return frozenset(found)


def _given(tree: ast.AST) -> set[str]:
    """Names that a text binds."""
    names = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        elif isinstance(node, ast.arg):
            names.add(node.arg)
        elif isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
            names.add(node.name)
    return names


class _Plain(ast.NodeTransformer):
    """Takes names and annotations away."""

    def __init__(self, given: Collection[str]):
        self._given = given

    def visit_Name(self, node: ast.Name) -> ast.AST:
        return ast.Name(self._plain(node.id), node.ctx)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return ast.arg(self._plain(node.arg))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.name, node.returns = self._plain(node.name), None
        return self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        return node if node.value is None else ast.Assign([node.target], node.value)

    def _plain(self, name: str) -> str:
        return NAME if name in self._given else name


def _heads(tree: ast.AST) -> Iterator[str]:
    """Each statement as text; of one with others in it, what stands above those."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.stmt) or isinstance(node, ast.Pass):
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue  # a docstring
        inner = {name for name, _ in ast.iter_fields(node)} & _BODIES
        head: Any = copy.copy(node)
        for name in inner:
            setattr(head, name, [])
        yield ast.unparse(ast.fix_missing_locations(head))
