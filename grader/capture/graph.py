"""The layer graph of a learner's function, found by walking its tensors' history.

No `keras.Model` is built for it, so that a graph which Keras would refuse (two
layers of one name) can be written down and explained.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import keras

from grader.capture.arrays import SAMPLE, WHOLE, encode_sample
from grader.capture.kinds import RANDOM, activation_name, describe, plain
from grader.capture.late import constant
from grader.capture.operations import slice_key

#: From so many on, what leads nowhere is left out.
MOST_NODES = 100
ROLES = ("kernel", "bias", "gamma", "beta", "moving_mean", "moving_variance")


@dataclass
class FlatNode:
    """One call of an operation; `inputs` are numbers of nodes or constants.

    A call that failed has no output.
    """

    operation: Any
    args: tuple
    kwargs: dict[str, Any]
    tensors: dict[int, int]
    output: Any
    inputs: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class FlatGraph:
    """A function's operations in the order of computation, nested models opened.

    Node 0 stands for the input; `output` is the number of the last node.
    """

    nodes: list[FlatNode | None]
    output: int
    input_shape: tuple[int | None, ...]
    input_dtype: str

    @property
    def operations(self) -> list[Any]:
        """Each operation once, in the order of its first call."""
        found: dict[int, Any] = {}
        for node in self.nodes:
            if node is not None:
                found.setdefault(id(node.operation), node.operation)
        return list(found.values())


def _leaves(args: tuple, kwargs: dict[str, Any]) -> list[Any]:
    return keras.tree.flatten((args, kwargs))


def _topological(output: Any, known: set[int]) -> list[Any]:
    """Lists the history nodes behind a tensor, sources first."""
    order: list[Any] = []
    done: set[int] = set()
    stack: list[tuple[Any, bool]] = [(output, False)]
    while stack:
        tensor, ready = stack.pop()
        if id(tensor) in known:
            continue
        history = tensor._keras_history
        node = history.operation._inbound_nodes[history.node_index]
        if id(node) in done:
            continue
        if ready:
            done.add(id(node))
            order.append(node)
            continue
        stack.append((tensor, True))
        stack.extend((t, False) for t in reversed(node.arguments.keras_tensors))
    return order


def flatten(inputs: Any, output: Any, others: Sequence[Any] = ()) -> FlatGraph:
    """Walks back from `output` to `inputs`.

    Args:
        inputs: the symbolic input tensor.
        output: the symbolic tensor that the function returned.
        others: further tensors; what leads from `inputs` to them alone comes after
            the output.
    """
    nodes: list[FlatNode | None] = [None]
    known = {id(inputs): 0}
    last = _flatten(output, known, nodes)
    for tensor in others:
        behind = _topological(tensor, set(known))
        if len(nodes) <= MOST_NODES and all(n.arguments.keras_tensors for n in behind):
            _flatten(tensor, known, nodes)
    return FlatGraph(nodes, last, tuple(inputs.shape), str(inputs.dtype))


def flatten_until(
    inputs: Any, operation: Any, args: tuple, kwargs: dict[str, Any]
) -> FlatGraph | None:
    """Walks back from a call that failed, which becomes the last node.

    Args:
        inputs: the symbolic input tensor; None where the function made it.
        operation: that failed.
        args: it was called with.
        kwargs: likewise.

    Returns:
        None where no tensor was passed.
    """
    leaves = _leaves(args, kwargs)
    tensors = [leaf for leaf in leaves if isinstance(leaf, keras.KerasTensor)]
    if inputs is None and tensors:
        first = _topological(tensors[0], set())
        inputs = first[0].outputs[0]
    if inputs is None:
        return None
    known: dict[int, int] = {id(inputs): 0}
    nodes: list[FlatNode | None] = [None]
    for tensor in tensors:
        _flatten(tensor, known, nodes)
    places = {id(tensor): known[id(tensor)] for tensor in tensors}
    last = FlatNode(operation, args, kwargs, places, None)
    last.inputs = _inputs(leaves, known)
    shape, dtype = tuple(inputs.shape), str(inputs.dtype)
    return FlatGraph([*nodes, last], len(nodes), shape, dtype)


def takes_training(operation: Any) -> bool:
    """Whether a layer works in another way in training."""
    return bool(getattr(operation, "_call_has_training_arg", False))


def _flatten(
    output: Any,
    known: dict[int, int],
    nodes: list[FlatNode | None],
    training: bool | None = None,
) -> int:
    """Adds the nodes behind `output`; `training`: the call of the model they are in."""
    for node in _topological(output, set(known)):
        operation = node.operation
        inner = _inner_model(operation)
        tensors = node.arguments.keras_tensors
        args, kwargs = node.arguments.args, node.arguments.kwargs
        mode = kwargs.get("training") if training is None else training
        if inner is not None and len(tensors) == len(inner.inputs):
            scope = {
                id(own): known[id(outer)]
                for own, outer in zip(inner.inputs, tensors, strict=True)
            }
            for outer, own in zip(node.outputs, inner.outputs, strict=True):
                known[id(outer)] = _flatten(own, scope, nodes, mode)
            continue
        traced = _traced(operation, tensors)
        if traced is not None:
            start, end = traced
            scope = {id(start): known[id(tensors[0])]}
            known[id(node.outputs[0])] = _flatten(end, scope, nodes, mode)
            continue
        if training is not None and takes_training(operation):
            args = tuple(arg for arg in args if not isinstance(arg, bool))
            kwargs = {**kwargs, "training": training}
        flat = FlatNode(
            operation,
            args,
            kwargs,
            {id(t): known[id(t)] for t in tensors},
            node.outputs[0],
        )
        flat.inputs = _inputs(_leaves(args, kwargs), known)
        nodes.append(flat)
        for tensor in node.outputs:
            known[id(tensor)] = len(nodes) - 1
    return known[id(output)]


def _inputs(leaves: list[Any], known: dict[int, int]) -> list[dict[str, Any]]:
    """Inputs of a call: numbers of nodes, constants, and the kinds of anything else."""
    inputs: list[dict[str, Any]] = []
    for leaf in leaves:
        if isinstance(leaf, keras.KerasTensor):
            inputs.append({"node": known[id(leaf)]})
        elif isinstance(leaf, (int, float)) and not isinstance(leaf, bool):
            inputs.append({"const": float(leaf)})
        elif leaf is not None and not isinstance(leaf, (bool, str)):
            inputs.append({"opaque": type(leaf).__name__})
    return inputs


def _inner_model(operation: Any) -> Any:
    if isinstance(operation, keras.Sequential):
        operation = getattr(operation, "_functional", None)
    if isinstance(operation, keras.Model) and getattr(operation, "outputs", None):
        return operation
    return None


def _traced(operation: Any, tensors: list[Any]) -> tuple[Any, Any] | None:
    """What an activation function of the learner's own is made of.

    Returns:
        A tensor and what the function makes of it; None if it does not tell.
    """
    own = type(operation) is keras.layers.Activation and len(tensors) == 1
    if not own or activation_name(operation.activation) != "custom":
        return None
    start = keras.KerasTensor(tensors[0].shape, tensors[0].dtype)
    try:
        end = operation.activation(start)
    except Exception:
        return None
    return (start, end) if isinstance(end, keras.KerasTensor) else None


def training_argument(node: FlatNode) -> bool | None:
    """The `training` that the learner's code passed to a layer, if it did."""
    if type(node.operation) in RANDOM:  # Keras writes down False where nothing was said
        return True if node.kwargs.get("training") is True else None
    value = node.kwargs.get("training")
    if value is None and len(node.args) > 1 and isinstance(node.args[1], bool):
        value = node.args[1]
    return bool(value) if isinstance(value, (bool, int)) else None


