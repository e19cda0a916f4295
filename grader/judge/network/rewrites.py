"""Graphs that are compared in another form than they were captured in."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from operator import is_
from typing import Any

from grader.judge.network.graph import KERNELS, Graph, Node
from grader.judge.strict import CaptureError

#: Layers in all blocks of a network, some twenty times what the deepest has.
MAX_OPENED = 20_000
#: From a node, whose inputs are numbers of the new nodes before it, to what stands for
#: it, the last of them for its output; nothing where its source does.
Step = Callable[[Node, Sequence[Node]], Sequence[Node]]


def rewrite(graph: Graph, step: Step) -> Graph:
    """Puts other nodes in the place of each node.

    Args:
        graph: of any form.
        step: what stands for a node.
    """
    nodes = [graph.nodes[0]]
    moved = {0: 0}
    for index, node in enumerate(graph.nodes[1:], start=1):
        node = _with_inputs(node, moved)
        parts = step(node, nodes)
        nodes.extend(parts)
        moved[index] = len(nodes) - 1 if parts else node.sources[0]
    return _changed(graph, nodes, moved[graph.output])


def _changed(graph: Graph, nodes: Sequence[Node], output: int) -> Graph:
    """A graph of other nodes; itself, and what it knows, where none is another."""
    if len(nodes) == len(graph.nodes) and all(map(is_, nodes, graph.nodes)):
        return graph
    return Graph(tuple(nodes), output)


def _with_inputs(node: Node, moved: Mapping[int, int]) -> Node:
    """A node with the new numbers of its inputs: most often the same, and itself."""
    inputs = tuple(moved[i] if isinstance(i, int) else i for i in node.inputs)
    return node if inputs == node.inputs else replace(node, inputs=inputs)


def once(graph: Graph) -> Graph:
    """Layers with a kernel that are applied to one tensor again give the same again."""
    known: dict[tuple, int] = {}
    nodes = [graph.nodes[0]]
    moved = {0: 0}
    for index, node in enumerate(graph.nodes[1:], start=1):
        node = _with_inputs(node, moved)
        key = (node.operation, node.training, node.inputs)
        if node.kind not in KERNELS or key not in known:
            known[key] = len(nodes)
            nodes.append(node)
        moved[index] = known[key]
    return _changed(graph, nodes, moved[graph.output])


def opened(graph: Graph, of_call: Callable[[Node, int], Graph]) -> Graph:
    """Opens the recorded calls of blocks into the layers of their specification.

    Args:
        graph: some of its nodes may be calls of blocks.
        of_call: from a call, and the channels before it, to what the block builds.

    Raises:
        CaptureError: if they are more layers than any network has.
    """
    operations = max((node.operation for node in graph.nodes), default=0) + 1

    def step(node: Node, before: Sequence[Node]) -> Sequence[Node]:
        nonlocal operations
        if node.kind != "Block":
            return (node,)
        if len(before) > MAX_OPENED:
            raise CaptureError(f"its blocks have more than {MAX_OPENED} layers")
        layers: list[Node] = []
        places = {0: node.sources[0]}
        built = of_call(node, channels_of(before[node.sources[0]]))
        for number, layer in enumerate(built.nodes[1:], start=1):
            sources = tuple(places[i] for i in layer.sources)
            places[number] = len(before) + len(layers)
            layers.append(replace(layer, inputs=sources, operation=operations))
            operations += 1
        return layers

    return rewrite(graph, step)


def without_flatten(graph: Graph) -> Graph:
    """Global pooling that keeps its axes, flattened, is global pooling without them."""

    def step(node: Node, before: Sequence[Node]) -> Sequence[Node]:
        pooled = before[node.sources[0]] if node.sources else node
        if node.kind != "Flatten" or pooled.kind != "GlobalAveragePooling2D":
            return (node,)
        flat = {**pooled.attrs, "keepdims": False}
        return (replace(pooled, attrs=flat, shape=node.shape),)

    return rewrite(graph, step)


def whole_windows(graph: Graph) -> Graph:
    """Average pooling over whole maps is global average pooling that keeps its axes."""

    def step(node: Node, before: Sequence[Node]) -> Sequence[Node]:
        if not _is_whole(node, before):
            return (node,)
        pooled = replace(node, kind="GlobalAveragePooling2D", attrs={"keepdims": True})
        return (pooled,)

    return rewrite(graph, step)


def pools_whole(graph: Graph) -> bool:
    """Whether a graph has average pooling, and only such over whole maps."""
    found = [n for n in graph.nodes if n.kind == "AveragePooling2D"]
    return bool(found) and all(_is_whole(node, graph.nodes) for node in found)


def _is_whole(node: Node, before: Sequence[Node]) -> bool:
    window = node.attrs.get("pool_size")
    return (
        node.kind == "AveragePooling2D"
        and node.attrs.get("padding") == "valid"
        and bool(node.sources)
        and window == before[node.sources[0]].shape[1:3]
    )


def own_padding(graph: Graph, *, strided: bool = True) -> Graph:
    """A convolution's padding belongs to it: half a window is "same".

    A stride on the wrong convolution, or another padding, is then that mistake, and no
    other. The stem's large window keeps its padding apart.

    Args:
        graph: captured.
        strided: whether convolutions with strides have theirs, too. In a network they
            are the stem's.
    """

    def step(node: Node, before: Sequence[Node]) -> Sequence[Node]:
        padding = before[node.sources[0]] if node.sources else node
        window, strides = node.attrs.get("kernel_size"), node.attrs.get("strides")
        if (
            padding.name.endswith(f" of {node.name}")
            and window in ((3, 3), (5, 5))
            and (strided or strides == (1, 1))
        ):
            border = padding.attrs["padding"]
            if border == ((window[0] // 2,) * 2,) * 2:
                border = "same"
            elif max(map(max, border)) > window[0]:
                return (node,)  # too wide to be computed with it
            attrs = {**node.attrs, "padding": border}
            node = replace(node, attrs=attrs, inputs=padding.inputs)
        return (node,)

    return rewrite(graph, step)


def with_attrs(graph: Graph, of_call: Callable[[Node, Node], Mapping[str, Any]]):
    """Writes some arguments of the recorded calls of blocks in another way.

    Args:
        graph: some of its nodes may be calls of blocks.
        of_call: from a call and the node before it to those arguments.
    """

    def step(node: Node, before: Sequence[Node]) -> Sequence[Node]:
        if node.kind != "Block":
            return (node,)
        changed = of_call(node, before[node.sources[0]])
        return (replace(node, attrs={**node.attrs, **changed}),)

    return rewrite(graph, step)


def without_idle(graph: Graph, idle: Callable[[Mapping[str, Any], int], bool]) -> Graph:
    """Takes out recorded calls that give back what they get: one may make them or not.

    Args:
        graph: some of its nodes may be calls of blocks.
        idle: from a call's arguments and the channels before it to whether it is one.
    """

    def step(node: Node, before: Sequence[Node]) -> Sequence[Node]:
        is_call = node.kind == "Block"
        if is_call and idle(node.attrs, channels_of(before[node.sources[0]])):
            return ()
        return (node,)

    return rewrite(graph, step)


def channels_of(node: Node) -> int:
    """Channels of a node's output; 0 where they are not known."""
    return whole(node.shape[-1]) if node.shape else 0


def whole(value: Any) -> int:
    """A whole number that was captured; 0 for anything else."""
    return value if type(value) is int else 0
