"""Arithmetic with the arguments of a function, written as text: "4 * filters"."""

import ast
import functools
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

_OPERATORS: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}


@functools.lru_cache(maxsize=1024)
def names_in(text: str) -> tuple[str, ...]:
    """The names in a text of names and whole numbers, with `+`, `-`, `*` and `//`.

    Raises:
        ValueError: if it is none.
    """
    return tuple(dict.fromkeys(_names(_parsed(text), text)))


def value_of(text: str, values: Mapping[str, Any]) -> Any:
    """What such a text gives.

    Args:
        text: one that `names_in` takes.
        values: of its names.
    """
    names_in(text)
    return _value(_parsed(text), values)


@functools.lru_cache(maxsize=1024)
def _parsed(text: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        raise ValueError(_refused(text)) from None


def _names(node: ast.expr, text: str) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        yield from _names(node.left, text)
        yield from _names(node.right, text)
    elif not (isinstance(node, ast.Constant) and type(node.value) is int):
        raise ValueError(_refused(text))


def _refused(text: str) -> str:
    return f"{text!r} is not made of names and whole numbers with +, -, * and //"


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.Constant):
        return node.value
    assert isinstance(node, ast.BinOp)
    left, right = _value(node.left, values), _value(node.right, values)
    return _OPERATORS[type(node.op)](left, right)
