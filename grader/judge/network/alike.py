"""Slips in the plans of several depths: those that are alike are one."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from grader.judge.claim import Claim
from grader.judge.finding import Finding
from grader.judge.network import wording
from grader.judge.network.claims import claims
from grader.judge.network.difference import Difference
from grader.judge.network.examine import Examined
from grader.judge.network.spec import Spec
from grader.judge.words import counted, value

_PRICES = {
    "function": 8,
    "filters": 6,
    "s": 6,
    "option": 5,
    "missing": 5,
    "extra": 5,
    "kind": 8,
    "wiring": 8,
    "moved": 6,
    "swapped": 6,
}
_PRICE = 5
#: Of a stage without blocks; of a wrong stride that several stages begin with.
_STAGE, _STRIDES = 8, 8
#: Of each further stage with too many blocks or too few, and the most in all.
_COUNT_STEP, _COUNT_MOST = 2, 12
#: A block's arguments.
_ARGUMENTS = ("filters", "s", "option")
_SWAPPED = ("filters", "s")

#: A slip: where it shows, depth and difference.
Group = list[tuple[int, Difference]]


def is_plan(spec: Spec, difference: Difference) -> bool:
    """Whether a difference is in the plan, and not around it."""
    if difference.kind == "extra" and difference.found == "Block":
        return True
    return spec.lines[difference.node].weight == "plan"


def slips_in_plans(function: str, built: Mapping[int, Examined]) -> list[Finding]:
    """Finds the slips in the plans.

    Args:
        function: that builds the networks.
        built: of each depth what its call showed.
    """
    groups: dict[tuple, Group] = {}
    for depth, seen in built.items():
        spec = seen.trial.spec
        other = {d.node for d in seen.differences if d.attr == "function"}
        for d in seen.differences:
            if d.node in other and d.attr in _ARGUMENTS:
                continue  # the other kind of block explains it
            if is_plan(spec, d):
                groups.setdefault(_slip(seen, d, depth), []).append((depth, d))
    findings = []
    groups = _with_swaps(_by_formula(groups, frozenset(built)))
    for key, group in groups.items():
        depth, d = group[0]
        line = built[depth].trial.spec.lines[d.node]
        findings.append(
            Finding(
                f"{function}-plan",
                _price(built, key, group),
                f"{function}({depth}), {line.label}",
                line.sentence,
                _message(function, built, key, group),
                f"Look at the plan of {_depths(group)}, {line.where}.",
                _claims(built, key, group),
            )
        )
    return findings


def _by_formula(
    groups: Mapping[tuple, Group], depths: frozenset[int]
) -> dict[tuple, Group]:
    """Filters that are wrong in all depths come from one formula: they are one slip."""
    found = dict(groups)
    every = [
        key
        for key, group in groups.items()
        if key[0] == "filters" and {depth for depth, _ in group} == depths
    ]
    for key in every[1:] if len(depths) > 1 else ():
        found[every[0]] = [*found[every[0]], *found.pop(key)]
    return found


def _with_swaps(groups: Mapping[tuple, Group]) -> dict[tuple, Group]:
    """Two values in each other's place are one slip, not one at each of them."""
    found = dict(groups)
    for key, group in groups.items():
        turned = {(n, d.attr, repr(d.asked), repr(d.found)) for n, d in group}
        for other, its in groups.items():
            values = {(n, d.attr, repr(d.found), repr(d.asked)) for n, d in its}
            swapped = values == turned and group[0][1].attr in _SWAPPED
            if swapped and other != key and key in found and other in found:
                found[key] = [*group, *found.pop(other)]
    return found


def _slip(seen: Examined, d: Difference, depth: int) -> tuple:
    """What two differences have in common if they are one slip."""
    spec = seen.trial.spec
    node = spec.graph.nodes[d.node]
    if d.kind == "attr" and d.attr == "s":
        first = spec.keys[d.node].endswith(".0")
        return ("s", first, repr(d.asked), repr(d.found))
    if d.kind == "swapped":
        return ("swapped",)  # such as the stride of each stage's last block
    if d.kind == "attr" and d.attr == "option":
        return ("option", node.attrs.get("function"), d.found)
    if d.kind == "attr" and d.attr in ("filters", "function"):
        # a forged capture may hold no number
        counted = d.attr == "filters" and isinstance(d.found, int)
        ratio = d.found / d.asked if counted else d.found
        return (d.attr, ratio, depth if d.attr == "function" else "")
    built = _built(seen).get(node.attrs.get("filters", 0), 0)
    if d.kind == "missing" and node.kind == "Block" and not built:
        return ("missing", "stage", spec.lines[d.node].where)
    if d.kind in ("missing", "extra"):
        return (d.kind, depth)
    return (d.kind, d.attr, repr(d.asked), repr(d.found))


