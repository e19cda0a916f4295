"""What Keras would give for a graph: a capture, written with NumPy alone."""

import base64
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader.challenge import call_input
from grader.judge.network.forward import forward
from grader.judge.network.graph import Graph, Node
from grader.judge.network.weights_for import challenge_weights, variable_shapes
from grader.judge.sizes import output_shape

#: Values of an array that are written.
_MOST = 10_000


def captured(
    function: str, challenge: Mapping[str, Any], graphs: Sequence[Graph]
) -> dict[str, Any]:
    """The capture of a function.

    Args:
        function: its name.
        challenge: that it is captured under.
        graphs: what it builds in each call.

    Raises:
        NotComputable: if it cannot be built.
    """
    calls = zip(challenge["calls"], graphs, strict=True)
    seed = challenge["seed"]
    captured = [_call(call, _in_order(graph), seed) for call, graph in calls]
    return {"function": function, "status": "captured", "calls": captured}


def _in_order(graph: Graph) -> Graph:
    """The nodes that the output needs, numbered as Keras would call them."""
    places = {old: new for new, old in enumerate((0, *graph.order))}
    nodes = [graph.nodes[0]]
    for old in graph.order:
        node = graph.nodes[old]
        inputs = tuple(places[source] for source in node.sources)
        nodes.append(replace(node, operation=len(nodes) - 1, inputs=inputs))
    return Graph(tuple(nodes), places[graph.output])


def _call(call: Mapping[str, Any], graph: Graph, seed: str) -> dict[str, Any]:
    x = call_input(seed, call["id"], call["batch"], call["input_shape"])
    weights = challenge_weights(seed)
    found = {
        "challenge": _sample(forward(graph, x, weights, seed=seed)),
    }
    if call["training"]:
        trained = forward(graph, x, weights, training=True, seed=seed)
        found["training"] = _sample(trained)
    written = _written(graph, x.shape[1:])
    return {"id": call["id"], "status": "captured", "graph": written, **found}


def _written(graph: Graph, shape: tuple[int, ...]) -> dict[str, Any]:
    shapes, operations, nodes = [shape], [], []
    for number, node in enumerate(graph.nodes[1:], start=1):
        sources = [shapes[source] for source in node.sources]
        shapes.append(_shape(node, sources))
        operations.append(_operation(node, number, sources[0]))
        nodes.append(
            {
                "operation": number - 1,
                "inputs": [{"node": source} for source in node.sources],
                "shape": [None, *shapes[-1]],
                "training": node.training,
                "key": None,
            }
        )
    return {
        "input_shape": [None, *shape],
        "input_dtype": "float32",
        "operations": operations,
        "nodes": nodes,
        "output": graph.output,
    }


def _shape(node: Node, sources: Sequence[tuple[int, ...]]) -> tuple[int, ...]:
    if node.kind == "Concatenate":
        return (*sources[0][:-1], sum(source[-1] for source in sources))
    if node.kind == "Block":
        s, width = node.attrs["s"], node.attrs["width"]
        return (*(-(-n // s) for n in sources[0][:2]), width)
    return output_shape(node.kind, node.attrs, sources[0])


def _operation(node: Node, number: int, shape: tuple[int, ...]) -> dict[str, Any]:
    variables = {
        role: {
            "trainable": not role.startswith("moving"),
            **_sample(np.zeros(size)),
        }
        for role, size in variable_shapes(node, shape).items()
    }
    return {
        "kind": node.kind,
        "name": node.name or f"{node.kind.lower()}_{number}",
        "config": _plain(dict(node.attrs)),
        "used_before": False,
        "trainable": True,
        "variables": variables,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _sample(array: np.ndarray) -> dict[str, Any]:
    """An array as a capture has it; what has one value everywhere has it once."""
    step = 1 if array.size <= _MOST else array.size // _MOST | 1
    values = array.astype("<f4").reshape(-1)[::step]
    if values.size > 1 and np.all(values == values[0]):
        values = values[:1]
    data = base64.b64encode(values.tobytes()).decode("ascii")
    return {"shape": list(array.shape), "step": step, "data": data}
