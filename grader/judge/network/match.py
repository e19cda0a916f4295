"""Which captured layer stands for which layer of the specification.

Both graphs are put in one canonical order and aligned as two sequences
(Needleman and Wunsch 1970), by kind and hyperparameters first and names last.
"""

from dataclasses import dataclass

from grader.judge.network.graph import MERGES, WEIGHTED, WORK, Graph, Node
from grader.judge.network.operations import is_loose
from grader.judge.network.setting import same_setting
from grader.judge.network.spec import Spec

_GAP = 1.0
_MERGE_GAP = 1.3
#: Layers of one kind, and those that only come to stand in the same place.
_RELATED, _UNLIKE = 0.9, 0.95
_FAMILIES = (
    frozenset(MERGES),
    frozenset({"Activation", "ReLU", "LeakyReLU", "ELU", "PReLU"}),
    frozenset({"Dropout", "SpatialDropout2D", "GaussianDropout", "GaussianNoise"}),
    frozenset({"UpSampling2D", "Conv2DTranspose"}),
    frozenset({"ZeroPadding2D", "Cropping2D"}),
    frozenset(
        {
            "MaxPooling2D",
            "AveragePooling2D",
            "GlobalAveragePooling2D",
            "GlobalMaxPooling2D",
        }
    ),
    frozenset({"BatchNormalization", "LayerNormalization", "GroupNormalization"}),
    frozenset({"Conv2D", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose"}),
    frozenset({"Flatten", "Reshape"}),
    frozenset({"ZeroPadding2D", "Pad"}),
)
_DISTANT = (
    frozenset({"Flatten", "Reshape", "GlobalAveragePooling2D", "GlobalMaxPooling2D"}),
)
HIDDEN = ("Unknown", "Lambda")


#: Hyperparameters that say in which stage a block is, and what kind of block.
_STAGE, _KIND = ("filters",), ("function", "s")
_OTHER_KIND = 0.5
ANY, OF_KIND, OF_STAGE = range(3)


@dataclass(frozen=True)
class Match:
    """Pairs of layers: each list is in canonical order.

    Attributes:
        pairs: specification node to captured node.
        missing: specification nodes without a counterpart.
        extra: captured nodes without a counterpart.
    """

    pairs: dict[int, int]
    missing: tuple[int, ...]
    extra: tuple[int, ...]


def related(one: Node, other: Node) -> bool:
    """Whether two layers are of one kind, or of kinds that do alike."""
    return one.kind == other.kind or any(
        one.kind in family and other.kind in family for family in _FAMILIES
    )


def _distance(
    spec: Node, own: Node, names: frozenset[str], *, apart: int
) -> float | None:
    """How unlike two layers are, from 0; None if one cannot stand for the other."""
    if own.kind in HIDDEN:
        return _UNLIKE
    if spec.kind != own.kind:
        if related(spec, own):
            return _RELATED
        if {spec.kind, own.kind} == {"Conv2D", "Dense"} and _is_of_one_pixel(spec, own):
            return _UNLIKE  # the same product for each pixel
        if any(spec.kind in f and own.kind in f for f in _DISTANT):
            return _UNLIKE
        loose = own.kind == "Composed" or is_loose(own)
        return _UNLIKE if loose and spec.kind not in (*WEIGHTED, "Block") else None
    differing = {
        name
        for name, value in spec.attrs.items()
        if name not in ("stage", "block", "place", "width")
        if not same_setting(value, own.attrs.get(name, value))
    }
    cost = min(0.12 * len(differing), 0.5)
    cost += 0.1 * (WORK in own.attrs)
    if spec.kind == "Block" and apart != ANY:
        kind, stage = (not differing.isdisjoint(each) for each in (_KIND, _STAGE))
        if stage and (kind or apart == OF_STAGE):
            return None
        cost = max(cost, _OTHER_KIND) if kind else cost
    if spec.kind == "Block":
        cost += 0.1 * (spec.attrs.get("stage") != own.attrs.get("stage"))
        cost += 0.1 * (spec.attrs.get("block") != own.attrs.get("block"))
    if spec.name and spec.name != own.name:
        cost += 0.3 if own.name in names else 0.15
    return cost


def _is_of_one_pixel(*nodes: Node) -> bool:
    """Whether each layer that has a window has one of 1×1."""
    return all(node.attrs.get("kernel_size", (1, 1)) == (1, 1) for node in nodes)


def _gap(node: Node) -> float:
    """What leaving a layer out costs: where paths meet is matched first."""
    return _MERGE_GAP if node.kind in MERGES else _GAP


def match(spec: Spec, own: Graph, *, apart: int = ANY, written: bool = False) -> Match:
    """Aligns a captured graph with a specification.

    Args:
        spec: the specification.
        own: the captured graph.
        apart: which blocks never stand for each other: none (`ANY`), those of other
            stages that are also of another kind (`OF_KIND`), those of other stages
            (`OF_STAGE`).
        written: whether branches come in the order in which they are joined; the
            longest comes first otherwise.
    """
    asked = spec.graph.as_joined if written else spec.graph.order
    named = [spec.graph.nodes[i].name for i in asked]
    names = frozenset(name for name in named if name)
    got = own.ordered({name: i for i, name in enumerate(named) if name})
    got = own.as_joined if written else got
    alike = dict(zip(reversed(asked), reversed(got), strict=False))
    if len(asked) == len(got) and all(
        _distance(spec.graph.nodes[i], own.nodes[j], names, apart=apart) == 0
        for i, j in alike.items()
    ):
        # a gap anywhere would cost more
        return Match(alike, (), ())
    rows, columns = len(asked), len(got)
    cost = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    step = [[""] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows + 1):
        for j in range(columns + 1):
            options = []
            # Of two alignments as good, the one that matches early layers wins.
            if i:
                gap = _gap(spec.graph.nodes[asked[i - 1]])
                options.append((cost[i - 1][j] + gap, "missing"))
            if i and j:
                between = _distance(
                    spec.graph.nodes[asked[i - 1]],
                    own.nodes[got[j - 1]],
                    names,
                    apart=apart,
                )
                if between is not None:
                    options.append((cost[i - 1][j - 1] + between, "pair"))
            if j:
                gap = _gap(own.nodes[got[j - 1]])
                options.append((cost[i][j - 1] + gap, "extra"))
            if options:
                cost[i][j], step[i][j] = min(options, key=lambda option: option[0])
    return _trace(step, asked, got)


def _trace(
    step: list[list[str]], asked: tuple[int, ...], got: tuple[int, ...]
) -> Match:
    pairs: dict[int, int] = {}
    missing: list[int] = []
    extra: list[int] = []
    i, j = len(asked), len(got)
    while i or j:
        taken = step[i][j]
        if taken == "pair":
            pairs[asked[i - 1]] = got[j - 1]
            i, j = i - 1, j - 1
        elif taken == "missing":
            missing.append(asked[i - 1])
            i -= 1
        else:
            extra.append(got[j - 1])
            j -= 1
    return Match(pairs, tuple(reversed(missing)), tuple(reversed(extra)))
