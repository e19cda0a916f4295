"""Which names a text of Python defines, and what of it is not written yet.

That is told whether or not Python can read it: a cell with a slip is still the cell of
its function, as its lines tell.
"""

import ast
import re
import symtable
import warnings
from collections.abc import Sequence

_LINE = re.compile(r"^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+([^\W\d]\w*)", re.M)
_ASSIGNED = re.compile(r"^([^\W\d]\w*)[ \t]*=(?!=)", re.M)
#: What a release leaves above the place for a learner's code.
_MARK = "# YOUR CODE HERE"
#: How a line begins that says no more than that none stands there.
_NOTHING = ("return", "raise NotImplementedError")
_ERRORS = (SyntaxError, ValueError, RecursionError, MemoryError)


def defined(text: str) -> frozenset[str]:
    """Names that a text binds at its top level by `def`, `class` or `=`.

    Args:
        text: of a cell, without what only IPython reads. Where Python cannot read it,
            each line that begins like a definition counts.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            body = ast.parse(text).body
    except _ERRORS:
        return frozenset([*_LINE.findall(text), *_ASSIGNED.findall(text)])
    names = set[str]()
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            names.add(statement.name)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            one = isinstance(statement, ast.AnnAssign)
            targets = [statement.target] if one else statement.targets
            names |= {t.id for t in targets if isinstance(t, ast.Name)}
    return frozenset(names)


def bound(text: str) -> frozenset[str]:
    """Names that a text binds at its top level in any way, loops and `with` included.

    Args:
        text: of a cell. Where Python cannot read it, what its lines define.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            symbols = symtable.symtable(text, "<cell>", "exec").get_symbols()
    except _ERRORS:
        return defined(text)
    found = (s for s in symbols if s.is_assigned() or s.is_imported())
    return frozenset(symbol.get_name() for symbol in found)


def defines(text: str, name: str) -> bool:
    """Whether a text defines a function or class, as far as its lines tell."""
    head = rf"^(?:(?:async[ \t]+)?def|class)[ \t]+{re.escape(name)}\b"
    return bool(re.search(head, text, re.M))


def empty_place(lines: Sequence[str]) -> int | None:
    """The number of the line that marks the place for code, if none stands there.

    Args:
        lines: of a function's source, or of its cell.
    """
    for number, text in enumerate(lines, 1):
        if text.strip() == _MARK:
            after = (line.strip() for line in lines[number:])
            code = [line for line in after if line and not line.startswith("#")]
            own = [line for line in code if line not in ("pass", "...")]
            if not own or own[0].startswith(_NOTHING):
                return number
    return None


def same(one: str, other: str) -> bool:
    """Whether two texts differ in nothing but line ends and white space behind them."""
    return plain(one) == plain(other)


def plain(text: str) -> list[str]:
    """A text's lines, without what editors and uploads change at their ends."""
    return [line.rstrip() for line in text.strip().splitlines()]
