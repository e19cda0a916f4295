"""What mistakes cost, and to which check they are charged."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grader.judge.network.difference import Difference
from grader.judge.network.graph import MERGES
from grader.judge.network.spec import Spec

#: Price of a difference in one hyperparameter; each further layer with the same
#: slip adds `step`, up to `most`.
_ATTRS = {
    "filters": 5,
    "kernel_size": 5,
    "strides": 5,
    "padding": 4,
    "axis": 5,
    "epsilon": 3,
    "use_bias": 3,
    "activation": 5,
    "max_value": 5,
    "negative_slope": 5,
    "threshold": 5,
    "training": 4,
    "trainable": 3,
    "units": 5,
    "pool_size": 4,
}
_ATTR = 4
_KINDS = {
    "missing": 5,
    "extra": 5,
    "moved": 6,
    "kind": 6,
    "wiring": 8,
    "order": 8,
    "shared": 6,
    "weight": 3,
    "swapped": 8,
}
_PLAN = {
    "filters": 6,
    "s": 6,
    "f": 5,
    "stage": 5,
    "block": 4,
    "function": 8,
    "training": 4,
    "initializer": 4,
}
_PLAN_MOST = {"s": 15, "stage": 8, "block": 8, "training": 5, "initializer": 6}
SHORTCUT = 15
BEHAVIOUR = 4
#: Where a specification names the check for it.
OWN_MOST = 6


@dataclass(frozen=True)
class Charge:
    """A price: the first occurrence, each further one, and the most in all."""

    check: str
    price: float
    step: float
    most: float


def is_merge(spec: Spec, difference: Difference) -> bool:
    """Whether a difference is about the addition of the shortcut."""
    return spec.graph.nodes[difference.node].kind in MERGES


def charge(spec: Spec, difference: Difference, *, shown: bool, plan: bool) -> Charge:
    """Prices a difference.

    Args:
        spec: the specification.
        difference: what differs.
        shown: whether it shows under the call that the lesson prints; otherwise it
            only shows under other arguments.
        plan: whether the function is ResNet50, judged by its calls to the blocks.
    """
    charge = Charge("values", BEHAVIOUR, 0, BEHAVIOUR)
    if shown:
        charge = _plan(spec, difference) if plan else _block(spec, difference)
    checks = spec.policy.checks
    own = checks.get(difference.attr) or checks.get(difference.kind)
    return (
        replace(charge, check=own, most=min(charge.most, OWN_MOST)) if own else charge
    )


def price(spec: Spec, group: Sequence[Difference], *, shown: bool, plan: bool) -> float:
    """What one slip costs, in however many places it shows; see `charge`."""
    first = charge(spec, group[0], shown=shown, plan=plan)
    return min(first.price + first.step * (len(group) - 1), first.most)


def _block(spec: Spec, difference: Difference) -> Charge:
    kind = difference.kind
    if kind == "weight":
        return Charge("weights", _KINDS[kind], 0, 3)
    if kind == "name":
        return Charge("layers", 3, 1, 8)
    if kind == "attr":
        return Charge("layers", _ATTRS.get(difference.attr, _ATTR), 1, 8)
    if is_merge(spec, difference):
        lost = kind == "missing" or difference.found == "Concatenate"
        lost = lost or difference.hidden
        lost = lost or (kind == "wiring" and loses_a_path(difference))
        return Charge("wiring", SHORTCUT if lost else 8, 0, SHORTCUT)
    check = "wiring" if kind in ("moved", "wiring", "shared") else "layers"
    return Charge(check, _KINDS[kind], 4, 12)


def loses_a_path(difference: Difference) -> bool:
    """Whether a layer where paths meet does not take all those that it is to take."""
    return not set(difference.asked) <= set(difference.found)


def _plan(spec: Spec, difference: Difference) -> Charge:
    kind, node = difference.kind, spec.graph.nodes[difference.node]
    line = spec.lines[difference.node]
    if node.kind == "Block":
        if kind == "name":
            return Charge("plan", 3, 1, 8)
        if kind == "swapped":
            return Charge("plan", 8, 2, 15)
        if kind == "attr":
            most = _PLAN_MOST.get(difference.attr, 12)
            return Charge("plan", _PLAN.get(difference.attr, 5), 2, most)
        return Charge("plan", _KINDS.get(kind, 5), 3, 20)
    inside = line.weight == "plan"
    if difference.attr == "trainable" or kind == "weight":
        return Charge("summary", 3, 0, 6)
    check = "plan" if inside else "layers"
    if kind == "name":
        return Charge(check, 3, 1, 8)
    if kind == "attr":
        price = _ATTRS.get(difference.attr, _ATTR)
        return Charge(check, price, 1, 12 if inside else 6)
    price = _KINDS.get(kind, 5) if inside else 5
    return Charge(check, price, 3, 20 if inside else 6)
