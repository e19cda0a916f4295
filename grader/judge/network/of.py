"""Settings that follow the arguments of a function."""

import ast
import functools
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_OPERATORS: Mapping[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.FloorDiv: operator.floordiv,
}


@dataclass(frozen=True)
class Of:
    """A setting that follows the arguments.

    Attributes:
        text: as the specification writes it: "F2", "4 * filters", "filters // ratio".
            It is what it says: names and whole numbers, with `+`, `-`, `*` and `//`.
        derived: the derived value that it is, if it is anything else.
    """

    text: str
    derived: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The arguments that it follows, or the derived value.

        Raises:
            ValueError: if it is not of that form.
        """
        return (self.derived,) if self.derived else _names(self.text)

    @property
    def name(self) -> str:
        """The argument, if it follows one alone, or the derived value."""
        return self.names[-1] if len(self.names) == 1 else ""

    @property
    def factor(self) -> int:
        """How many times the argument it is."""
        number, times, _ = self.text.partition(" * ")
        return int(number) if times and number.isdigit() else 1

    def value(self, values: Mapping[str, Any]) -> Any:
        """What it is under some arguments."""
        if self.derived:
            return values[self.derived]
        return _value(_parsed(self.text), values)


@functools.lru_cache(maxsize=1024)
def _parsed(text: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except SyntaxError:
        raise ValueError(_refused(text)) from None


@functools.lru_cache(maxsize=1024)
def _names(text: str) -> tuple[str, ...]:
    found = dict.fromkeys(_walked(_parsed(text), text))
    return tuple(name for name in found if name)


def _walked(node: ast.expr, text: str) -> list[str]:
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return [""]
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return [*_walked(node.left, text), *_walked(node.right, text)]
    raise ValueError(_refused(text))


def _refused(text: str) -> str:
    return (
        f"Of({text!r}) is not made of arguments and whole numbers with +, -, * and //: "
        "name a value of the table's `derived`, as in Of(text, derived=name)"
    )


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    if isinstance(node, ast.Name):
        return values[node.id]
    if isinstance(node, ast.Constant):
        return node.value
    assert isinstance(node, ast.BinOp)
    left, right = _value(node.left, values), _value(node.right, values)
    return _OPERATORS[type(node.op)](left, right)
