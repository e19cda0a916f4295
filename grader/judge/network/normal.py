"""One form for graphs that compute the same in an obvious way.

`ReLU()` is `Activation("relu")`; an activation inside a convolution stands apart;
layers that change nothing are left out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.judge.network.graph import KERNELS, Graph, Node
from grader.judge.network.rewrites import rewrite


@dataclass(frozen=True)
class Normal:
    """A graph in normal form, with remarks on what was left out."""

    graph: Graph
    notes: tuple[str, ...]


def normal_form(graph: Graph) -> Normal:
    """Rewrites a graph into normal form.

    Layers that have weights keep their numbers, so that challenge weights drawn
    for the captured graph fit the rewritten one.
    """
    notes: dict[str, None] = {}

    def step(node: Node, before: Sequence[Node]) -> Sequence[Node]:
        parts, note = _parts(node, before)
        if note:
            notes[note] = None
        return parts

    return Normal(rewrite(graph, step), tuple(notes))


def _is_zero(value: int | float) -> bool:
    """Whether an input is the constant 0; whole numbers are nodes."""
    return isinstance(value, float) and value == 0


def _activation(node: Node, name: Any, source: int, **attrs: Any) -> Node:
    kind = Node("Activation", node.name, {"activation": name, **attrs}, (source,))
    return replace(kind, shape=node.shape, operation=node.operation)


def _parts(node: Node, nodes: Sequence[Node]) -> tuple[list[Node], str | None]:
    """Returns what stands for a node, and a remark. No nodes: it changes nothing."""
    attrs = node.attrs
    if node.kind in KERNELS:
        return _split_activation(node, len(nodes))
    if node.kind == "Identity":
        return [], f"{node.label} changes nothing."
    if node.kind in ("Dropout", "SpatialDropout2D") and not attrs.get("rate"):
        return [], f"{node.label} with rate 0 changes nothing."
    if node.kind == "ReLU":
        return _relu(node, nodes)
    if node.kind == "Mean" and attrs.get("axis") in ((1, 2), (-3, -2)):
        pooled = {"keepdims": bool(attrs.get("keepdims"))}
        return [replace(node, kind="GlobalAveragePooling2D", attrs=pooled)], None
    if node.kind == "Softmax":
        axis = attrs.get("axis", -1)
        extra = {} if axis in (-1, len(node.shape) - 1) else {"axis": axis}
        return [_activation(node, "softmax", node.sources[0], **extra)], None
    if node.kind == "Activation":
        return _plain_activation(node, nodes)
    if node.kind == "Maximum" and len(node.inputs) == 2 and _is_zero(node.inputs[1]):
        return _plain_activation(_activation(node, "relu", node.sources[0]), nodes)
    if (
        node.kind == "Add"
        and len(node.sources) == 1
        and any(map(_is_zero, node.inputs))
    ):
        return [], "Adding 0 changes nothing."
    return [node], None


def _split_activation(node: Node, position: int) -> tuple[list[Node], str | None]:
    """Gives a layer's own activation a place of its own."""
    attrs: Mapping[str, Any] = dict(node.attrs)
    name = attrs.pop("activation", "linear")
    plain = replace(node, attrs=attrs)
    if name == "linear":
        return [plain], None
    label = f"activation={name!r} of {node.name}"
    return [plain, _activation(replace(node, name=label), name, position)], None


def _relu(node: Node, nodes: Sequence[Node]) -> tuple[list[Node], str | None]:
    attrs = node.attrs
    limited = attrs.get("max_value") is not None
    if limited or attrs.get("negative_slope") or attrs.get("threshold"):
        return [node], None
    return _plain_activation(_activation(node, "relu", node.sources[0]), nodes)


def _is_block(node: Node) -> bool:
    """Whether a node is the call of a block that ends in a ReLU."""
    return node.kind == "Block" and not node.attrs.get("linear")


def _plain_activation(
    node: Node, nodes: Sequence[Node]
) -> tuple[list[Node], str | None]:
    name = node.attrs.get("activation")
    if name == "linear":
        return [], "A 'linear' activation changes nothing."
    before = nodes[node.sources[0]] if node.sources else None
    if (
        name == "relu"
        and before is not None
        and (_is_block(before) or before.attrs.get("activation") == "relu")
    ):
        return [], "A ReLU of a ReLU changes nothing: one is enough."
    return [node], None