def variables(operation: Any) -> dict[str, Any]:
    """An operation's variables by their role in the layer."""
    if not isinstance(operation, keras.layers.Layer):
        return {}
    named = {role: getattr(operation, role, None) for role in ROLES}
    found = {role: value for role, value in named.items() if value is not None}
    ours = {id(value) for value in found.values()}
    others = [v for v in operation.variables if id(v) not in ours]
    return found | {f"other_{i}": value for i, value in enumerate(others)}


def to_json(
    graph: FlatGraph, earlier: dict[int, Any], *, initial: bool
) -> dict[str, Any]:
    """Writes a graph down: operations once, then the calls that wire them.

    Args:
        graph: the operations.
        earlier: layers with weights of the calls before, by id; this one's are added.
        initial: whether the outputs under the initial weights are asked for.
    """
    whole = WHOLE if initial else SAMPLE
    numbers = {id(op): i for i, op in enumerate(graph.operations)}
    operations = []
    for operation in graph.operations:
        kind, config = describe(operation)
        operations.append(
            {
                "kind": kind,
                "name": str(operation.name),
                "config": config,
                "used_before": id(operation) in earlier,
                "trainable": bool(getattr(operation, "trainable", True)),
                "variables": {
                    role: {
                        "trainable": bool(v.trainable),
                        **(constant(v, whole) or encode_sample(v.value, whole=whole)),
                    }
                    for role, v in variables(operation).items()
                },
            }
        )
    earlier |= {id(op): op for op in graph.operations if variables(op)}
    nodes = [
        {
            "operation": numbers[id(node.operation)],
            "inputs": node.inputs,
            "shape": [] if node.output is None else plain(node.output.shape),
            "training": training_argument(node),
            "key": slice_key(node.operation, node.args),
        }
        for node in graph.nodes
        if node is not None
    ]
    return {
        "input_shape": plain(graph.input_shape),
        "input_dtype": graph.input_dtype,
        "operations": operations,
        "nodes": nodes,
        "output": graph.output,
    }
