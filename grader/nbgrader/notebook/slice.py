"""The statements of a notebook that define its graded functions, and no others.

A submission also trains, plots, downloads and asks for input. None of that is
graded, so none of it runs: what runs is the graded functions, what they refer to,
what that refers to in turn, and each `from x import *`.
"""

import ast
import contextlib
import symtable
import warnings
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from grader.definitions import defined
from grader.nbgrader.notebook import magics
from grader.nbgrader.notebook.magics import ERRORS

#: a cell with this tag is run by the learner alone: it trains, draws or reads pictures
SKIP_TAG = "skip-execution"
_LOOKUPS = frozenset({"eval", "exec", "globals"})


@dataclass(frozen=True)
class Step:
    """One statement to run.

    Attributes:
        cell: where it stands.
        line: its first line there, counted from 1.
        text: its lines.
        binds: the global names that it binds.
        star: whether it binds names that it does not show, as `from x import *` does.
    """

    cell: int
    line: int
    text: str
    binds: frozenset[str] = frozenset()
    star: bool = False

    @property
    def source(self) -> str:
        """The text with its cell's line numbers."""
        # IPython drops a cell's empty first lines: comments keep line numbers right.
        return "#\n" * (self.line - 1) + self.text


@dataclass(frozen=True)
class SyntaxProblem:
    """Why a cell cannot be read: the line, counted from 1, and what Python says."""

    line: int
    message: str

    def sentence(self, cell: str) -> str:
        """Says it of a cell, without a full stop."""
        message = self.message.rstrip(".")
        return f"{cell} is not valid Python, line {self.line}: {message}"


@dataclass(frozen=True)
class Slice:
    """What to run.

    Attributes:
        steps: statements in notebook order.
        broken: cells that are no Python; nothing of them is in `steps`.
        bound: names that readable cells bind, and the last cell that does.
        whole: whether names are looked up by strings, so that all cells run.
        hidden: names that no cell binds although one has them in its text, and why.
        refers: names that the steps refer to, wherever those come from.
    """

    steps: tuple[Step, ...]
    broken: dict[int, SyntaxProblem] = field(default_factory=dict)
    bound: Mapping[str, int] = field(default_factory=dict)
    whole: bool = False
    hidden: Mapping[str, str] = field(default_factory=dict)
    refers: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Unit:
    line: int
    text: str
    binds: frozenset[str]
    imports: frozenset[str]
    mutates: frozenset[str]
    refers: frozenset[str]
    star: bool
    cell: int = -1


#: statements of cells, by their text
Units = Mapping[str, tuple[_Unit, ...]]


def slice_notebook(
    cells: Sequence[str],
    wanted: Collection[str],
    tagged: Collection[int] = (),
    *,
    whole: bool = False,
    known: Units = MappingProxyType({}),
) -> Slice:
    """Finds the statements that the wanted names need.

    Where a name is bound more than once, all of these statements run in order, as
    they would in the notebook; so do those that change a name's value in place.

    Args:
        cells: sources of the code cells, in notebook order; empty for one that is
            to be left out.
        wanted: names of the graded functions.
        tagged: indices of cells that grading skips. They are used for a name that
            no other cell binds, such as a forgotten import.
        whole: whether to take every statement of the cells that are not tagged.
        known: cells that were read before, such as those of the release.
    """
    units: list[_Unit] = []
    broken, hidden = {}, {}
    for index, source in enumerate(cells):
        hidden |= dict.fromkeys(*magics.hidden(source))
        try:
            own = known[source] if source in known else _units(source)
            units.extend(replace(unit, cell=index) for unit in own)
        except ERRORS as error:
            problem = broken[index] = _problem(error, source)
            hidden |= dict.fromkeys(defined(source), problem.sentence("its cell"))
    kept = _closure(units, wanted, frozenset(tagged))
    bound = {name: unit.cell for unit in units for name in unit.binds}
    whole = whole or any(unit.refers & (_LOOKUPS - bound.keys()) for unit in kept)
    if whole:
        kept = [unit for unit in units if unit.cell not in tagged]
    steps = tuple(Step(u.cell, u.line, u.text, u.binds, u.star) for u in kept)
    hidden = {name: why for name, why in hidden.items() if name not in bound}
    refers = frozenset[str]().union(*(unit.refers for unit in kept))
    return Slice(steps, broken, bound, whole, hidden, refers)


def units_of(cells: Iterable[str]) -> Units:
    """Reads cells ahead, for notebooks that have them in common."""
    found = {}
    for source in cells:
        with contextlib.suppress(*ERRORS):
            found[source] = tuple(_units(source))
    return found


