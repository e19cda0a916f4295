"""What of a learner's function is not written yet, read from its source."""

import ast
import inspect
import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from grader.definitions import empty_place

_MOST = 20
_LENGTH = 100
_Bound = ast.Assign | ast.AugAssign | ast.AnnAssign


def own_code(function: Callable) -> Callable:
    """What has the learner's code: of a class, its own method."""
    for name in ("forward", "__init__"):
        if isinstance(function, type) and name in vars(function):
            return vars(function)[name]
    return inspect.unwrap(function)


def unwritten(function: Callable) -> dict[str, Any] | None:
    """Writes down what stands where a function's own code is to be.

    Args:
        function: the learner's; of a class, `forward`, and what `__init__` leaves.

    Returns:
        `none`: names, or attributes of self, that are given the value None, with the
        line's number, as its cell counts, and text, and the last line `until` which
        the name keeps it;
        `empty`: the line that marks the place for code, where nothing follows it;
        `last`: the last line, if it is a `return`; `returns`: whether there is any.
        None where the source cannot be had.
    """
    made = vars(function).get("__init__") if isinstance(function, type) else None
    facts, own = _read(function), made and _read(made)
    if facts and own:
        facts["none"] = [*own["none"], *facts["none"]][:_MOST]
    return facts


def _read(function: Callable) -> dict[str, Any] | None:
    try:
        own = own_code(function)
        code = getattr(own, "__code__", None)
        source = textwrap.dedent(inspect.getsource(own))
        body = ast.parse(source).body[0]
        lines = source.splitlines()
        if code is None or not isinstance(body, ast.FunctionDef):
            return None
        return _facts(body, lines, code.co_firstlineno - 1)
    except (OSError, TypeError, ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    except IndexError:
        return None  # no statement at all


def _facts(body: ast.FunctionDef, lines: list[str], first: int) -> dict[str, Any]:
    def line(number: int) -> dict[str, Any]:
        text = lines[number - 1].strip()
        return {"number": first + number, "source": text[:_LENGTH]}

    last = body.body[-1]
    while isinstance(last, ast.With):
        last = last.body[-1]
    empty = empty_place(lines)
    return {
        "none": [
            {"name": name, **line(number), "until": until and first + until}
            for name, number, until in _nones(body)
        ][:_MOST],
        "empty": line(empty) if empty else None,
        "last": line(last.lineno) if isinstance(last, ast.Return) else None,
        "returns": any(isinstance(node, ast.Return) for node in ast.walk(body)),
    }


def _nones(body: ast.FunctionDef) -> Iterator[tuple[str, int, int | None]]:
    """Names that are set to None: the line, and the next one that sets them."""
    found: list[tuple[str, _Bound, bool]] = []
    for node in ast.walk(body):
        if isinstance(node, _Bound):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                found += [(n, node, _is_none(node.value)) for n in _names(target)]
    found.sort(key=lambda entry: entry[1].lineno)
    for place, (name, node, none) in enumerate(found):
        if none:
            later = (own for other, own, _ in found[place + 1 :] if other == name)
            yield name, node.lineno, next((own.end_lineno for own in later), None)


def _names(target: ast.expr) -> list[str]:
    """What an assignment names; of an object its attribute, as in self.conv1."""
    if isinstance(target, ast.Attribute):
        return [ast.unparse(target)]
    return [node.id for node in ast.walk(target) if isinstance(node, ast.Name)]


def _is_none(value: ast.expr | None) -> bool:
    """Whether a value is None, or several of them."""
    if isinstance(value, ast.Tuple) and value.elts:
        return all(map(_is_none, value.elts))
    return isinstance(value, ast.Constant) and value.value in (None, ...)
