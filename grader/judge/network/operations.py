"""Operations that are no layers, as a report speaks of them."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.judge.network.graph import INPUT, MERGES, WORK, Graph, Node
from grader.judge.network.primitives import PRIMITIVES
from grader.judge.words import shorten

#: Of these with a number; two tensors may meet in them.
_ARITHMETIC = frozenset(MERGES) - {"Concatenate"}
#: Beside the primitives: what no layer does.
_OTHERS = ("Divide", "Power", "Reshape")


def is_unknown(node: Node) -> bool:
    """Whether a node is a library's operation that is not simulated."""
    return node.kind == "Unknown" and node.attrs.get("operation") is True


def is_loose(node: Node) -> bool:
    """Whether a node is an operation that no specification asks for by itself."""
    if node.kind in PRIMITIVES or node.kind in _OTHERS or is_unknown(node):
        return True
    has_number = any(isinstance(i, float) for i in node.inputs)
    return node.kind in _ARITHMETIC and has_number


_WORDS: Mapping[str, str] = {
    "GetItem": "indexing",
    "Absolute": "abs",
    "ExpandDims": "expand_dims",
    "ZerosLike": "zeros_like",
    "OnesLike": "ones_like",
    "GreaterEqual": "a comparison (>=)",
    "Greater": "a comparison (>)",
    "LessEqual": "a comparison (<=)",
    "Less": "a comparison (<)",
    "Multiply": "multiplication",
    "Divide": "division",
    "Add": "addition",
    "Subtract": "subtraction",
}
#: These are told as the layers that they are, or are read elsewhere.
_ALONE = ("GetItem", "Rescaling", "Reshape")
#: What reorders axes, or changes a type, is nothing that a learner thinks of; nor is
#: what cuts off values within an operation.
_UNTOLD = ("Transpose", "Cast", "Activation")


def words(graph: Graph, nodes: Sequence[int]) -> str:
    """The operations of a region as a report names them; "" for none worth a word."""
    told = [graph.nodes[i] for i in nodes if graph.nodes[i].kind not in _UNTOLD]
    *others, last = list(dict.fromkeys(map(_word, told))) or [""]
    return f"{', '.join(others)} and {last}" if others else last


def _word(node: Node) -> str:
    if is_unknown(node):
        word = shorten(node.attrs.get("class")).removeprefix("torch.").lower()
        return word.strip("_").removesuffix("_kernel")
    word = _WORDS.get(node.kind, node.kind.lower())
    if node.kind in ("Mean", "Sum", "Max", "Min") and "axis" in node.attrs:
        return f"{word} over axis {_axes(node.attrs['axis'])}"
    numbers = [f"{n:g}" for n in node.inputs if isinstance(n, float)]
    if not numbers or node.kind == "Where":
        return word
    if word.endswith(")"):
        return f"{word[:-1]} {numbers[0]})"
    return f"{word} with {numbers[0]}"


def _axes(axis: Any) -> Any:
    return axis[0] if isinstance(axis, tuple) and len(axis) == 1 else axis


def _belongs(graph: Graph, index: int, group: Collection[int]) -> bool:
    """Whether a node before loose operations is one of them.

    What cuts off values between two operations that are not simulated is, too, though
    it is an activation elsewhere.
    """
    node = graph.nodes[index]
    if is_loose(node) or node.kind != "Activation":
        return is_loose(node)
    before = any(i != INPUT and is_unknown(graph.nodes[i]) for i in node.sources)
    return before and any(is_unknown(graph.nodes[i]) for i in group)


def _doubles(node: Node) -> bool:
    """Whether a node is 2 * x, which is x + x."""
    numbers = [i for i in node.inputs if not isinstance(i, int)]
    return node.kind == "Multiply" and numbers == [2.0] and len(node.sources) == 1


def together(graph: Graph) -> Graph:
    """Puts one node in the place of loose operations that hang together.

    What they do is no layer's work: a report speaks of them once. Numbers of nodes
    stay.
    """
    if not any(is_loose(graph.nodes[index]) for index in graph.order):
        return graph
    nodes = list(graph.nodes)
    users: dict[int, set[int]] = {}
    for index in graph.order:
        for source in graph.nodes[index].sources:
            users.setdefault(source, set()).add(index)
    taken: set[int] = set()
    for end in reversed(graph.order):
        if end in taken or not is_loose(graph.nodes[end]):
            continue
        group, waiting = {end}, [end]
        while waiting:
            for source in graph.nodes[waiting.pop()].sources:
                own = users[source] <= group and source != graph.output
                if source != INPUT and own and _belongs(graph, source, group):
                    group.add(source)
                    waiting.append(source)
        taken |= group
        if group == {end} and _doubles(nodes[end]):
            work = {WORK: words(graph, [end])}
            nodes[end] = replace(
                nodes[end], kind="Add", attrs=work, inputs=nodes[end].sources * 2
            )
            continue
        if len(group) == 1 and graph.nodes[end].kind in _ALONE:
            continue
        roots = {s for i in group for s in graph.nodes[i].sources} - group
        text = words(graph, sorted(group)) or "another order of the axes"
        unknown = any(is_unknown(graph.nodes[i]) for i in group)
        nodes[end] = replace(
            nodes[end],
            kind="Unknown" if unknown else "Composed",
            name=text,
            attrs={"class": text, "operation": True} if unknown else {},
            inputs=tuple(sorted(roots)),
            variables={},
        )
    return replace(graph, nodes=tuple(nodes))
