"""Networks whose blocks are written out: how many each stage has.

A block too many in one stage, or too few in another, shifts all layers behind it. So
blocks are counted before layers are compared: what a stage lacks is taken out of the
specification, what it has too many out of the captured graph.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grader.judge.network.difference import Difference
from grader.judge.network.graph import INPUT, MERGES, Graph
from grader.judge.network.spec import Spec

#: Nodes of a graph that is looked at: a forged one may have more than any network.
_MOST = 1000


@dataclass(frozen=True)
class Segment:
    """The layers of a block in a graph.

    Attributes:
        source: what it takes.
        end: its last layer.
        width: its output's channels.
        projects: whether its shortcut has a convolution.
    """

    source: int
    end: int
    width: object
    projects: bool


@dataclass(frozen=True)
class Recounted:
    """Specification and captured graph with as many blocks in each stage.

    Attributes:
        spec: without the blocks that a stage lacks.
        graph: without those that it has too many.
        slips: these blocks, each a difference.
    """

    spec: Spec
    graph: Graph
    slips: tuple[Difference, ...]


def recounted(spec: Spec, own: Graph) -> Recounted | None:
    """Makes the blocks of each stage as many as they are to be.

    Args:
        spec: with blocks that are written out.
        own: the captured graph, in normal form.

    Returns:
        None where the captured graph is no such chain of blocks, or has as many.
    """
    asked = _segments(spec.graph)
    if not asked or any(spec.lines[s.end].inside is None for s in asked):
        return None
    got = _segments(own)
    stages = {segment.width: segment for segment in asked}
    if not got or any(s.width not in stages for s in got):
        return None
    order = list(dict.fromkeys(s.width for s in asked))
    places = [order.index(s.width) for s in got]
    if places != sorted(places):
        return None
    few, many = [], []
    for width in order:
        of_spec = [segment for segment in asked if segment.width == width]
        of_own = [segment for segment in got if segment.width == width]
        few += _beyond(of_spec, len(of_own), of_own)
        many += _beyond(of_own, len(of_spec), of_spec)
    if not few and not many:
        return None
    slips = [*_too_few(spec, few), *_too_many(spec, asked, many)]
    graph = spec.graph
    for segment in reversed(few):
        graph = _without(graph, segment)
    for segment in reversed(many):
        own = _without(own, segment)
    return Recounted(replace(spec, graph=graph), own, tuple(slips))


def _segments(graph: Graph) -> list[Segment]:
    """The blocks of a graph, one after the other; none if it is no such chain."""
    if len(graph.order) > _MOST:
        return []
    behind: dict[int, frozenset[int]] = {INPUT: frozenset((INPUT,))}
    for index in graph.order:
        before = (behind[source] for source in graph.nodes[index].sources)
        behind[index] = frozenset((index,)).union(*before)
    place = {index: k for k, index in enumerate((INPUT, *graph.order))}
    after: dict[int, list[int]] = {}
    for index in graph.order:
        for source in graph.nodes[index].sources:
            after.setdefault(source, []).append(index)
    found: list[Segment] = []
    for index in graph.order:
        node = graph.nodes[index]
        if node.kind not in MERGES or len({*node.sources}) != 2:
            continue
        one, other = sorted({*node.sources})
        common = behind[one] & behind[other]
        source = max(common, key=place.__getitem__, default=None)
        if source is None or (found and source != found[-1].end):
            return []
        inner = behind[index] - behind[source]
        ends = after.get(index, [])
        relu = [n for n in ends if graph.nodes[n].kind == "Activation"]
        end = relu[0] if len(ends) == 1 and relu else index
        found.append(Segment(source, end, *_about(graph, inner, (one, other), behind)))
    return found


def _about(
    graph: Graph,
    inner: frozenset[int],
    paths: Sequence[int],
    behind: Mapping[int, frozenset[int]],
) -> tuple[object, bool]:
    """A block's width, and whether both of its paths have a convolution."""
    convolutions = [
        [n for n in behind[path] & inner if graph.nodes[n].kind == "Conv2D"]
        for path in paths
    ]
    widths = [graph.nodes[n].attrs.get("filters") for ns in convolutions for n in ns]
    numbers = [width for width in widths if type(width) is int]
    return max(numbers, default=None), all(convolutions)


def _beyond(
    found: Sequence[Segment], count: int, others: Sequence[Segment]
) -> Sequence[Segment]:
    """The blocks of a stage above a number: the last ones, or the first if that lacks.

    Args:
        found: of the one graph.
        count: how many the other has.
        others: those of the other.
    """
    if len(found) <= count:
        return ()
    first = others and found[0].projects and not others[0].projects
    return found[: len(found) - count] if first else found[count:]


def _without(graph: Graph, segment: Segment) -> Graph:
    """A graph in which a block gives what it takes; numbers of nodes stay."""
    nodes = []
    for node in graph.nodes:
        inputs = (
            segment.source if type(i) is int and i == segment.end else i
            for i in node.inputs
        )
        nodes.append(replace(node, inputs=tuple(inputs)))
    output = segment.source if graph.output == segment.end else graph.output
    return Graph(tuple(nodes), output)


def _too_few(spec: Spec, few: Sequence[Segment]) -> list[Difference]:
    kinds = (spec.graph.nodes[segment.end].kind for segment in few)
    return [
        Difference("missing", segment.end, "block", asked=kind)
        for segment, kind in zip(few, kinds, strict=True)
    ]


def _too_many(
    spec: Spec, asked: Sequence[Segment], many: Sequence[Segment]
) -> list[Difference]:
    found = []
    for segment in many:
        last = [s for s in asked if s.width == segment.width][-1]
        place = asked.index(last) + 1
        twin = _block_of(spec, asked[place]) if place < len(asked) else ""
        alike = [s for s in asked if s.projects == segment.projects]
        inside = spec.lines[(alike or [last])[-1].end].inside
        assert inside is not None
        found.append(
            Difference(
                "extra", last.end, "block", found="Block", own=inside.calls, twin=twin
            )
        )
    return found


def _block_of(spec: Spec, segment: Segment) -> str:
    inside = spec.lines[segment.end].inside
    return inside.label if inside else ""
