"""The rows of a model's summary: name, class, output shape and parameters."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from grader.judge.network.graph import Graph, Node
from grader.judge.network.weights_for import variable_shapes
from grader.judge.sizes import Shape, output_shape


@dataclass(frozen=True)
class LayerSummary:
    """One layer of a summary; the shape is without the batch axis."""

    name: str
    kind: str
    shape: Shape
    params: int
    trainable: int


def summarise(graph: Graph, input_shape: Shape) -> list[LayerSummary]:
    """Lists a graph's layers as `model.summary()` does, farthest from the end first.

    Args:
        graph: of layers whose shapes are known: those of the specification. A
            dense layer and the activation after it are one row.
        input_shape: (height, width, channels).
    """
    shapes: dict[int, Shape] = {0: tuple(input_shape)}
    rows: dict[int, LayerSummary] = {
        0: LayerSummary("", "InputLayer", tuple(input_shape), 0, 0)
    }
    for index in graph.order:
        node = graph.nodes[index]
        source = shapes[node.sources[0]]
        shapes[index] = output_shape(node.kind, node.attrs, source)
        if node.kind == "Activation" and graph.nodes[node.sources[0]].kind == "Dense":
            continue
        sizes = {r: math.prod(s) for r, s in variable_shapes(node, source).items()}
        moving = sum(n for role, n in sizes.items() if role.startswith("moving"))
        total = sum(sizes.values())
        name, kind = node.name, node.kind
        rows[index] = LayerSummary(name, kind, shapes[index], total, total - moving)
    depth = _depths(graph)
    return [rows[index] for index in sorted(rows, key=lambda i: -depth[i])]


def count_parameters(graph: Graph, of_block: Callable[[Node], Graph]) -> int | None:
    """Counts a captured network's parameters; None where a shape is not known.

    Args:
        graph: some of its nodes may be calls of blocks.
        of_block: from such a call to the layers that the specification has for it.
    """
    total = 0
    counted: set[int] = set()
    for index in graph.order:
        node = graph.nodes[index]
        if node.kind == "Block":
            shape = graph.nodes[node.sources[0]].shape[1:]
            source = tuple(n for n in shape if n is not None)
            if len(source) != 3:
                return None
            total += sum(row.params for row in summarise(of_block(node), source))
        elif node.operation not in counted:
            counted.add(node.operation)
            total += sum(variable.size for variable in node.variables.values())
    return total


def _depths(graph: Graph) -> dict[int, int]:
    """The longest way from each node to the output."""
    depth = {graph.output: 0}
    for index in reversed(graph.order):
        for source in graph.nodes[index].sources:
            depth[source] = max(depth.get(source, 0), depth[index] + 1)
    return depth
