"""What made a call fail: a difference in what was built until then."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from grader.challenge import call_input
from grader.judge.network.compare import compare
from grader.judge.network.difference import AFTER, Difference, changes_shapes
from grader.judge.network.forward import computes
from grader.judge.network.graph import Graph
from grader.judge.network.match import Match, match
from grader.judge.network.normal import normal_form
from grader.judge.network.operations import together
from grader.judge.network.reading import read_graph
from grader.judge.network.sides import Sides
from grader.judge.network.spec import Spec

_SEED = "cause"
#: Hyperparameters that shapes follow from.
_SHAPES = frozenset(
    (
        *("filters", "kernel_size", "strides", "padding", "dilation_rate", "groups"),
        *("units", "pool_size", "data_format", "keepdims", "s", "function"),
    )
)
#: What PyTorch calls the channels that a layer takes; the variable that has them, and
#: on which axis.
_CHANNELS = {
    "Conv2D": ("in_channels", "kernel", -2),
    "Dense": ("in_features", "kernel", -2),
    "BatchNormalization": ("num_features", "moving_mean", -1),
}
#: Differences that are tried one by one: each takes a pass.
_MOST = 12
#: Layers of a specification that takes too long for that.
_LARGE = 100


@dataclass(frozen=True)
class Causes:
    """What can have made a call fail.

    Attributes:
        differences: what is sure to have done so first.
        places: of the specification's nodes, the numbers of the captured layers.
        sides: what was compared, for a picture.
    """

    differences: tuple[Difference, ...] = ()
    places: Mapping[int, int] = field(default_factory=dict)
    sides: Sides | None = None


def causes(
    spec: Spec,
    input_shape: tuple[int, ...],
    call: Mapping[str, Any],
    rewrite: Callable[[Graph], Graph] | None = None,
) -> Causes:
    """What can have made a call fail.

    Args:
        spec: what the call is to build.
        input_shape: (height, width, channels).
        call: that failed, as it was captured.
        rewrite: applied to the graph before it is compared.

    Raises:
        CaptureError: if what was built until then cannot be read.
    """
    if not isinstance(call.get("partial"), Mapping):
        return Causes()
    own = read_graph(call["partial"], failed=True)
    last = own.nodes[own.output]
    if not last.sources or any(math.isnan(i) for i in last.inputs):
        return Causes()  # it was given something else than tensors: that is why
    try:
        own = normal_form(own).graph
        own = together(rewrite(own) if rewrite else own)
    except (LookupError, TypeError, ValueError):
        return Causes()  # a call that failed has no output, which a rewriting may need
    # of the whole specification, where the layers until then explain nothing
    for look in (_matched, _in_whole):
        matched = look(spec, own)
        ends = {n for n, index in matched.pairs.items() if index == own.output}
        differences = compare(spec, own, matched)
        found = [d for d in differences if d.node in ends or _shapes(d)]
        # behind the layer that failed there is nothing
        told = [d for d in found if d.kind not in ("name", "weight")]
        found = [d for d in told if d.asked != AFTER]
        found = found or _of_input(own, matched)
        if found:
            break
    places = {n: own.nodes[i].operation for n, i in matched.pairs.items()}
    sure = [d for d in found[:_MOST] if not _fits(spec, d, input_shape)]
    structure = [d for d in found if d.kind != "attr"]
    beside = _missing_beside(spec, differences, found)
    every = tuple(dict.fromkeys([*sure, *structure, *found, *beside]))
    return Causes(every, places, Sides(spec, own, matched))


def _missing_beside(
    spec: Spec, differences: Sequence[Difference], found: Sequence[Difference]
) -> list[Difference]:
    """What is missing in a part of which a layer is missing that shapes follow from."""
    parts = {spec.lines[d.node].where for d in found if d.kind == "missing"}
    missing = [d for d in differences if d.kind == "missing"]
    return [d for d in missing if spec.lines[d.node].where in parts]


def _shapes(difference: Difference) -> bool:
    if difference.kind == "attr":
        return difference.attr in _SHAPES
    return changes_shapes(difference)


def _of_input(own: Graph, matched: Match) -> list[Difference]:
    """A layer that was made for another number of channels than it is given."""
    last = own.nodes[own.output]
    number = next((n for n, i in matched.pairs.items() if i == own.output), None)
    attr, role, axis = _CHANNELS.get(last.kind, ("", "", 0))
    variable = last.variables.get(role)
    if number is None or variable is None or len(variable.shape) < -axis:
        return []
    groups = last.attrs.get("groups", 1)
    given = own.nodes[last.sources[0]].shape[-1:] if last.sources else ()
    found = variable.shape[axis] * groups if type(groups) is int else 0
    if not given or given[0] is None or given[0] == found:
        return []
    return [Difference("attr", number, attr, given[0], found, last.label)]


def _matched(spec: Spec, own: Graph) -> Match:
    """Which layers stand for each other, where the last of the captured ones failed.

    It may be any of its kind: what stands before it decides.
    """
    kind = own.nodes[own.output].kind
    ends = [n for n in spec.graph.order if spec.graph.nodes[n].kind == kind]
    if not ends or len(spec.graph.nodes) > _LARGE:
        return _in_whole(spec, own)

    def until(end: int) -> tuple[int, int, int, Match]:
        part = replace(spec, graph=replace(spec.graph, output=end))
        found = match(part, own)
        lost = len(found.missing) + len(found.extra)
        return lost, len(compare(part, own, found)), end, found

    return min(map(until, ends), key=lambda option: option[:-1])[-1]


def _in_whole(spec: Spec, own: Graph) -> Match:
    """The match without what only comes after the layers that were built."""
    matched = match(spec, own)
    behind: set[int] = set()
    left = list(matched.pairs)
    while left:
        number = left.pop()
        if number not in behind:
            behind.add(number)
            left.extend(spec.graph.nodes[number].sources)
    return replace(matched, missing=tuple(n for n in matched.missing if n in behind))


def _fits(spec: Spec, difference: Difference, shape: tuple[int, ...]) -> bool:
    """Whether the specification can be computed with this one difference."""
    if difference.kind != "attr" or len(spec.graph.nodes) > _LARGE:
        return True
    attr, found = difference.attr, difference.found
    graph = spec.graph.changed(difference.node, **{attr: found})
    return computes(graph, call_input(_SEED, "fits", 1, shape), _SEED)
