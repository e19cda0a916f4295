"""A sum of one tensor with itself, as if it took the path that it lost.

That path leads nowhere, so that it is not behind the output. Where the capture has its
layers all the same they are judged: the sum is one slip, and what it lost is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from grader.judge.network.align import align
from grader.judge.network.compare import compare
from grader.judge.network.difference import Difference
from grader.judge.network.graph import INPUT, MERGES, Graph
from grader.judge.network.match import Match
from grader.judge.network.operations import together
from grader.judge.network.spec import Spec

#: Nodes of a graph that is looked at: a forged one may have more than any block.
_MOST = 300


@dataclass(frozen=True)
class Mended:
    """A graph whose sum takes both of its paths.

    Attributes:
        graph: with what the sum lost.
        matched: how its layers are matched.
        slip: that the sum takes one of them twice.
    """

    graph: Graph
    matched: Match
    slip: Difference


def mended(spec: Spec, own: Graph) -> Mended | None:
    """Gives a sum of one tensor with itself what leads nowhere, if that explains more.

    Args:
        spec: the specification.
        own: the captured graph, in normal form.
    """
    if len(own.nodes) > _MOST:
        return None
    sums = [i for i in own.order if _takes_twice(own, i)]
    loose = _loose(own) if len(sums) == 1 else INPUT
    if not loose:
        return None
    graph, places = _joined(own, sums[0], loose)
    graph = together(graph)
    matched = align(spec, graph)
    back = {index: number for number, index in matched.pairs.items()}
    number = back.get(places[sums[0]])
    kept = _before(graph, places[own.nodes[sums[0]].sources[0]], back)
    if number is None or kept not in spec.graph.nodes[number].sources:
        return None
    asked = spec.graph.nodes[number].sources
    plain = together(own)
    differences = compare(spec, graph, matched)
    if any(d.kind == "wiring" and d.node == number for d in differences):
        return None
    if len(differences) >= len(compare(spec, plain, align(spec, plain))):
        return None
    label = spec.dialect.label(graph.nodes[places[sums[0]]])
    slip = Difference("wiring", number, asked=asked, found=(kept, kept), own=label)
    return Mended(graph, matched, slip)


def _takes_twice(graph: Graph, index: int) -> bool:
    node = graph.nodes[index]
    pair = len(node.inputs) == len(node.sources) == 2
    return node.kind in MERGES and pair and len({*node.sources}) == 1


def _loose(graph: Graph) -> int:
    """The end of the longest path that leads nowhere; 0 if there is none."""
    used = {source for node in graph.nodes for source in node.sources}
    reached = {INPUT, *graph.order}
    ends = (n for n in range(len(graph.nodes)) if n not in used and n not in reached)
    return max(ends, key=lambda n: len(replace(graph, output=n).order), default=INPUT)


def _joined(graph: Graph, merge: int, loose: int) -> tuple[Graph, Mapping[int, int]]:
    """A graph whose merge takes a loose end as well, and each node's new number."""
    nodes = list(graph.nodes)
    kept = nodes[merge].sources[0]
    nodes[merge] = replace(nodes[merge], inputs=(loose, kept))
    first = replace(graph, output=loose).order
    if merge in first:
        return graph, {number: number for number in range(len(nodes))}
    order = [INPUT, *dict.fromkeys((*first, *graph.order))]
    places = {old: new for new, old in enumerate(order)}
    moved = (
        replace(
            nodes[old],
            inputs=tuple(
                places[i] if isinstance(i, int) else i for i in nodes[old].inputs
            ),
        )
        for old in order
    )
    return Graph(tuple(moved), places[graph.output]), places


def _before(graph: Graph, index: int, back: Mapping[int, int]) -> int | None:
    """The specification's node that a layer, or the first before it, stands for."""
    while index != INPUT and index not in back:
        if len(graph.nodes[index].sources) != 1:
            return None
        index = graph.nodes[index].sources[0]
    return INPUT if index == INPUT else back[index]
