"""Whether a difference changes any number: the verdict rule, carried out.

A difference costs points only if it changes an output, a parameter count or an
initial weight for some admissible call. So the judge computes both and looks.
"""

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np

from grader.challenge import call_input
from grader.judge.network.difference import Difference
from grader.judge.network.forward import NO_DRAWS, forward
from grader.judge.network.graph import WEIGHTED, Graph, Node
from grader.judge.network.spec import Spec
from grader.judge.network.weights_for import (
    Drawn,
    NotComputable,
    Weights,
    challenge_weights,
)
from grader.judge.sample import close

_SEED = NO_DRAWS
#: Sizes of input: a limit such as ReLU's max_value shows only on large ones.
_SCALES = (1.0, 1e4)


def same_numbers(
    asked: Graph,
    found: Graph,
    input_shapes: Sequence[tuple[int, ...]],
    weights: tuple[Weights, Weights],
) -> bool:
    """Whether two graphs compute the same, in inference and in training mode.

    Args:
        asked: the specification's graph.
        found: the other.
        input_shapes: sizes to try, (height, width, channels) each.
        weights: for each of the two.
    """
    if _ends_in_softmax(asked) and _ends_in_softmax(found):
        asked, found = _before_last(asked), _before_last(found)
    compared = False
    for shape in input_shapes:
        x = call_input(_SEED, str(shape), len(_SCALES), shape)
        x = x * np.reshape(_SCALES, (-1, 1, 1, 1))
        for training in (False, True):
            try:
                wanted = forward(asked, x, weights[0], training=training, seed=_SEED)
            except NotComputable:
                continue  # this size is not admissible: nothing to compare with
            try:
                got = forward(found, x, weights[1], training=training, seed=_SEED)
            except NotComputable:
                return False
            if not close(got, wanted, 1e-9):
                return False
            compared = True
    return compared


def _ends_in_softmax(graph: Graph) -> bool:
    """Whether logits are to be compared: softmax of large ones hides differences."""
    last = graph.nodes[graph.output]
    soft = last.kind == "Activation" and last.attrs.get("activation") == "softmax"
    return soft and "axis" not in last.attrs and bool(last.sources)


def _before_last(graph: Graph) -> Graph:
    return replace(graph, output=graph.nodes[graph.output].sources[0])


def never_harmless(spec: Spec, difference: Difference) -> bool:
    """Whether a difference counts whatever the outputs say.

    Names and what is trained are asked for as such; a call to a block stands for
    layers that its stand-in does not compute.
    """
    if difference.kind == "name" or difference.attr == "trainable":
        return True
    block = spec.graph.nodes[difference.node].kind == "Block"
    return block and difference.kind in ("attr", "kind", "swapped", "shared")


def harmless(
    spec: Spec, difference: Difference, input_shapes: Sequence[tuple[int, ...]]
) -> bool:
    """Whether the specification, with this one difference, computes the same."""
    if difference.kind != "attr" or difference.attr in ("activation", "data_format"):
        return False
    if difference.attr == "training":
        return not difference.asked and not difference.found  # None means False
    # The mode is an argument: what shows in one of the two changes something.
    asked = _in_any_mode(spec.graph, spec.graph.order)
    changed = asked.changed(difference.node, **{difference.attr: difference.found})
    weights = challenge_weights(_SEED)
    return same_numbers(asked, changed, input_shapes, (weights, weights))


def _in_any_mode(graph: Graph, which: Collection[int]) -> Graph:
    """The graph without the mode that some of its layers were called in."""
    nodes = (
        replace(node, training=None) if index in which else node
        for index, node in enumerate(graph.nodes)
    )
    return replace(graph, nodes=tuple(nodes))


def equivalent(
    spec: Spec,
    own: Graph,
    input_shapes: Sequence[tuple[int, ...]],
    pairs: Mapping[int, int],
) -> bool:
    """Whether a graph of another structure computes the same from the same weights.

    Weights are carried over by the names that the specification gives, or to the
    layers that stand for its unnamed ones; where one lacks its counterpart, the
    graphs are not equivalent.

    Args:
        spec: the specification.
        own: the captured graph.
        input_shapes: sizes to try, (height, width, channels) each.
        pairs: specification node to captured node.
    """
    weighted = [n for n in spec.graph.order if spec.graph.nodes[n].kind in WEIGHTED]
    asked = {spec.graph.nodes[n].name or str(n): spec.graph.nodes[n] for n in weighted}
    unnamed = {pairs[n]: str(n) for n in weighted if n in pairs and str(n) in asked}
    known: dict[int, str] = {}
    for index in own.order:
        node = own.nodes[index]
        if not node.variables:
            continue
        key = unnamed.get(index, node.name)
        if known.setdefault(node.operation, key) != key:
            return False
    if len(asked) != len(known) or set(asked) != set(known.values()):
        return False

    drawn = Drawn(_SEED)

    def draw(place: int, role: str, shape: tuple[int, ...]) -> np.ndarray:
        key = tuple(n for n in shape if n != 1) or (math.prod(shape),)
        return drawn(place, role, key).reshape(shape)

    def original(node: Node, role: str, shape: tuple[int, ...]) -> np.ndarray:
        return draw(node.operation, role, shape)

    def carried(node: Node, role: str, shape: tuple[int, ...]) -> np.ndarray:
        return draw(asked[known[node.operation]].operation, role, shape)

    alike = {
        number: index
        for number, index in pairs.items()
        if bool(spec.graph.nodes[number].training) == bool(own.nodes[index].training)
    }
    graphs = (
        _in_any_mode(spec.graph, alike.keys()),
        _in_any_mode(own, alike.values()),
    )
    return same_numbers(*graphs, input_shapes, (original, carried))
