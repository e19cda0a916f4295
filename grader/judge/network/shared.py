"""Layers and blocks that stand in several places, and so share their weights."""

from collections.abc import Iterator

from grader.judge.network.difference import Difference
from grader.judge.network.graph import Graph, Node
from grader.judge.network.match import Match
from grader.judge.network.spec import Spec


def shared_layers(spec: Spec, own: Graph, matched: Match) -> Iterator[Difference]:
    """Layers with weights that are called where the specification has two."""
    first: dict[int, int] = {}
    for number in spec.graph.order:
        index = matched.pairs.get(number)
        if index is None or not own.nodes[index].variables:
            continue
        operation = own.nodes[index].operation
        if operation in first:
            label = spec.lines[first[operation]].label
            yield Difference(
                "shared", number, found=label, own=spec.dialect.label(own.nodes[index])
            )
        else:
            first[operation] = number


def shared_blocks(
    spec: Spec, own: Graph, matched: Match
) -> tuple[list[Difference], set[int]]:
    """Blocks that stand in several places: each is one mistake.

    Returns:
        The differences, and the places but for one of each block.
    """
    first: dict[str, int] = {}
    found: dict[str, Difference] = {}
    others: set[int] = set()
    for number, index in matched.pairs.items():
        node = own.nodes[index]
        if node.kind != "Block":
            continue
        place = repr(node.attrs.get("place"))
        if place in first:
            others.add(number)
            label = spec.lines[first[place]].label
            shared = Difference(
                "shared", number, found=label, own=spec.dialect.label(node)
            )
            found.setdefault(place, shared)
        else:
            first[place] = number
    return list(found.values()), others


def of_others(spec: Spec, own: Graph, matched: Match) -> set[int]:
    """Places of shared layers and blocks that belong, by their name, elsewhere."""
    places: dict[str, list[int]] = {}
    for number, index in matched.pairs.items():
        places.setdefault(_identity(own.nodes[index]), []).append(number)
    asked = {node.name for node in spec.graph.nodes if node.name}
    return {
        number
        for numbers in places.values()
        for number in numbers
        if len(numbers) > 1 and own.nodes[matched.pairs[number]].name in asked
    }


def _identity(node: Node) -> str:
    """What two calls of one layer, or of one block, have in common."""
    if node.kind == "Block":
        return f"block {node.attrs.get('place')!r}"
    return str(node.operation)
