"""A function of Keras that builds what a table asks for, right or with a fault.

It needs no solution: tests judge what it builds. The judge itself never loads it.
"""

import functools
import types
from collections.abc import Callable, Mapping
from typing import Any

import keras

from grader.judge.network.dialect import KERAS
from grader.judge.network.graph import Graph, Node
from grader.judge.network.rows import Table
from grader.judge.network.specify import spec_of


def function_of(
    table: Table, *, model: bool = False, blocks: Mapping[str, Callable] | None = None
) -> Callable[..., Any]:
    """A function that builds a table's layers.

    Args:
        table: of the function.
        model: whether it makes its own input, of its argument `input_shape`, and
            returns a model; otherwise it takes a tensor and returns one.
        blocks: functions of the blocks that its rows call, by name; without any, it
            builds their layers itself.

    Returns:
        A function whose global names hold the blocks. They are looked up when it is
        called, as in a notebook.
    """
    names = [argument.name for argument in table.arguments]
    tables = {row.calls.name: row.calls for row in table.rows if row.calls}

    def tensor(X: Any, *values: Any, **named: Any) -> Any:
        arguments = {**dict(zip(names, values, strict=False)), **named}
        channels = X.shape[-1]
        spec = spec_of(table, arguments, KERAS, channels=channels, opened=not blocks)
        return _built(spec.graph, X, tables, globals())

    def network(input_shape: Any = (64, 64, 3), *values: Any, **named: Any) -> Any:
        X = keras.Input(tuple(input_shape))
        return keras.Model(X, tensor(X, *values, **named))

    scope = {**globals(), **(blocks or {})}
    tensor = _within(tensor, scope, table.name)
    return _within(network, scope, table.name) if model else tensor


def _within(function: Callable, scope: dict[str, Any], name: str) -> Callable[..., Any]:
    """A function with other global names."""
    code, defaults = function.__code__, function.__defaults__
    return types.FunctionType(code, scope, name, defaults, function.__closure__)


def _built(
    graph: Graph, X: Any, tables: Mapping[str, Table], scope: Mapping[str, Any]
) -> Any:
    tensors = {0: X}
    for index in graph.order:
        node = graph.nodes[index]
        inputs = [tensors[source] for source in node.sources]
        if node.kind == "Block":
            name = node.attrs["function"]
            arguments = tables[name].arguments_of(node.attrs)
            tensors[index] = scope[name](inputs[0], **arguments)
        else:
            mode = {} if node.training is None else {"training": node.training}
            several = inputs if len(inputs) > 1 else inputs[0]
            tensors[index] = _layer(node)(several, **mode)
    return tensors[graph.output]


def _layer(node: Node) -> Any:
    """A layer; it has the name that is asked for, or the one that Keras gives it."""
    named = {"name": node.name} if node.name else {}
    options = {n: v for n, v in node.attrs.items() if n != "activation"}
    if node.kind == "Activation" and options:
        function = getattr(keras.activations, node.attrs["activation"])
        call = functools.partial(function, **options)
        return keras.layers.Activation(call, **named)
    return getattr(keras.layers, node.kind)(**node.attrs, **named)
