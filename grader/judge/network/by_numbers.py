"""Layers without weights that are judged by their numbers, whichever they are."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.challenge import call_input
from grader.judge.network.forward import forward
from grader.judge.network.graph import INPUT, Graph, Node
from grader.judge.network.rows import Table
from grader.judge.network.weights_for import NotComputable, initial_weights
from grader.judge.sample import close
from grader.judge.words import counted

#: From X, filters and stride to a result.
Gives = Callable[[np.ndarray, int, int], np.ndarray]

_PLAIN = ("MaxPooling2D", "AveragePooling2D", "Pad", "GetItem", "Concatenate",
          "ZeroPadding2D", "Permute", "Multiply")  # fmt: skip
_STRIDES = (1, 2, 3, 4)
_SIZE = (12, 24)


@dataclass(frozen=True)
class Numbers:
    """A result that is a function of X alone: X's channels, and behind them new ones.

    Attributes:
        gives: the result.
        mistakes: other results that a report names, in its words.
        kept: what is said where the first channels are wrong.
        new: what is said where the others are.
        with_weights: what is said where layers with weights give the result.
        sentence: of the specification.
    """

    gives: Gives
    mistakes: Mapping[str, Gives]
    kept: str
    new: str
    with_weights: str
    sentence: str

    def why(self, x: np.ndarray, found: np.ndarray, filters: int, s: int) -> str:
        """Says how a result is wrong.

        Args:
            x: input of the call.
            found: the result.
            filters: that the call asks for.
            s: its stride.
        """
        wanted = self.gives(x, filters, s)
        if found.shape == x.shape and close(found, x, 1e-6):
            return "the result is X unchanged"
        if found.ndim != 4:
            return "the result does not have the four axes of an image"
        if found.shape[1:3] != wanted.shape[1:3]:
            return (
                f"the result has {found.shape[1]}×{found.shape[2]} pixels, not "
                f"{wanted.shape[1]}×{wanted.shape[2]}: look at the stride and the "
                "padding"
            )
        if found.shape[-1] != wanted.shape[-1]:
            channels = counted(found.shape[-1], "channel")
            return f"the result has {channels}, not {wanted.shape[-1]}"
        for text, gives in self.mistakes.items():
            if close(found, gives(x, filters, s), 1e-6):
                return text
        n = x.shape[-1]
        return self.new if close(found[..., :n], wanted[..., :n], 1e-6) else self.kept


def with_calls_for(
    graph: Graph, gives: Gives, function: Table, arguments: Mapping[str, Any]
) -> Graph:
    """Puts calls of a function in the place of layers that do what it does.

    Whatever layers do it, written out in a block that calls nothing: what counts is
    that they have no weights, lead to an addition, and give the numbers.

    Args:
        graph: of the block.
        gives: what the function gives.
        function: its table.
        arguments: beside filters and stride.
    """
    nodes = list(graph.nodes)
    for node in graph.nodes:
        for source in node.sources if node.kind == "Add" else ():
            size = _does(graph, source, gives)
            if size is None:
                continue
            root, filters, s = size
            call = {"filters": filters, "s": s, **arguments}
            attrs = function.record(call, place=0)
            shape = graph.nodes[source].shape
            nodes[source] = Node("Block", attrs=attrs, inputs=(root,), shape=shape)
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


def _does(graph: Graph, end: int, gives: Gives) -> tuple[int, int, int] | None:
    """Where layers that give the numbers begin, with filters and stride."""
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
        if close(found, np.asarray(gives(x, width, s), np.float64), 1e-9):
            return root, width, s
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
