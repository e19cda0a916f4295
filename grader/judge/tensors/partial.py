"""What differs in the calls that a net made before it failed."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from grader.judge.tensors.compare import CallSlip, compare_calls
from grader.judge.tensors.plan import Plan
from grader.judge.tensors.reading import Called, FunctionRun


def slips_until(
    plan: Plan, calls: Sequence[Called], x: np.ndarray, seed: str
) -> list[CallSlip]:
    """Returns what differs until a failure.

    Args:
        plan: of the net.
        calls: that were recorded before it failed.
        x: the net's input.
        seed: of the call.
    """
    if not calls:
        return []
    slips = compare_calls(plan, FunctionRun({}, (), {}, tuple(calls)), x, seed)
    rest = not_reached(plan, calls)
    return [slip for slip in slips if slip.kind != "missing" or slip.key not in rest]


def not_reached(plan: Plan, calls: Sequence[Called]) -> Sequence[str]:
    """The last of the planned calls, as far as none of them was made."""
    left = Counter(called.function for called in calls)
    keys: list[str] = []
    for call in plan.calls:
        left[call.function] -= 1
        keys = [*keys, call.key] if left[call.function] < 0 else []
    return keys
