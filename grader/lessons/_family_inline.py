"""Finds option A of the shortcut where a block writes it out and calls nothing.

Whatever layers do it: what counts is that they have no weights and give, of any
input, each s-th pixel with zeros behind its channels.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from grader.challenge import call_input
from grader.judge.network.forward import forward
from grader.judge.network.graph import INPUT, Graph, Node
from grader.judge.network.weights_for import NotComputable, initial_weights
from grader.judge.sample import close
from grader.lessons._family_shortcut import with_zeros
from grader.lessons.family import SHORTCUT

_PLAIN = ("MaxPooling2D", "AveragePooling2D", "Pad", "GetItem", "Concatenate",
          "ZeroPadding2D", "Permute", "Multiply")  # fmt: skip
_STRIDES = (1, 2, 3, 4)
_SIZE = (12, 24)


def with_calls_for_zeros(graph: Graph) -> Graph:
    """Puts a call of `shortcut` in the place of layers that do what option A does."""
    nodes = list(graph.nodes)
    for node in graph.nodes:
        if node.kind != "Add":
            continue
        for source in node.sources:
            found = _call(graph, source)
            if found is not None:
                nodes[source] = found
    return replace(graph, nodes=tuple(nodes))


def _chain(graph: Graph, end: int) -> Iterator[int]:
    """The layers without weights that lead to a node, from the last one back."""
    index = end
    while index != INPUT and graph.nodes[index].kind in _PLAIN:
        yield index
        sources = set(graph.nodes[index].sources)
        if len(sources) != 1:
            return
        (index,) = sources


def _call(graph: Graph, end: int) -> Node | None:
    chain = list(_chain(graph, end))
    if not chain or len(set(graph.nodes[chain[-1]].sources)) != 1:
        return None
    root = graph.nodes[chain[-1]].sources[0]
    channels = graph.nodes[root].shape[-1:]
    if not channels or not channels[0]:
        return None
    part = _cut(graph, root, list(reversed(chain)))
    x = call_input("zeros", "chain", 2, (*_SIZE, channels[0]))
    try:
        found = forward(part, x, initial_weights)
    except NotComputable:
        return None
    width = found.shape[-1]
    for s in _STRIDES:
        if close(found, np.asarray(with_zeros(x, width, s), np.float64), 1e-9):
            call = {"filters": width, "s": s, "option": "A"}
            attrs = SHORTCUT.record(call, place=0)
            old = graph.nodes[end]
            return Node("Block", attrs=attrs, inputs=(root,), shape=old.shape)
    return None


def _cut(graph: Graph, root: int, chain: list[int]) -> Graph:
    """The chain alone, its root as the input."""
    place = {root: INPUT} | {index: i for i, index in enumerate(chain, start=1)}
    nodes = [Node("Input")]
    for index in chain:
        node = graph.nodes[index]
        inputs = tuple(place[i] if isinstance(i, int) else i for i in node.inputs)
        nodes.append(replace(node, inputs=inputs))
    return Graph(tuple(nodes), len(nodes) - 1)