def _problem(error: BaseException, source: str) -> SyntaxProblem:
    line = getattr(error, "lineno", None) or 1
    message = getattr(error, "msg", None) or str(error) or type(error).__name__
    return SyntaxProblem(min(line, source.count("\n") + 1), message)


def _closure(
    units: Sequence[_Unit], wanted: Collection[str], tagged: frozenset[int]
) -> list[_Unit]:
    binders, mutators = defaultdict(set), defaultdict(set)
    for i, unit in enumerate(units):
        for name in unit.binds:
            binders[name].add(i)
        for name in unit.mutates if unit.cell not in tagged else ():
            mutators[name].add(i)
    kept = {i for i, unit in enumerate(units) if unit.star and unit.cell not in tagged}
    needed: set[str] = set()
    names = [*wanted, *(name for i in kept for name in units[i].refers)]
    while names:
        name = names.pop()
        if name in needed:
            continue
        needed.add(name)
        found = binders[name]
        found = {i for i in found if units[i].cell not in tagged} or found
        if not all(name in units[i].imports for i in found):
            found = found | mutators[name]
        for i in found - kept:
            names.extend(units[i].refers)
        kept |= found
    return [units[i] for i in sorted(kept)]


def _units(source: str) -> Iterator[_Unit]:
    """Yields a cell's statements; those that share a line come as one."""
    source, tree = magics.parse(source)
    lines = source.split("\n")
    for group in _groups(tree.body):
        first, last = _first_line(group[0]), group[-1].end_lineno or 0
        yield _unit(first, "\n".join(lines[first - 1 : last]), group)


def _first_line(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(node.lineno for node in decorators)])


def _groups(body: Sequence[ast.stmt]) -> Iterator[list[ast.stmt]]:
    group: list[ast.stmt] = []
    for statement in body:
        if group and _first_line(statement) > (group[-1].end_lineno or 0):
            yield group
            group = []
        group.append(statement)
    if group:
        yield group


def _unit(line: int, text: str, group: Sequence[ast.stmt]) -> _Unit:
    binds, imports, refers = _names(text, group)
    written, read = magics.files(group)
    star = any(
        (
            isinstance(node, ast.ImportFrom)
            and (node.names[0].name == "*" or node.module == "__future__")
        )
        or magics.is_run(node)
        for statement in group
        for node in _same_scope(statement)
    )
    mutates = {
        name
        for statement in group
        for node in _same_scope(statement)
        for name in _mutated(node)
    }
    return _Unit(
        line,
        text,
        frozenset(binds | written),
        frozenset(imports),
        frozenset(mutates),
        frozenset(refers | read),
        star,
    )


def _names(text: str, group: Sequence[ast.stmt]) -> tuple[set[str], set[str], set[str]]:
    """Returns the global names that a text binds, those by import, and its others."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = symtable.symtable(text, "<cell>", "exec")
    except ERRORS:
        # A top-level await, which symtable does not know: every name counts.
        nodes = [node for part in group for node in ast.walk(part)]
        every = {node.id for node in nodes if isinstance(node, ast.Name)}
        return every, set(), every
    binds, imports, refers = set[str](), set[str](), set[str]()
    for symbol in table.get_symbols():
        if symbol.is_imported():
            imports.add(symbol.get_name())
        if symbol.is_imported() or symbol.is_assigned() or symbol.is_namespace():
            binds.add(symbol.get_name())
        if symbol.is_referenced():
            refers.add(symbol.get_name())
    for child in _descendants(table):
        for symbol in child.get_symbols():
            if symbol.is_global() and symbol.is_referenced():
                refers.add(symbol.get_name())
            if symbol.is_declared_global() and symbol.is_assigned():
                # Bound when somebody calls the function: as good as a lookup.
                binds.add(symbol.get_name())
                refers.add("globals")
    return binds, imports, refers


def _descendants(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    for child in table.get_children():
        yield child
        yield from _descendants(child)


def _same_scope(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yields the nodes that run with the statement: not the bodies of functions."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            pending.extend(ast.iter_child_nodes(node))


def _mutated(node: ast.AST) -> Iterator[str]:
    """Yields names whose value a node changes in place."""
    targets: Sequence[ast.AST] = ()
    if isinstance(node, ast.Assign | ast.Delete):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        targets = (node.target,)
    elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        targets = (node.value.func,)
    for target in targets:
        root = target
        while isinstance(root, ast.Attribute | ast.Subscript | ast.Starred):
            root = root.value
        if root is not target and isinstance(root, ast.Name):
            yield root.id
