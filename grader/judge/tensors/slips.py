"""What differs in a net's calls, over all calls of a challenge."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.judge.tensors.compare import CallSlip
from grader.judge.tensors.dataflow import Flow
from grader.judge.tensors.plan import Plan, PlannedCall


@dataclass(frozen=True)
class PlacedSlip:
    """A slip, and the call of the challenge in which it shows first.

    Attributes:
        slip: what differs.
        plan: of that call.
        shown: whether the lesson shows that call.
        situation: what is special in it, in words; "" where nothing is.
        call_id: its id.
    """

    slip: CallSlip
    plan: Plan
    shown: bool
    situation: str = ""
    call_id: str = ""

    @property
    def call(self) -> PlannedCall | None:
        """The planned call that it is about, if it is about one."""
        return self.plan.by_key.get(self.slip.key)

    @property
    def changes_shapes(self) -> bool:
        """Whether it changes the shape of what its call gives, or is given."""
        slip, call = self.slip, self.call
        if slip.kind == "argument" and call is not None:
            return slip.about in (call.callee.extent.stride, call.callee.extent.width)
        if slip.kind == "source":
            return slip.found is None or slip.found.keys != slip.asked.keys
        if slip.kind == "missing" and call is not None:
            extent = call.callee.extent
        else:
            callee = self.plan.library.get(slip.about)
            extent = callee.extent if callee and slip.kind == "extra" else None
        return extent is not None and bool(extent.stride or extent.width)


#: Says whether a slip changes nothing, or follows from another one.
_Rule = Callable[[PlacedSlip], bool]


def without_consequences(placed: Sequence[PlacedSlip]) -> list[PlacedSlip]:
    """Leaves out what follows from another slip, or changes no number."""
    kept = list(placed)
    for rules in (
        _commuted,
        _needless,
        _misplaced,
        _exchanged,
        _counted,
        _by_width,
        _unlike,
    ):
        for rule in rules(kept):
            kept = [one for one in kept if not rule(one)]
    return kept


def _settled(plan: Plan, flow: Flow) -> Flow:
    """A flow without the ReLU of what has no negative number."""
    call = plan.by_key.get(str(flow.keys[0]))
    if len(flow.keys) > 1 or call is None or not call.row.positive:
        return flow
    how, _, after = flow.how.partition(" ")
    return Flow(after, flow.keys) if how == "relu" else flow


def _needless(placed: Sequence[PlacedSlip]) -> Iterator[_Rule]:
    """A ReLU of numbers that are not negative changes none of them."""
    yield (
        lambda one: (
            one.slip.kind == "source"
            and one.slip.found is not None
            and _settled(one.plan, one.slip.found) == one.slip.asked
        )
    )


def _commuted(placed: Sequence[PlacedSlip]) -> Iterator[_Rule]:
    """The largest of the ReLUs is the ReLU of the largest."""
    for one in placed:
        call = one.call
        if one.slip.kind != "source" or call is None or not call.row.commutes:
            continue
        moved, found = call.row.commutes, one.slip.found
        plain = Flow("", one.slip.asked.keys)
        if one.slip.asked.how != moved or found is None:
            continue
        late = _late(placed, one.plan, call.key, moved)
        if _settled(one.plan, found) == plain and late:
            yield _either({call.key, *late})


def _late(placed: Sequence[PlacedSlip], plan: Plan, key: str, moved: str) -> set[str]:
    """What takes a call's result only after what belongs before the call.

    Nothing if the first that takes it does not.
    """
    taken = {call.key: call.source for call in plan.calls} | dict(plan.outputs)
    users = [name for name, flow in taken.items() if flow.keys == (key,)]
    found = {one.slip.key: one.slip.found for one in placed
             if one.slip.kind in ("source", "output")}  # fmt: skip
    late = {
        name
        for name in users
        if found.get(name) == Flow(f"{taken[name].how} {moved}".strip(), (key,))
    }
    return late if users and users[0] in late else set()


def _misplaced(placed: Sequence[PlacedSlip]) -> Iterator[_Rule]:
    """An argument that another parameter got, since it was given by its place."""
    keys = {
        one.slip.key
        for one in placed
        if one.call and one.slip.about in one.call.callee.kept
        if one.slip.found in (0, 1)
    }
    yield lambda one: isinstance(one.slip.asked, bool) and one.slip.key in keys


def _either(keys: set[str]) -> _Rule:
    return lambda one: one.slip.kind in ("source", "output") and one.slip.key in keys


def _exchanged(placed: Sequence[PlacedSlip]) -> Iterator[_Rule]:
    """Outputs that have changed places are one slip."""
    found = {
        one.slip.key: one.slip.found for one in placed if one.slip.kind == "output"
    }
    asked: Mapping[str, Flow] = placed[0].plan.outputs if placed else {}
    if len(found) == len(asked) > 1 and Counter(found.values()) == Counter(
        asked.values()
    ):
        yield _either({*found} - {next(iter(asked))})


def _counted(placed: Sequence[PlacedSlip]) -> Iterator[_Rule]:
    """In a chain, a call too many or too few makes another one the last."""
    chain = any(one.plan.net.is_chain for one in placed)
    if chain and any(one.slip.kind in ("missing", "extra") for one in placed):
        yield lambda one: one.slip.kind in ("output", "source")


def _by_width(placed: Sequence[PlacedSlip]) -> Iterator[_Rule]:
    """A stride may follow from the channels of what a call is given by mistake."""
    given = {one.slip.key for one in placed if one.slip.kind == "source"}
    yield (
        lambda one: (
            one.slip.kind == "argument"
            and one.slip.key in given
            and one.call is not None
            and one.slip.about == one.call.callee.extent.stride
            and one.call.callee.defaults.get(one.slip.about, 1) is None
        )
    )


def _unlike(placed: Sequence[PlacedSlip]) -> Iterator[_Rule]:
    """What is made of tensors of wrong shapes cannot be traced to them."""
    kinds = ("argument", "source")
    if any(one.slip.kind in kinds and one.changes_shapes for one in placed):
        yield lambda one: one.slip.kind == "output" and one.slip.found is None