def _price(built: Mapping[int, Examined], key: tuple, group: Group) -> float:
    lines = [built[depth].trial.spec.lines[d.node] for depth, d in group]
    if key[:2] == ("missing", "stage"):
        return _STAGE
    if key[0] in ("missing", "extra"):
        further = len({line.where for line in lines}) - 1
        return min(_PRICES[key[0]] + _COUNT_STEP * further, _COUNT_MOST)
    if key[0] == "s" and len({line.label for line in lines}) > 2 and key[1]:
        return _STRIDES
    _, d = group[0]
    return _PRICES.get(d.attr if d.kind == "attr" else d.kind, _PRICE)


def _depths(group: Group) -> str:
    depths = list(dict.fromkeys(str(depth) for depth, _ in group))
    if len(depths) == 1:
        return f"{depths[0]} layers"
    return f"{', '.join(depths[:-1])} and {depths[-1]} layers"


def _message(
    function: str, built: Mapping[int, Examined], key: tuple, group: Group
) -> str:
    depth, d = group[0]
    spec = built[depth].trial.spec
    own = [o for other, o in group if other == depth]
    head = f"{function}({depth})"

    def same(other: Difference) -> bool:
        values = (repr(d.found), repr(d.asked))
        return (repr(other.found), repr(other.asked)) == values

    def turned(other: Difference) -> bool:
        values = (repr(d.asked), repr(d.found))
        return (repr(other.found), repr(other.asked)) == values

    depths = (str(o) for o, other in group if o != depth and same(other))
    for_others = _also("for", depths, " layers")
    if key[0] in ("missing", "extra"):
        return f"{head}: {_counts(built[depth], own)}"
    stages = list(dict.fromkeys(spec.lines[o.node].where for o in own if same(o)))
    unlike = [o for o in own if not same(o) and not turned(o)]
    others = dict.fromkeys(spec.lines[o.node].where for o in unlike)
    others = [where for where in others if where not in stages]
    also = _also("in", stages[1:]) + for_others
    if others:
        also += f" Others differ, too: {', '.join(others)}."
    head = f"{head}, {spec.lines[d.node].label}"
    if d.kind == "attr" and d.attr == "function":
        return f"{head}: {d.found} is called, the plan asks for {d.asked}.{also}"
    if d.kind == "attr" and d.attr in _ARGUMENTS:
        told = f"{head}: {_argument(d)}"
        for other in [o for o in own if turned(o)][:1]:
            label = spec.lines[other.node].label
            told += f"; {label}: {_argument(other)}: they are swapped"
        return f"{told}.{also}"
    return f"{head}: {wording.sentence(spec, [d], shown=True)}{also}"


def _argument(d: Difference) -> str:
    return f"{d.attr} is {value(d.found)}, the plan asks for {value(d.asked)}"


def _also(where: str, names: Iterable[str], what: str = "") -> str:
    listed = ", ".join(dict.fromkeys(names))
    return f" The same {where} {listed}{what}." if listed else ""


def _built(seen: Examined) -> Counter[int]:
    """How many blocks were called with each number of filters."""
    nodes = seen.graph.nodes if seen.graph else ()
    return Counter(node.attrs["filters"] for node in nodes if node.kind == "Block")


def _counts(seen: Examined, group: Sequence[Difference]) -> str:
    """Says how many blocks each stage has, where that is wrong."""
    few = group[0].kind == "missing"
    wrong = [
        f"{c.layer} has {counted(c.captured, 'block')}, the plan says {c.expected}: "
        f"{abs(c.captured - c.expected)} too {'few' if few else 'many'}"
        for c in _counted(seen, group)
    ]
    if wrong and not group[0].idle:
        return f"{'; '.join(wrong)}."
    return wording.sentence(seen.trial.spec, group, shown=True)


def _counted(seen: Examined, group: Sequence[Difference]) -> tuple[Claim, ...]:
    """The stages with too many blocks, or too few; none if there are other blocks."""
    spec, found = seen.trial.spec, _built(seen)
    asked: Counter[int] = Counter()
    where = {}
    for index in spec.graph.order:
        node = spec.graph.nodes[index]
        if node.kind == "Block":
            asked[node.attrs["filters"]] += 1
            where[node.attrs["filters"]] = spec.lines[index].where
    if not set(found) <= set(asked):
        return ()
    few = group[0].kind == "missing"
    return tuple(
        Claim("blocks", seen.trial.id, where[n], "", str(n), count, found[n])
        for n, count in asked.items()
        if (found[n] < count if few else found[n] > count)
    )


def _claims(
    built: Mapping[int, Examined], key: tuple, group: Group
) -> tuple[Claim, ...]:
    """What the message says: of numbers of blocks, or of differences."""
    depth, _ = group[0]
    if key[0] in ("missing", "extra"):
        own = [d for other, d in group if other == depth]
        return _counted(built[depth], own) or claims(built[depth], own)
    return tuple(c for other, d in group for c in claims(built[other], [d]))
