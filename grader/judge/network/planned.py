"""The calls of blocks that a plan has: which are swapped, which too many."""

from grader.judge.network.graph import Graph, Node
from grader.judge.network.match import Match
from grader.judge.network.setting import same_setting
from grader.judge.network.spec import Spec

#: What a stand-in records beside a call's arguments.
UNJUDGED = ("place", "width")


def swapped(spec: Spec, own: Graph, matched: Match) -> dict[int, int]:
    """Calls of blocks that stand in each other's place: the first to the second."""

    def stands_for(number: int, other: int) -> bool:
        return same_call(spec.graph.nodes[other], own.nodes[matched.pairs[number]])

    wrong = [
        number
        for number in spec.graph.order
        if spec.graph.nodes[number].kind == "Block" and number in matched.pairs
        if not stands_for(number, number)
    ]
    return {
        a: b
        for k, a in enumerate(wrong)
        for b in wrong[k + 1 :]
        if stands_for(a, b) and stands_for(b, a)
    }


def same_call(asked: Node, got: Node) -> bool:
    """Whether a captured call of a block is one that is asked for."""
    return all(
        same_setting(value, got.attrs.get(name))
        for name, value in asked.attrs.items()
        if name not in UNJUDGED
    )


def of_stage(spec: Spec, own: Graph, matched: Match, index: int) -> int | None:
    """The last block that stands for one of the stage that a block too many is of."""
    node = own.nodes[index]
    alike = [
        number
        for number in spec.graph.order
        if node.kind == "Block" and spec.is_planned_call(number)
        if spec.graph.nodes[number].attrs.get("filters") == node.attrs.get("filters")
    ]
    before = [n for n in alike if matched.pairs.get(n, index) < index]
    return (before or alike or [None])[-1]
