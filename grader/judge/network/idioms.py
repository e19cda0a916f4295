"""Operations that together do the work of one layer, known by their numbers.

`torch.where(x > 0, x, 0)` is a ReLU, `exp(x) / sum(exp(x))` softmax, `stack` and `sum`
an addition: however it is written, what counts is what it gives.
"""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.judge.network.forward import forward
from grader.judge.network.graph import INPUT, MERGES, Graph, Node
from grader.judge.network.operations import is_loose, words
from grader.judge.network.primitives import PRIMITIVES
from grader.judge.network.weights_for import NotComputable, initial_weights
from grader.judge.sample import close

#: Nodes that one idiom has at most, and those of a graph that are looked at.
MOST_NODES, MOST_ENDS = 12, 200
#: Numbers that the input of an idiom has at most.
MOST_NUMBERS = 2_000_000
_EXAMPLES = 2
#: Sizes of numbers: a limit shows on large ones, a threshold on small ones.
_SCALES = (1e-3, 1.0, 1e4)
#: Without the usual shift, softmax gives no numbers for large ones.
_SOFTMAX_SCALES = (1e-3, 1.0, 20.0)
_TOLERANCE = 1e-9
#: Without weights, and of one meaning in both modes.
_FREE = frozenset(
    (
        *PRIMITIVES,
        *MERGES,
        "Divide",
        "Power",
        "Reshape",
        "Flatten",
        "Identity",
        "Activation",
        "GlobalAveragePooling2D",
        "GlobalMaxPooling2D",
        "AveragePooling2D",
        "MaxPooling2D",
        "ZeroPadding2D",
    )
)
#: Activations that learners write out, and that a report then names.
_OTHERS = ("relu6", "sigmoid", "silu", "tanh", "elu", "softplus", "softsign")
_MERGED = ("Average", "Maximum", "Minimum", "Multiply", "Subtract")


@dataclass(frozen=True)
class _Region:
    """Nodes that lead from few others, the roots, to one."""

    nodes: tuple[int, ...]
    roots: tuple[int, ...]


def with_layers(graph: Graph) -> tuple[Graph, tuple[str, ...]]:
    """Puts a layer in the place of operations that do its work.

    What a specification may ask for is looked for first: an average of two tensors
    may be half of a ReLU.

    Args:
        graph: in normal form.

    Returns:
        The graph, and remarks on what changes nothing.
    """
    notes: dict[str, None] = {}
    for kinds in (_asked, _others):
        graph = _read(graph, kinds, notes)
    return graph, tuple(notes)


#: From the shapes of roots and result to the layers that may be meant.
Kinds = Callable[[_Region, Graph, Sequence[tuple[int, ...]], Any], Iterator[Node]]


def _read(graph: Graph, kinds: Kinds, notes: dict[str, None]) -> Graph:
    known: dict[str, Node | None] = {}
    for looked, end in enumerate(_ends(graph)):
        if looked == MOST_ENDS:
            break
        best: tuple[Node, _Region] | None = None
        for region in _regions(graph, end):
            if not _has_idiom(graph, region, best[1].nodes if best else ()):
                continue
            key = _signature(graph, region)
            if key not in known:
                known[key] = _layer(graph, region, kinds)
            found = known[key]
            if found is not None:
                best = found, region
        if best is None:
            continue
        layer, region = best
        if layer.kind == "Identity" and words(graph, region.nodes):
            notes[f"This changes nothing: {words(graph, region.nodes)}."] = None
        graph = _put(graph, end, layer, region.roots)
    return graph


def _ends(graph: Graph) -> tuple[int, ...]:
    return tuple(i for i in graph.order if graph.nodes[i].kind in _FREE)


def _regions(graph: Graph, end: int) -> Iterator[_Region]:
    """Regions that end in a node, the smallest first, with one root or two."""
    inside = {end}
    while len(inside) <= MOST_NODES:
        sources = {s for i in inside for s in graph.nodes[i].sources}
        roots = sources - inside
        if not roots:
            return
        if len(roots) <= 2:
            yield _Region(tuple(sorted(inside)), tuple(sorted(roots)))
        last = max(roots)
        if last == INPUT or graph.nodes[last].kind not in _FREE:
            return
        inside.add(last)


def _has_idiom(graph: Graph, region: _Region, known: Sequence[int]) -> bool:
    """Whether it is worth a look: loose operations, or a tensor that meets itself.

    Args:
        graph: that it is of.
        region: the region.
        known: nodes of a smaller one that does a layer's work.
    """
    if any(is_loose(graph.nodes[index]) for index in {*region.nodes} - {*known}):
        return True
    end = graph.nodes[region.nodes[-1]]
    meets = end.kind in MERGES and len(set(end.sources)) > 1
    return meets and len(region.roots) == 1 and not known


def _signature(graph: Graph, region: _Region) -> str:
    """What two regions have in common that compute the same."""
    places = {root: -1 - k for k, root in enumerate(region.roots)}
    places |= {index: k for k, index in enumerate(region.nodes)}
    nodes = [
        (n.kind, sorted(n.attrs.items(), key=lambda item: item[0]),
         [places[i] if isinstance(i, int) else i for i in n.inputs])
        for n in (graph.nodes[i] for i in region.nodes)
    ]  # fmt: skip
    return repr((nodes, [graph.nodes[r].shape for r in region.roots]))


