"""What Keras would give for a graph: a capture, written with NumPy alone."""

import base64
import contextlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from grader import stream
from grader.challenge import call_input
from grader.judge.network.draw import GLOROT, Draw
from grader.judge.network.forward import forward
from grader.judge.network.graph import Graph, Node
from grader.judge.network.setting import Either
from grader.judge.network.shapes import shape_of
from grader.judge.network.spec import Spec
from grader.judge.network.weights_for import (
    AtRandom,
    NotComputable,
    challenge_weights,
    variable_shapes,
)

#: Values of an array that are written.
_MOST = 10_000


def captured(
    function: str, challenge: Mapping[str, Any], built: Sequence[Spec]
) -> dict[str, Any]:
    """The capture of a function.

    Args:
        function: its name.
        challenge: that it is captured under.
        built: what it builds in each call.

    Raises:
        NotComputable: if it cannot be built.
    """
    calls = zip(challenge["calls"], built, strict=True)
    seed = challenge["seed"]
    captured = [_call(call, *_in_order(spec), seed) for call, spec in calls]
    return {"function": function, "status": "captured", "calls": captured}


def _in_order(spec: Spec) -> tuple[Graph, Mapping[int, Draw]]:
    """The nodes that the output needs, numbered as Keras would call them.

    Where a sum takes one tensor twice, those that lead nowhere come after them.

    Returns:
        Them, and how the kernel of each starts, by its number.
    """
    graph = spec.graph
    order = [0, *graph.order]
    if any(len({*graph.nodes[n].sources}) < len(graph.nodes[n].sources) for n in order):
        order += [n for n in range(len(graph.nodes)) if n not in order]
    places = {old: new for new, old in enumerate(order)}
    nodes = [graph.nodes[0]]
    for old in order[1:]:
        node = graph.nodes[old]
        inputs = tuple(places[source] for source in node.sources)
        nodes.append(replace(node, operation=len(nodes) - 1, inputs=inputs))
    draws = {new: spec.draws.get(old, GLOROT) for old, new in places.items()}
    return Graph(tuple(nodes), places[graph.output]), draws


def _call(
    call: Mapping[str, Any], graph: Graph, draws: Mapping[int, Draw], seed: str
) -> dict[str, Any]:
    shape = tuple(call["input_shape"])
    if not call.get("outputs", True):
        written = _written(graph, draws, shape)
        return {"id": call["id"], "status": "captured", "graph": written}
    x = call_input(seed, call["id"], call["batch"], shape)
    weights = challenge_weights(seed)
    found = {
        "challenge": sample(forward(graph, x, weights, seed=seed)),
    }
    if call.get("training", True):
        with contextlib.suppress(AtRandom):
            trained = forward(graph, x, weights, training=True, seed=seed)
            found["training"] = sample(trained)
    if call.get("initial"):

        def initial(node: Node, role: str, shape: tuple[int, ...]) -> np.ndarray:
            return _initial(draws[node.operation + 1], role, shape)

        found["initial"] = sample(forward(graph, x, initial, seed=seed))
    written = _written(graph, draws, shape)
    return {"id": call["id"], "status": "captured", "graph": written, **found}


def _initial(draw: Draw, role: str, shape: tuple[int, ...]) -> np.ndarray:
    """What a variable starts with."""
    if role == "kernel" and draw.kind == "constant":
        return np.full(shape, draw.value)
    if role == "kernel":
        return getattr(stream, draw.kind)(draw.seed, shape)
    return (np.ones if role in ("gamma", "moving_variance") else np.zeros)(shape)


def _written(
    graph: Graph, draws: Mapping[int, Draw], shape: tuple[int, ...]
) -> dict[str, Any]:
    shapes, operations, nodes = [shape], [], []
    for number, node in enumerate(graph.nodes[1:], start=1):
        sources = [shapes[source] for source in node.sources]
        shapes.append(_shape(node, sources))
        operations.append(_operation(node, number, draws[number], sources[0]))
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
    if node.kind == "Block":
        s, attrs = node.attrs["s"], node.attrs
        width = attrs["width"] if "width" in attrs else attrs["filters"][-1]
        return (*(-(-n // s) for n in sources[0][:2]), width)
    try:
        return shape_of(node, sources)
    except ValueError as error:
        raise NotComputable(f"{node.label}: {error}") from error


def _operation(
    node: Node, number: int, draw: Draw, shape: tuple[int, ...]
) -> dict[str, Any]:
    variables = {
        role: {
            "trainable": not role.startswith("moving"),
            **_start(draw, role, size),
        }
        for role, size in variable_shapes(node, shape).items()
    }
    config = _plain(dict(node.attrs))
    if isinstance(kind := config.get("initializer"), str):
        config["initializer"] = {"kind": f"course_{kind}", "seed": 0}
    return {
        "kind": node.kind,
        "name": node.name or f"{node.kind.lower()}_{number}",
        "config": config,
        "used_before": False,
        "trainable": True,
        "variables": variables,
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, Either):
        return value.values[0]
    return [_plain(each) for each in value] if isinstance(value, tuple) else value


def _start(draw: Draw, role: str, shape: tuple[int, ...]) -> dict[str, Any]:
    """What a variable starts with, as a capture has it."""
    if role != "kernel" or draw.kind == "constant":
        return sample(_initial(draw, role, shape))
    step = _step(math.prod(shape))
    drawn = getattr(stream, draw.kind.replace("_uniform", "_sample"))
    return _written_sample(drawn(draw.seed, shape, step), shape, step)


def sample(array: np.ndarray) -> dict[str, Any]:
    """An array as a capture has it."""
    step = _step(array.size)
    return _written_sample(array.reshape(-1)[::step], array.shape, step)


def _step(size: int) -> int:
    return 1 if size <= _MOST else size // _MOST | 1


def _written_sample(
    values: np.ndarray, shape: tuple[int, ...], step: int
) -> dict[str, Any]:
    """Every `step`-th value of an array; where all are one value, it is there once."""
    values = values.astype("<f4")
    if values.size > 1 and np.all(values == values[0]):
        values = values[:1]
    data = base64.b64encode(values.tobytes()).decode("ascii")
    return {"shape": list(shape), "step": step, "data": data}
