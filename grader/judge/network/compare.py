"""Compares a captured graph with a specification, layer by layer."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from grader.judge.network.difference import AFTER, Difference
from grader.judge.network.graph import INPUT, MERGES, ORDERED, WORK, Graph, Node
from grader.judge.network.kinds import options
from grader.judge.network.match import HIDDEN, Match, related
from grader.judge.network.planned import UNJUDGED, of_stage, same_call, swapped
from grader.judge.network.setting import same_setting
from grader.judge.network.shared import of_others, shared_blocks, shared_layers
from grader.judge.network.spec import Spec
from grader.judge.strict import CaptureError


def compare(spec: Spec, own: Graph, matched: Match) -> list[Difference]:
    """Lists the differences in the order of the specification."""
    sources = _Sources.of(spec, own, matched)
    found = [
        *_structure(spec, own, matched, sources),
        *_wiring(spec, own, matched, sources),
        *_layers(spec, own, matched),
    ]
    layers = list(shared_layers(spec, own, matched))
    blocks, others = shared_blocks(spec, own, matched)
    # the name of what is shared is not another mistake, wherever it belongs
    others |= {d.node for d in layers} | of_others(spec, own, matched)
    found = [d for d in found if d.kind != "name" or d.node not in others]
    found += [*layers, *blocks]
    position = {node: i for i, node in enumerate(spec.graph.order)}
    return sorted(found, key=lambda d: position.get(d.node, len(position)))


def _layers(spec: Spec, own: Graph, matched: Match) -> Iterator[Difference]:
    """Hyperparameters and names of the layers that stand for each other."""
    named = {node.name: i for i, node in enumerate(spec.graph.nodes) if node.name}
    exchanged = swapped(spec, own, matched)
    for number, index in matched.pairs.items():
        asked, got = spec.graph.nodes[number], own.nodes[index]
        if number in exchanged:
            label = spec.lines[exchanged[number]].label
            yield Difference("swapped", number, found=label)
        elif got.kind == asked.kind and number not in exchanged.values():
            for difference in _attributes(number, asked, got):
                if not _follows(spec, own, got, difference):
                    yield difference
        # what is no such layer at all does not lack its name as well
        if asked.name and got.name != asked.name and related(asked, got):
            twin = matched.pairs.get(named.get(got.name, INPUT))
            taken = twin is not None and own.nodes[twin].name == got.name
            yield Difference(
                "name",
                number,
                "name",
                asked.name,
                got.name,
                got.label,
                twin=spec.lines[named[got.name]].where if taken else "",
            )


def _attributes(number: int, asked: Node, got: Node) -> Iterator[Difference]:
    beside = options(asked.attrs.get("activation"))
    for attr, value in asked.attrs.items():
        if attr in UNJUDGED or attr in beside:
            continue
        if attr not in got.attrs:
            raise CaptureError(f"{got.label} was captured without its {attr}")
        found = got.attrs[attr]
        window = got.attrs.get("pool_size")
        if attr == "strides" and found == window != asked.attrs.get("pool_size"):
            continue  # strides left out follow the window, a difference of its own
        if attr == "padding" and value == "same" and found == _half(asked):
            continue  # as it is to be: the window is a difference of its own
        if not same_setting(value, found):
            yield Difference("attr", number, attr, value, found, got.label)
    if got.attrs.get("activation") == asked.attrs.get("activation"):
        for attr, usual in beside.items():
            value, found = (node.attrs.get(attr, usual) for node in (asked, got))
            if not same_setting(value, found):
                yield Difference("attr", number, attr, value, found, got.label)
    if got.training is not asked.training:
        found = got.training
        yield Difference("attr", number, "training", asked.training, found, got.label)
    learned = ("kernel", "bias", "gamma", "beta")
    frozen = any(not got.variables[r].trainable for r in learned if r in got.variables)
    if got.variables and (frozen or not got.trainable):
        yield Difference("attr", number, "trainable", True, False, got.label)


def _half(asked: Node) -> tuple[tuple[int, int], ...]:
    """Half a window on each side, in numbers."""
    window = asked.attrs.get("kernel_size", ())
    return tuple((size // 2, size // 2) for size in window)


def _follows(spec: Spec, own: Graph, got: Node, difference: Difference) -> bool:
    """Whether a block takes the channels that it is given: the one before differs."""
    if difference.attr not in spec.policy.follows:
        return False
    return own.nodes[got.sources[0]].shape[-1:] == (difference.found,)


def _structure(
    spec: Spec, own: Graph, matched: Match, sources: "_Sources"
) -> Iterator[Difference]:
    """Layers that are missing, too many, in another place or of another kind."""
    extra, twins = list(matched.extra), dict[int, int]()
    for number in matched.missing:
        asked = spec.graph.nodes[number]
        twin = next((i for i in extra if same_layer(asked, own.nodes[i])), None)
        if twin is None:
            yield Difference("missing", number, asked=asked.kind)
            continue
        extra.remove(twin)
        before = [twins.get(source) for source in asked.sources]
        twins[number] = twin
        # what follows a layer that is moved moves with it
        if before != list(own.nodes[twin].sources):
            yield _moved(spec, own, matched, sources, number, twin)
    for index in extra:
        node = own.nodes[index]
        stage = of_stage(spec, own, matched, index)
        after = _follower(own, matched, index)
        if stage is not None:
            block = spec.dialect.block(node)
            twin = "" if after is None else spec.lines[after].label
            yield Difference(
                *("extra", stage, "block"),
                found=node.kind,
                own=block,
                twin=twin,
                place=node.operation,
            )
            continue
        yield Difference(
            "extra",
            spec.graph.output if after is None else after,
            asked=AFTER if after is None else None,
            found=node.kind,
            own=spec.dialect.label(node),
            hidden=node.kind in HIDDEN,
            composed=node.kind == "Composed" or WORK in node.attrs,
            place=node.operation,
        )
    for number, index in matched.pairs.items():
        asked, got = spec.graph.nodes[number], own.nodes[index]
        if asked.kind != got.kind:
            hidden = got.kind in HIDDEN
            name = got.attrs.get("class", got.kind) if hidden else got.kind
            composed = got.kind == "Composed"
            yield Difference(
                "kind",
                number,
                asked=asked.kind,
                found=got.name if composed else name,
                own=spec.dialect.label(got),
                hidden=hidden,
                composed=composed,
            )


def _moved(
    spec: Spec, own: Graph, matched: Match, sources: "_Sources", number: int, twin: int
) -> Difference:
    """A layer in another place, or two calls of blocks in each other's."""
    asked, got = spec.graph.nodes[number], own.nodes[twin]
    if asked.kind == "Block":
        back = {index: node for node, index in matched.pairs.items()}
        before, after = asked.sources[0], _follower(own, matched, twin)
        earlier = back.get(next(iter(got.sources), INPUT), INPUT)
        if after == before:
            return Difference("swapped", before, found=spec.lines[number].label)
        if earlier != INPUT and spec.graph.nodes[earlier].sources == (number,):
            return Difference("swapped", number, found=spec.lines[earlier].label)
    return Difference(
        "moved",
        number,
        asked=asked.sources,
        found=sources.of_own(twin),
        own=spec.dialect.label(got),
        place=got.operation,
    )


