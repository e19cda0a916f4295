"""The alignment of a captured graph with its specification that explains most.

Which block stands for which cannot be seen in one of them alone: one block too many
in a stage and one too few in the next may also be read as wrong arguments of all the
blocks between. The reading that costs least counts.
"""

from grader.judge.network import prices
from grader.judge.network.compare import compare, same_layer
from grader.judge.network.difference import Difference
from grader.judge.network.graph import INPUT, ORDERED, Graph
from grader.judge.network.match import OF_KIND, OF_STAGE, Match, match
from grader.judge.network.slips import group_by_slip
from grader.judge.network.spec import Spec

#: A block in another place is one too few here, and one too many there: what these
#: would cost beside its own price.
_MOVED = 4


def align(spec: Spec, own: Graph) -> Match:
    """Matches the layers of a captured graph with those of a specification."""
    plain = match(spec, own)
    kinds = {spec.graph.nodes[number].kind for number in spec.graph.order}
    if kinds & {*ORDERED} and compare(spec, own, plain):
        joined = match(spec, own, written=True)
        plain = min(plain, joined, key=lambda each: _unlike(spec, own, each))
        plain = with_twins(spec, own, plain)
    if "Block" not in kinds:
        return plain
    best, least = plain, _price(spec, own, plain)
    for apart in (OF_KIND, OF_STAGE) if least else ():
        matched = match(spec, own, apart=apart)
        if matched.pairs == best.pairs or not _counts_only(spec, own, matched):
            continue
        if _price(spec, own, matched) < least:
            best, least = matched, _price(spec, own, matched)
    return best


def with_twins(spec: Spec, own: Graph, matched: Match) -> Match:
    """Matches layers, too, that come in another order because a branch is another.

    They are of the same kind, and fed by what stands for their sources.
    """
    pairs = {INPUT: INPUT, **matched.pairs}
    extra = list(matched.extra)
    for number in matched.missing:
        asked = spec.graph.nodes[number]
        sources = tuple(pairs.get(source) for source in asked.sources)
        for index in extra:
            if own.nodes[index].sources == sources and same_layer(
                asked, own.nodes[index]
            ):
                pairs[number] = index
                extra.remove(index)
                break
    del pairs[INPUT]
    missing = tuple(number for number in matched.missing if number not in pairs)
    return Match(pairs, missing, tuple(extra))


def _counts_only(spec: Spec, own: Graph, matched: Match) -> bool:
    """Whether stages differ in how many blocks they have, and not in what these are.

    No block is of no stage, and none takes the place of one of another stage.
    """
    calls = [n for n in spec.graph.order if spec.is_planned_call(n)]
    stages = [spec.graph.nodes[n].attrs.get("filters") for n in calls]
    return not any(
        (d.kind == "extra" and d.found == "Block" and not d.is_block_too_many)
        or (d.kind == "attr" and d.attr == "filters" and d.found in stages)
        for d in compare(spec, own, matched)
    )


def _unlike(spec: Spec, own: Graph, matched: Match) -> tuple[int, float]:
    """How many names are wrong, which nobody exchanges, and what all costs."""
    wrong = sum(d.kind == "name" for d in compare(spec, own, matched))
    return wrong, _price(spec, own, matched)


def _price(spec: Spec, own: Graph, matched: Match) -> float:
    """What the slips cost, each once: in how many places it shows does not matter."""
    differences = compare(spec, own, matched)
    slips: dict[tuple, float] = {}
    for group in group_by_slip(spec, differences, plan=True):
        first = group[0]
        price = prices.price(spec, group[:1], shown=True, plan=True)
        slips[_ratio(first) or (first.node, len(slips))] = price
    return sum(slips.values()) + _MOVED * sum(d.kind == "moved" for d in differences)


def _ratio(d: Difference) -> tuple:
    """Filters that are all too large, or too small, by one factor are one slip."""
    if d.attr != "filters":
        return ()
    found, asked = (v if isinstance(v, tuple) else (v,) for v in (d.found, d.asked))
    if len(found) != len(asked) or not all(type(n) is int for n in (*found, *asked)):
        return ()
    return tuple(n / m for n, m in zip(found, asked, strict=True))
