"""One form for graphs that compute the same in an obvious way.

`ReLU()` is `Activation("relu")`; an activation inside a convolution stands apart;
operations that do a layer's work are that layer; layers that change nothing are left
out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.judge.layers import pair
from grader.judge.network.graph import KERNELS, Graph, Node
from grader.judge.network.idioms import with_layers
from grader.judge.network.kinds import options
from grader.judge.network.rewrites import once, rewrite

RELU_OPTIONS = options("relu")
#: Layers that change borders, and the hyperparameter that says by how much.
_BORDERS = {"ZeroPadding2D": "padding", "Cropping2D": "cropping"}


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
        if not node.sources:
            return (node,)
        parts, note = _parts(node, before)
        if note:
            notes[note] = None
        return parts

    plain, changing_nothing = with_layers(rewrite(once(graph), step))
    notes |= dict.fromkeys(changing_nothing)
    return Normal(rewrite(plain, step), tuple(notes))


def _is_zero(value: int | float) -> bool:
    """Whether an input is the constant 0; whole numbers are nodes."""
    return isinstance(value, float) and value == 0


def _meets_zero(node: Node) -> bool:
    return any(map(_is_zero, node.inputs))


def _pools(node: Node, nodes: Sequence[Node]) -> bool:
    """Whether a mean is over rows and columns of an image, channels last."""
    before = nodes[node.sources[0]]
    image = len(before.shape) == 4 and before.kind != "Transpose"
    return image and node.attrs.get("axis") in ((1, 2), (-3, -2))


def _numbers(border: Any) -> bool:
    """Whether a border, as ((1, 1), (0, 0)), is any wide."""
    return any(map(_numbers, border)) if isinstance(border, tuple) else border != 0


def _axis(node: Node) -> dict[str, Any]:
    """The axis of a softmax, where it is not the last."""
    axis = node.attrs.get("axis", -1)
    return {} if axis in (-1, len(node.shape) - 1) else {"axis": axis}


def _activation(node: Node, name: Any, source: int, **attrs: Any) -> Node:
    kind = Node("Activation", node.name, {"activation": name, **attrs}, (source,))
    return replace(kind, shape=node.shape, operation=node.operation)


def _border(node: Node) -> tuple[Any, ...] | None:
    """The zeros that a padding of all axes sets around an image, if that is all."""
    widths = node.attrs.get("pad_width")
    if not isinstance(widths, tuple) or len(widths) != 4:
        return None
    sides = tuple(map(pair, widths))
    with_zeros = node.attrs.get("mode", "constant") == "constant" and all(
        isinstance(i, int) or i == 0 for i in node.inputs
    )
    framed = sides[0] == sides[3] == (0, 0) and min(map(min, sides)) >= 0
    return sides[1:3] if with_zeros and framed else None


def _parts(node: Node, nodes: Sequence[Node]) -> tuple[list[Node], str | None]:
    """Returns what stands for a node, and a remark. No nodes: it changes nothing."""
    attrs = node.attrs
    if node.kind in KERNELS:
        return _split_activation(node, len(nodes))
    if node.kind == "Identity":
        return [], f"{node.label} changes nothing."
    if node.kind in _BORDERS and not _numbers(attrs.get(_BORDERS[node.kind])):
        return [], f"{node.label} by 0 changes nothing."
    if node.kind in ("Dropout", "SpatialDropout2D") and not attrs.get("rate"):
        return [], f"{node.label} with rate 0 changes nothing."
    if node.kind in ("ReLU", "Clip"):
        return _relu(node, nodes)
    if node.kind in ("LeakyReLU", "ELU"):
        name = {"LeakyReLU": "leaky_relu", "ELU": "elu"}[node.kind]
        return [_activation(node, name, node.sources[0], **attrs)], None
    if node.kind == "Mean" and _pools(node, nodes):
        pooled = {"keepdims": bool(attrs.get("keepdims"))}
        return [replace(node, kind="GlobalAveragePooling2D", attrs=pooled)], None
    if node.kind == "Pad" and (border := _border(node)):
        framed = replace(node, attrs={"padding": border}, inputs=node.sources)
        return [replace(framed, kind="ZeroPadding2D")], None
    if node.kind == "Softmax":
        return [_activation(node, "softmax", node.sources[0], **_axis(node))], None
    if node.kind == "Activation":
        return _plain_activation(node, nodes)
    if node.kind == "Maximum" and len(node.sources) == 1 and _meets_zero(node):
        return _plain_activation(_activation(node, "relu", node.sources[0]), nodes)
    if node.kind == "Add" and len(node.sources) == 1 and _meets_zero(node):
        return [], "Adding 0 changes nothing."
    return [node], None


def _split_activation(node: Node, position: int) -> tuple[list[Node], str | None]:
    """Gives a layer's own activation a place of its own."""
    if "activation" not in node.attrs:
        return [node], None
    attrs: Mapping[str, Any] = dict(node.attrs)
    name = attrs.pop("activation")
    plain = replace(node, attrs=attrs)
    if name == "linear":
        return [plain], None
    label = f"activation={name!r} of {node.name}"
    return [plain, _activation(replace(node, name=label), name, position)], None


def _relu(node: Node, nodes: Sequence[Node]) -> tuple[list[Node], str | None]:
    """A ReLU as an activation, with those of its options that change something."""
    attrs = node.attrs
    if node.kind == "Clip":
        if attrs.get("x_min") != 0:
            return [node], None
        attrs = {"max_value": attrs.get("x_max")}
    own = {name: attrs.get(name) or usual for name, usual in RELU_OPTIONS.items()}
    if attrs.get("max_value") == 0:
        own["max_value"] = 0  # no usual one: it gives zeros
    other = {name: v for name, v in own.items() if v != RELU_OPTIONS[name]}
    if other == {"max_value": 6}:
        return [_activation(node, "relu6", node.sources[0])], None
    return _plain_activation(_activation(node, "relu", node.sources[0], **other), nodes)


def _is_block(node: Node) -> bool:
    """Whether a node is the call of a block that ends in a ReLU."""
    return node.kind == "Block" and not node.attrs.get("linear")


def _plain_activation(
    node: Node, nodes: Sequence[Node]
) -> tuple[list[Node], str | None]:
    name = node.attrs.get("activation")
    if name == "linear":
        return [], "A 'linear' activation changes nothing."
    if "axis" in node.attrs:
        attrs = {n: v for n, v in node.attrs.items() if n != "axis"} | _axis(node)
        return [replace(node, attrs=attrs)], None
    before = nodes[node.sources[0]] if node.sources else None
    if (
        before is not None
        and _is_relu(node)
        and (_is_block(before) or _is_relu(before))
    ):
        return [], "A ReLU of a ReLU changes nothing: one is enough."
    return [node], None


def _is_relu(node: Node) -> bool:
    """Whether a node is the activation ReLU, without options."""
    return node.attrs.get("activation") == "relu" and not (
        RELU_OPTIONS.keys() & node.attrs.keys()
    )
