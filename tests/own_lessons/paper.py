"""What Keras would give for a graph: a capture, written with NumPy alone."""

from dataclasses import replace
from typing import Any

import numpy as np

from grader.capture.arrays import encode_output, encode_sample
from grader.challenge import call_input
from grader.judge.network.forward import forward
from grader.judge.network.graph import Graph
from grader.judge.network.weights_for import challenge_weights, variable_shapes


def captured(
    function: str, challenge: dict[str, Any], graphs: list[Graph]
) -> dict[str, Any]:
    """The capture of a function.

    Args:
        function: its name.
        challenge: that it is captured under.
        graphs: what it builds in each call.
    """
    calls = [
        _call(call, graph, challenge["seed"])
        for call, graph in zip(challenge["calls"], graphs, strict=True)
    ]
    return {"function": function, "status": "captured", "calls": calls}


def _call(call: dict[str, Any], graph: Graph, seed: str) -> dict[str, Any]:
    shape = tuple(call["input_shape"])
    x = call_input(seed, call["id"], call["batch"], shape)
    numbers = {index: i for i, index in enumerate(graph.order, start=1)}
    places = {0: 0, **numbers}
    nodes = [graph.nodes[0]]
    nodes += [
        replace(node, operation=i - 1, inputs=tuple(places[s] for s in node.sources))
        for index, i in numbers.items()
        for node in [graph.nodes[index]]
    ]
    built = Graph(tuple(nodes), places[graph.output])
    weights = challenge_weights(seed)
    shapes = [x.shape]
    for i in range(1, len(nodes)):
        small = replace(built, output=i)
        shapes.append(forward(small, x[:1], weights, seed=seed).shape)
    operations, calls = [], []
    for i, node in enumerate(nodes[1:], start=1):
        source = shapes[node.sources[0]][1:]
        operations.append(
            {
                "kind": node.kind,
                "name": node.name or f"{node.kind.lower()}_{i}",
                "config": _plain(dict(node.attrs)),
                "used_before": False,
                "trainable": True,
                "variables": {
                    role: {
                        "trainable": not role.startswith("moving"),
                        **encode_sample(np.zeros(size)),
                    }
                    for role, size in variable_shapes(node, source).items()
                },
            }
        )
        inputs = [{"node": s} for s in node.sources]
        calls.append(
            {
                "operation": i - 1,
                "inputs": inputs,
                "shape": [None, *shapes[i][1:]],
                "training": node.training,
                "key": None,
            }
        )
    written = {
        "input_shape": [None, *shape],
        "input_dtype": "float32",
        "operations": operations,
        "nodes": calls,
        "output": built.output,
    }
    found = {"id": call["id"], "status": "captured", "graph": written}
    found["challenge"] = encode_output(forward(built, x, weights, seed=seed))
    if call["training"]:
        found["training"] = encode_output(
            forward(built, x, weights, training=True, seed=seed)
        )
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    return [_plain(v) for v in value] if isinstance(value, tuple) else value