def same_layer(asked: Node, got: Node) -> bool:
    """Whether a captured layer may be one that only stands in another place."""
    if asked.kind != got.kind:
        return False
    if asked.kind == "Block":
        return same_call(asked, got)
    if asked.kind == "Activation":
        return asked.attrs["activation"] == got.attrs.get("activation")
    return not asked.name or asked.name == got.name


def _follower(own: Graph, matched: Match, index: int) -> int | None:
    """The specification's node that the first matched layer after `index` is."""
    reverse = {own_index: number for number, own_index in matched.pairs.items()}
    reached = {index}
    for later in own.order:
        if reached & set(own.nodes[later].sources):
            if later in reverse:
                return reverse[later]
            reached.add(later)
    return None


def _effective(graph: Graph, known: set[int]) -> list[Mapping[int, int]]:
    """Where each node's inputs come from, looking through nodes that are not known.

    Sources are counted up to two: more are as wrong.
    """
    found: list[Mapping[int, int]] = []
    for node in graph.nodes:
        total: dict[int, int] = {}
        for source in node.sources:
            is_known = source == INPUT or source in known
            for each, count in ({source: 1} if is_known else found[source]).items():
                total[each] = min(2, total.get(each, 0) + count)
        found.append(total)
    return found


@dataclass(frozen=True)
class _Sources:
    """What feeds each node, in the specification's numbers."""

    asked: list[Mapping[int, int]]
    own: list[Mapping[int, int]]
    reverse: dict[int, int]

    @classmethod
    def of(cls, spec: Spec, own: Graph, matched: Match) -> "_Sources":
        """Looks through what is missing, and through what is too many."""
        reverse = {i: n for n, i in matched.pairs.items()} | {INPUT: INPUT}
        asked = _effective(spec.graph, set(matched.pairs))
        return cls(asked, _effective(own, set(reverse)), reverse)

    def of_spec(self, number: int) -> tuple[int, ...]:
        """What the specification feeds its node."""
        return _times(self.asked[number])

    def of_own(self, index: int) -> tuple[int, ...]:
        """What feeds a captured node."""
        return tuple(self.reverse[i] for i in _times(self.own[index]))


def _times(counts: Mapping[int, int]) -> tuple[int, ...]:
    """Each source as often as it is counted."""
    return tuple(each for each, count in counts.items() for _ in range(count))


def _wiring(
    spec: Spec, own: Graph, matched: Match, sources: "_Sources"
) -> Iterator[Difference]:
    """Layers that take their input from elsewhere than the specification says."""
    lost = {n for n in matched.missing if spec.graph.nodes[n].kind in MERGES}
    for number, index in matched.pairs.items():
        if lost & set(spec.graph.nodes[number].sources):
            continue
        if set(own.nodes[index].sources) & set(matched.extra):
            continue  # the layer that is too many explains it
        if own.nodes[index].kind in (*HIDDEN, "Composed"):
            continue  # that it is no layer, or one unseen, explains it
        asked, found = sources.of_spec(number), sources.of_own(index)
        if sorted(asked) != sorted(found):
            label = spec.dialect.label(own.nodes[index])
            given = spec.graph.nodes[number].sources
            yield Difference("wiring", number, asked=given, found=found, own=label)
        elif own.nodes[index].kind == spec.graph.nodes[number].kind in ORDERED:
            yield from _order(spec, own, matched, number)


def _order(spec: Spec, own: Graph, matched: Match, number: int) -> Iterator[Difference]:
    """Inputs that are the right ones in another order, where that matters."""
    got = own.nodes[matched.pairs[number]]
    reverse = {i: n for n, i in matched.pairs.items()} | {INPUT: INPUT}
    asked = spec.graph.nodes[number].sources
    found = tuple(reverse[i] for i in got.sources if i in reverse)
    if asked != found and sorted(asked) == sorted(found):
        yield Difference("order", number, asked=asked, found=found, own=got.label)
