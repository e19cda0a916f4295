"""Which differences are one and the same slip."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from grader.judge.network import prices
from grader.judge.network.difference import Difference
from grader.judge.network.spec import Spec

#: Stages with wrong filters that are one slip.
_FORMULA = 3


def group_by_slip(
    spec: Spec, differences: Iterable[Difference], *, plan: bool
) -> list[list[Difference]]:
    """Puts together what one slip of the learner explains.

    Args:
        spec: the specification.
        differences: in its order.
        plan: whether the function is ResNet50, whose blocks have filters of their own.
    """
    differences = list(differences)
    absorbed = [
        *_absorbed_by_shortcut(spec, differences),
        *_beside(differences),
        *flattened(differences),
    ]
    everywhere = _in_all_rounds(spec, differences)
    formula = plan and _by_formula(spec, differences)
    groups: dict[tuple, list[Difference]] = {}
    for difference in differences:
        if difference not in absorbed:
            reason = _of_rounds(spec, difference, everywhere)
            apart = plan and not (formula and difference.attr == "filters")
            reason = reason or _reason(spec, difference, apart)
            groups.setdefault(reason, []).append(difference)
    return list(groups.values())


def _by_formula(spec: Spec, differences: Sequence[Difference]) -> bool:
    """Whether filters of blocks differ in so many stages that a formula gives them."""
    wrong = {d.node for d in differences if d.attr == "filters"}
    stages = {spec.stage(node) for node in wrong if spec.is_planned_call(node)}
    return len(stages) >= _FORMULA


def _in_all_rounds(
    spec: Spec, differences: Sequence[Difference]
) -> Collection[tuple[str, str]]:
    """What differs in the same row of each round: by kind, and the row's key."""
    rounds = Counter(spec.lines[node].alike for node in spec.graph.order)
    found = {(d.kind, d.node) for d in differences}
    counts = Counter((kind, spec.lines[node].alike) for kind, node in found)
    return {key for key, n in counts.items() if key[1] and n == rounds[key[1]]}


def _of_rounds(
    spec: Spec, d: Difference, everywhere: Collection[tuple[str, str]]
) -> tuple:
    """The slip of a difference in a round, if rounds explain it.

    What differs in each is written once, in the body of a loop; layers that one round
    lacks, or has too many, are a slip in their number.
    """
    line = spec.lines[d.node]
    if d.kind in ("name", "attr", "weight") or not line.round:
        return ()
    if (d.kind, line.alike) in everywhere:
        return (d.kind, line.alike)
    return (d.kind, line.round) if d.kind in ("missing", "extra") else ()


def _beside(differences: Sequence[Difference]) -> list[Difference]:
    """Layers too many before one of another kind, or moved, or fed wrongly."""
    told = {d.node for d in differences if d.kind in ("kind", "moved", "wiring")}
    # such as a padding by other numbers than 0
    hidden = {d.node for d in differences if d.kind == "extra" and d.hidden}
    # the one block has the stride that the other takes
    built = {d.node for d in differences if d.attr == "function"}
    return [
        d
        for d in differences
        if (d.kind == "extra" and not d.is_block_too_many and d.node in told)
        or (d.attr == "padding" and d.node in hidden)
        or (d.attr == "s" and d.node in built)
    ]


def flattened(differences: Sequence[Difference]) -> list[Difference]:
    """What flattens, or does not, where the pooling before is of another kind."""
    pooled = any(
        d.kind == "kind"
        and str(d.asked).endswith("Pooling2D")
        and str(d.found).endswith("Pooling2D")
        for d in differences
    )
    flat = [d for d in differences if "Flatten" in (d.asked, d.found)]
    return [d for d in flat if pooled and d.kind in ("missing", "extra")]


def _absorbed_by_shortcut(
    spec: Spec, differences: Sequence[Difference]
) -> list[Difference]:
    """What a mistake on the shortcut as a whole brings with it.

    Where the addition is missing, the layers of its shortcut are; where these are
    missing, something else stands before the addition. What an addition does not take
    has no way to the output: whether it is there cannot be told.
    """
    missing = [d for d in differences if d.kind == "missing"]
    for d in differences:
        if d.kind == "wiring" and prices.is_merge(spec, d) and prices.loses_a_path(d):
            lost = _leading_to(spec, d, {m.node for m in missing})
            beside = [o for o in differences if o.node == d.node and o.kind == "kind"]
            return [*(m for m in missing if m.node in lost), *beside]
    branch = [d for d in missing if spec.lines[d.node].branch]
    if any(prices.is_merge(spec, d) for d in missing):
        return branch
    if len(branch) > 1:
        return [
            d for d in differences if d.kind == "extra" and prices.is_merge(spec, d)
        ]
    return []


def _leading_to(spec: Spec, merge: Difference, missing: Collection[int]) -> set[int]:
    """The missing layers behind the inputs that a merge does not take."""
    found: set[int] = set()
    left = [i for i in merge.asked if i not in merge.found]
    while left:
        number = left.pop()
        if number in missing and number not in found:
            found.add(number)
            left.extend(spec.graph.nodes[number].sources)
    return found


def _reason(spec: Spec, d: Difference, plan: bool) -> tuple:
    """What two differences have in common if they are one slip."""
    if d.kind == "name":
        return ("name",)
    if d.kind == "attr" and d.attr in ("stage", "block"):
        return (d.attr,)
    if d.kind == "attr" and d.attr in ("filters", "strides") and not plan:
        return (d.attr,)  # F1, F2, F3 mixed up; the stride on another convolution
    if d.kind == "attr":
        # two values that are swapped are one slip
        kind = spec.graph.nodes[d.node].kind
        setting = spec.dialect.setting(d.attr, kind)
        return (setting, frozenset((repr(d.found), repr(d.asked))))
    if d.kind == "weight":
        return (d.kind, d.attr, repr(d.found))
    if d.kind in ("missing", "extra"):
        where = spec.stage(d.node) if d.attr == "block" else spec.lines[d.node].where
        return (d.kind, where)
    if d.kind == "kind" and not prices.is_merge(spec, d):
        return (d.kind, d.asked, d.found)
    return spec.key_of(d)
