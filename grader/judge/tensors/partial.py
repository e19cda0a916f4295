"""What differs in the calls that a net made before it failed."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from grader.judge.tensors.attempt import Attempt
from grader.judge.tensors.compare import CallSlip, compare_calls
from grader.judge.tensors.plan import Plan
from grader.judge.tensors.reading import Called, FunctionRun

#: What an operation says of two tensors that cannot meet, and of shapes at all.
_UNLIKE = re.compile(r"[Ii]ncompatible shapes|roadcastable shapes")
_SHAPES = re.compile(r"\b(shapes?|dim(ension)?s?|sizes?|rank|channels|depth)\b", re.I)


def slips_until(one: Attempt) -> list[CallSlip]:
    """Returns what differs in a call that failed, until it did."""
    calls = one.call.partial
    if not calls:
        return []
    run = FunctionRun({}, (), {}, calls)
    slips = compare_calls(one.plan, run, one.x, one.seed)
    rest = not_reached(one.plan, calls)
    rest = () if _came_to_the_sum(one, rest) else rest
    return [slip for slip in slips if slip.kind != "missing" or slip.key not in rest]


def not_reached(plan: Plan, calls: Sequence[Called]) -> Sequence[str]:
    """The last of the planned calls, as far as none of them was made."""
    left = Counter(called.function for called in calls)
    keys: list[str] = []
    for call in plan.calls:
        left[call.function] -= 1
        keys = [*keys, call.key] if left[call.function] < 0 else []
    return keys


def fails_by_shapes(one: Attempt) -> bool:
    """Whether a call failed because shapes do not fit."""
    return bool(_SHAPES.search(_message(one)))


def _message(one: Attempt) -> str:
    """That of the error with which a call failed."""
    error = one.call.failure[1].get("error") if one.call.failure else None
    return str(error.get("message"))[:2000] if isinstance(error, Mapping) else ""


def _came_to_the_sum(one: Attempt, rest: Sequence[str]) -> bool:
    """Whether a call failed where two paths meet, and one has not all its layers.

    Its whole main path was called then: what lacks is on the shortcut.
    """
    meets = any(len(flow.keys) > 1 for flow in one.plan.outputs.values())
    planned = one.plan.by_key
    conditional = all(planned[key].row.when for key in rest)
    return meets and conditional and bool(_UNLIKE.search(_message(one)))