def _layer(graph: Graph, region: _Region, kinds: Kinds) -> Node | None:
    """The layer that does what a region does; None for none."""
    shapes = [graph.nodes[root].shape[1:] for root in region.roots]
    if len(set(shapes)) != 1 or not shapes[0]:
        return None
    (shape,) = set(shapes)
    sizes = [n for n in shape if type(n) is int and n > 0]
    if len(sizes) != len(shape) or math.prod(sizes) * len(shapes) > MOST_NUMBERS:
        return None
    part = _cut(graph, region, sizes[-1])
    wide = (*sizes[:-1], sizes[-1] * len(shapes))
    once = _run(part, wide, 1.0)
    if once is None:
        return None
    for candidate in kinds(region, graph, [tuple(sizes)] * len(shapes), once):
        one = replace(part, nodes=(*part.nodes[: 1 + len(shapes)], candidate))
        one = replace(one, output=len(one.nodes) - 1)
        if _same(part, one, wide, candidate):
            return candidate
    return None


def _same(part: Graph, one: Graph, shape: tuple[int, ...], candidate: Node) -> bool:
    soft = candidate.attrs.get("activation") == "softmax"
    for scale in _SOFTMAX_SCALES if soft else _SCALES:
        found, wanted = _run(part, shape, scale), _run(one, shape, scale)
        if found is None or wanted is None or not close(found, wanted, _TOLERANCE):
            return False
    return True


def _run(part: Graph, shape: tuple[int, ...], scale: float) -> np.ndarray | None:
    rng = np.random.default_rng(0)
    x = scale * rng.standard_normal((_EXAMPLES, *shape))
    try:
        return forward(part, x, initial_weights)
    except NotComputable:
        return None


def _cut(graph: Graph, region: _Region, channels: int) -> Graph:
    """A region alone: its roots are parts of the channels of one input."""
    nodes = [Node("Input")]
    places: dict[int, int] = {}
    for number, root in enumerate(region.roots):
        first = number * channels
        key = ("...", (first, first + channels, None))
        nodes.append(Node("GetItem", attrs={"key": key}, inputs=(INPUT,)))
        places[root] = len(nodes) - 1
    for index in region.nodes:
        node = graph.nodes[index]
        inputs = tuple(places[i] if isinstance(i, int) else i for i in node.inputs)
        nodes.append(replace(node, inputs=inputs))
        places[index] = len(nodes) - 1
    return Graph(tuple(nodes), len(nodes) - 1)


def _node(kind: str, roots: int = 1, **attrs: Any) -> Node:
    return Node(kind, attrs=attrs, inputs=tuple(range(1, 1 + roots)))


def _asked(
    region: _Region, graph: Graph, shapes: Sequence[tuple[int, ...]], result: np.ndarray
) -> Iterator[Node]:
    """Layers that specifications ask for."""
    shape, given = result.shape[1:], shapes[0]
    if len(shapes) == 2:
        if shape == given:
            yield _node("Add", 2)
        return
    if shape == given:
        yield _node("Identity")
        yield _node("Activation", activation="relu")
        yield _node("Activation", activation="softmax")
    if len(given) != 3 or _turned(graph, region):
        return
    # Of one pixel the mean is the pixel: what was meant shows in how it is written
    reduces = any("axis" in graph.nodes[i].attrs for i in region.nodes if
                  graph.nodes[i].kind in ("Mean", "Sum"))  # fmt: skip
    pixel = given[:2] == (1, 1) and not reduces
    if shape == given[2:] and not pixel:
        yield _node("GlobalAveragePooling2D", keepdims=False)
    if shape == (1, 1, given[2]) and not pixel:
        yield _node("GlobalAveragePooling2D", keepdims=True)
    if shape == (math.prod(given),):
        yield _node("Flatten")


def _turned(graph: Graph, region: _Region) -> bool:
    """Whether rows and columns are not where layers have them."""
    return graph.nodes[region.roots[0]].kind == "Transpose"


def _others(
    region: _Region, graph: Graph, shapes: Sequence[tuple[int, ...]], result: np.ndarray
) -> Iterator[Node]:
    """Other layers, which a report can name."""
    shape, given = result.shape[1:], shapes[0]
    if len(shapes) == 2:
        if shape == given:
            yield from (_node(kind, 2) for kind in _MERGED)
        if shape == (*given[:-1], 2 * given[-1]):
            yield _node("Concatenate", 2, axis=len(given))
    elif shape == given:
        yield from (_node("Activation", activation=name) for name in _OTHERS)
    elif len(given) != 3 or _turned(graph, region):
        return
    elif shape in (given[2:], (1, 1, given[2])):
        yield _node("GlobalMaxPooling2D", keepdims=len(shape) == 3)


def _put(graph: Graph, end: int, layer: Node, roots: Sequence[int]) -> Graph:
    """Puts a layer in the place of a region's end; what leads to it is then unused."""
    nodes, old = list(graph.nodes), graph.nodes[end]
    if layer.kind != "Identity":
        nodes[end] = replace(
            old, kind=layer.kind, attrs=layer.attrs, inputs=tuple(roots), variables={}
        )
        return replace(graph, nodes=tuple(nodes))
    (root,) = roots

    def moved(node: Node) -> Node:
        return replace(node, inputs=tuple(root if i == end and isinstance(i, int)
                                          else i for i in node.inputs))  # fmt: skip

    output = root if graph.output == end else graph.output
    return Graph(tuple(map(moved, nodes)), output)
