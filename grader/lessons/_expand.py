"""Recorded calls of blocks, opened into layers."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from grader.judge.network.graph import Graph, Node
from grader.judge.network.spec import Spec


def expand(graph: Graph, of_call: Callable[[Mapping[str, Any]], Spec]) -> Graph:
    """Opens the recorded calls of blocks into the layers of their specification.

    Args:
        graph: some of its nodes may be calls of blocks.
        of_call: from the recorded arguments of a call to what the block builds.
    """
    nodes: list[Node] = []
    moved: dict[int, int] = {}
    operations = max((node.operation for node in graph.nodes), default=0) + 1
    for index, node in enumerate(graph.nodes):
        inputs = tuple(moved[i] if isinstance(i, int) else i for i in node.inputs)
        if node.kind != "Block":
            nodes.append(replace(node, inputs=inputs))
        else:
            inner = of_call(node.attrs).graph
            places = {0: moved[node.sources[0]]}
            for number, layer in enumerate(inner.nodes[1:], start=1):
                sources = tuple(places[i] for i in layer.sources)
                layer = replace(layer, inputs=sources, operation=operations)
                operations += 1
                places[number] = len(nodes)
                nodes.append(layer)
        moved[index] = len(nodes) - 1
    return Graph(tuple(nodes), moved[graph.output])
