"""Lines of a learner's function whose result no name keeps."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from typing import Any

#: modules of functions on tensors, and such functions; none changes one in place
_MODULES = ("tf", "keras", "ops", "K", "F", "torch", "nn", "np", "layers")
_PURE = ("add", "concat", "concatenate", "conv2d", "max_pool2d", "avg_pool2d", "pad")
_PURE += ("relu", "softmax", "matmul", "reshape", "flatten", "bias_add", "multiply")
_MOST = 5


def discarded(function: Callable) -> list[dict[str, Any]]:
    """Finds statements such as `Activation("relu")(X)`, without `X =` before them.

    Returns:
        Number, as its cell counts, and text of each such line, the first few; none
        where the source cannot be had.
    """
    function = inspect.unwrap(function)
    code = getattr(function, "__code__", None)
    if code is None:
        return []
    try:
        tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    except (OSError, TypeError, ValueError, SyntaxError, RecursionError, MemoryError):
        return []
    found = [
        {
            "number": code.co_firstlineno + node.lineno - 1,
            "source": ast.unparse(node.value)[:100],
        }
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and _is_lost(node.value)
    ]
    return sorted(found, key=lambda line: line["number"])[:_MOST]


def _is_lost(value: ast.expr) -> bool:
    if isinstance(value, ast.BinOp):
        return True
    if not isinstance(value, ast.Call):
        return False
    called = value.func
    if isinstance(called, ast.Call):
        # a layer that is made and applied
        return _is_layer(called.func)
    pure = isinstance(called, ast.Attribute) and called.attr in _PURE
    return _is_layer(called) or (pure and _root(called) in _MODULES)


def _root(called: ast.expr) -> str:
    """The first name of `tf.nn.relu`."""
    while isinstance(called, ast.Attribute):
        called = called.value
    return called.id if isinstance(called, ast.Name) else ""


def _is_layer(called: ast.expr) -> bool:
    """Whether a name is that of a class: `Activation`, `layers.Activation`."""
    name = getattr(called, "attr", getattr(called, "id", ""))
    return isinstance(name, str) and name[:1].isupper()
