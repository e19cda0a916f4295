"""The rows of a model's summary: name, class, output shape and parameters."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.judge.layers import pair
from grader.judge.network.forward import variable_shapes
from grader.judge.network.graph import Graph, Node

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Row:
    """One layer of a summary; the shape is without the batch axis."""

    name: str
    kind: str
    shape: Shape
    params: int
    trainable: int


def summarise(graph: Graph, input_shape: Shape) -> list[Row]:
    """Lists a graph's layers as `model.summary()` does, farthest from the end first.

    Args:
        graph: of layers whose shapes are known: those of the specification. A
            dense layer and the activation after it are one row.
        input_shape: (height, width, channels).
    """
    shapes: dict[int, Shape] = {0: tuple(input_shape)}
    rows: dict[int, Row] = {0: Row("", "InputLayer", tuple(input_shape), 0, 0)}
    for index in graph.order:
        node = graph.nodes[index]
        source = shapes[node.sources[0]]
        shapes[index] = _output_shape(node, source)
        if node.kind == "Activation" and graph.nodes[node.sources[0]].kind == "Dense":
            continue
        sizes = {r: math.prod(s) for r, s in variable_shapes(node, source).items()}
        moving = sum(n for role, n in sizes.items() if role.startswith("moving"))
        total = sum(sizes.values())
        name, kind = node.name, node.kind
        rows[index] = Row(name, kind, shapes[index], total, total - moving)
    depth = _depths(graph)
    return [rows[index] for index in sorted(rows, key=lambda i: -depth[i])]


def _depths(graph: Graph) -> dict[int, int]:
    """The longest way from each node to the output."""
    depth = {graph.output: 0}
    for index in reversed(graph.order):
        for source in graph.nodes[index].sources:
            depth[source] = max(depth.get(source, 0), depth[index] + 1)
    return depth


def _output_shape(node: Node, shape: Shape) -> Shape:
    attrs = node.attrs
    if node.kind == "Flatten":
        return (math.prod(shape),)
    if node.kind == "Dense":
        return (*shape[:-1], attrs["units"])
    if node.kind == "ZeroPadding2D":
        rows, columns = (sum(side) for side in attrs["padding"])
        return (shape[0] + rows, shape[1] + columns, shape[2])
    if node.kind == "Conv2D":
        sides = _sides(shape, attrs, pair(attrs["kernel_size"]))
        return (*sides, attrs["filters"])
    if node.kind in ("MaxPooling2D", "AveragePooling2D"):
        return (*_sides(shape, attrs, pair(attrs["pool_size"])), shape[-1])
    return shape


def _sides(shape: Shape, attrs: Mapping[str, Any], window: Sequence[int]) -> Shape:
    strides = pair(attrs["strides"])
    if attrs["padding"] == "same":
        return tuple(-(-n // s) for n, s in zip(shape[:2], strides, strict=True))
    return tuple(
        (n - k) // s + 1 for n, k, s in zip(shape[:2], window, strides, strict=True)
    )
