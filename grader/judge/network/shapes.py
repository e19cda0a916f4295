"""The shape that each layer of a specification gives."""

from collections.abc import Sequence

import numpy as np

from grader.judge.network.graph import MERGES, Node
from grader.judge.network.spec import Spec
from grader.judge.sizes import Shape, output_shape
from grader.judge.words import listed


class NoShape(ValueError):
    """A layer that cannot be built on what comes before it; the message names it."""


def shapes_of(spec: Spec, input_shape: Shape) -> dict[int, Shape]:
    """The shape that each layer gives, without the batch axis.

    Raises:
        NoShape: if a layer does not fit to what it takes.
    """
    shapes: dict[int, Shape] = {0: tuple(input_shape)}
    for number in spec.graph.order:
        node = spec.graph.nodes[number]
        taken = [shapes[source] for source in node.sources]
        try:
            shapes[number] = shape_of(node, taken)
        except Exception as error:
            told = listed([str(shape) for shape in taken])
            label = spec.lines[number].label
            raise NoShape(f"{label} cannot take {told}: {error}") from error
    return shapes


def shape_of(node: Node, taken: Sequence[Shape]) -> Shape:
    """The shape that a layer gives, without the batch axis.

    Args:
        node: no call of a block.
        taken: the shapes of what it takes.

    Raises:
        ValueError: if they do not fit.
    """
    if node.kind == "Concatenate":
        return _joined(taken, node.attrs["axis"] - 1)
    if node.kind in MERGES:
        most = max(map(len, taken))
        return tuple(
            np.broadcast_shapes(*((1,) * (most - len(s)) + tuple(s) for s in taken))
        )
    shape, attrs = taken[0], node.attrs
    if node.kind.endswith("2D") and len(shape) != 3:
        raise ValueError("it needs rows, columns and channels")
    groups = attrs.get("groups", 1)
    if shape[-1] % groups or attrs.get("filters", groups) % groups:
        raise ValueError(f"channels and filters do not divide into {groups} groups")
    found = output_shape(node.kind, attrs, shape)
    if min(found) < 1:
        raise ValueError("nothing is left of it")
    return found


def _joined(taken: Sequence[Shape], axis: int) -> Shape:
    others = {(*s[:axis], *s[axis + 1 :]) for s in taken}
    if len(others) > 1:
        raise ValueError("only the sizes along one axis may differ")
    first = taken[0]
    return (*first[:axis], sum(s[axis] for s in taken), *first[axis + 1 :])
