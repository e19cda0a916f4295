"""The statements of a notebook that define its graded functions, and no others.

A submission also trains, plots, downloads and asks for input. None of that is
graded, so none of it runs: what runs is the graded functions, what they refer to,
what that refers to in turn, and each `from x import *`.
"""

import ast
import re
import symtable
import warnings
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from IPython.core.inputtransformer2 import TransformerManager

_PARSE = ast.PyCF_ONLY_AST | ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_TIMING_MAGIC = re.compile(r"\s*%%(time|timeit|capture|prun)\b.*")
# One pass each, line by line: IPython's own way reads all of a cell again for each.
_LINE_MAGIC = re.compile(r"^([ \t]*)[%!](?:.*\\\n)*.*$", re.MULTILINE)
_HELP = re.compile(r"^([ \t]*)(?:\?.*|[\w.*]+\?{1,2}[ \t]*)$", re.MULTILINE)
_ASSIGNED = re.compile(
    r"^([ \t]*[^\W\d][\w \t,.]*=[ \t]*)([!%])((?:.*\\\n)*.*)$", re.MULTILINE
)
_LOOKUPS = frozenset({"eval", "exec", "globals"})


@dataclass(frozen=True)
class Step:
    """One statement to run.

    Attributes:
        cell: where it stands.
        line: its first line there, counted from 1.
        text: its lines.
        binds: the global names that it binds.
    """

    cell: int
    line: int
    text: str
    binds: frozenset[str] = frozenset()

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


@dataclass(frozen=True)
class Slice:
    """What to run.

    Attributes:
        steps: statements in notebook order.
        broken: cells that are no Python; nothing of them is in `steps`.
        bound: all names that some readable cell binds.
        whole: whether names are looked up by strings, so that all cells run.
    """

    steps: tuple[Step, ...]
    broken: dict[int, SyntaxProblem] = field(default_factory=dict)
    bound: frozenset[str] = frozenset()
    whole: bool = False


@dataclass(frozen=True)
class _Unit:
    cell: int
    line: int
    text: str
    binds: frozenset[str]
    imports: frozenset[str]
    mutates: frozenset[str]
    refers: frozenset[str]
    star: bool


def slice_notebook(
    cells: Sequence[str],
    wanted: Collection[str],
    tagged: Collection[int] = (),
    *,
    whole: bool = False,
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
    """
    units: list[_Unit] = []
    broken = {}
    for index, source in enumerate(cells):
        try:
            units.extend(_units(index, source))
        except _ERRORS as error:
            broken[index] = _problem(error, source)
    kept = _closure(units, wanted, frozenset(tagged))
    bound = frozenset[str]().union(*(unit.binds for unit in units))
    whole = whole or any(unit.refers & (_LOOKUPS - bound) for unit in kept)
    if whole:
        kept = [unit for unit in units if unit.cell not in tagged]
    steps = tuple(Step(unit.cell, unit.line, unit.text, unit.binds) for unit in kept)
    return Slice(steps, broken, bound, whole)


# What Python raises for a text that it cannot read: hostile ones among them.
_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)


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


def _units(cell: int, source: str) -> Iterator[_Unit]:
    """Yields a cell's statements; those that share a line come as one."""
    source, tree = _parse(source)
    lines = source.split("\n")
    for group in _groups(tree.body):
        first, last = _first_line(group[0]), group[-1].end_lineno or 0
        yield _unit(cell, first, "\n".join(lines[first - 1 : last]), group)


def _parse(source: str) -> tuple[str, ast.Module]:
    """Parses a cell; IPython's magics and shell lines leave their line empty."""
    code = source.lstrip("\n")
    first, newline, rest = code.partition("\n")
    blank = source.removesuffix(code)
    if first.lstrip().startswith("%%"):
        # Cells in another language, or that write a file, define nothing.
        source = blank + newline + rest if _TIMING_MAGIC.match(first) else ""
    try:
        return source, _tree(source)
    except _ERRORS as error:
        plain = error
    for text in _rewritten(source):
        try:
            return text, _tree(text)
        except _ERRORS:
            continue
    raise plain


def _rewritten(source: str) -> Iterator[str]:
    """Yields a cell's text without what only IPython reads, the plainest first."""
    text = _LINE_MAGIC.sub(_passed, source)
    yield text
    text = _HELP.sub(_passed, _ASSIGNED.sub(_called, text))
    yield text
    # indented cells, and such as were copied with their prompts
    manager = TransformerManager()
    manager.token_transformers = []
    leading = len(text) - len(text.lstrip("\n"))
    yield "\n" * leading + manager.transform_cell(text)


def _passed(line: re.Match[str]) -> str:
    return f"{line[1]}pass" + "\n" * line[0].count("\n")


def _called(line: re.Match[str]) -> str:
    """What IPython makes of `x = !command` and of `x = %magic`."""
    asked = line[3].replace("\\\n", " ")
    name, _, rest = asked.partition(" ")
    call = f"run_line_magic({name!r}, {rest!r})" if line[2] == "%" else ""
    call = call or f"getoutput({asked!r})"
    return f"{line[1]}get_ipython().{call}" + "\n" * line[0].count("\n")


def _tree(source: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(source, "<cell>", "exec", flags=_PARSE, dont_inherit=True)


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


def _unit(cell: int, line: int, text: str, group: Sequence[ast.stmt]) -> _Unit:
    binds, imports, refers = _names(text, group)
    star = any(
        isinstance(node, ast.ImportFrom)
        and (node.names[0].name == "*" or node.module == "__future__")
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
        cell,
        line,
        text,
        frozenset(binds),
        frozenset(imports),
        frozenset(mutates),
        frozenset(refers),
        star,
    )


def _names(text: str, group: Sequence[ast.stmt]) -> tuple[set[str], set[str], set[str]]:
    """Returns the global names that a text binds, those by import, and its others."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table = symtable.symtable(text, "<cell>", "exec")
    except _ERRORS:
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
