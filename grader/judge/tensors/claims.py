"""What slips say of a capture, as data."""

from typing import Any

from grader.judge.claim import Claim
from grader.judge.tensors.dataflow import Flow
from grader.judge.tensors.rows import INPUT
from grader.judge.tensors.slips import PlacedSlip


def claim(placed: PlacedSlip) -> Claim:
    """What a sentence on a slip says."""
    slip = placed.slip
    expected, captured = slip.asked, slip.found
    if isinstance(expected, Flow):
        expected = expected.how, expected.keys
    if isinstance(captured, Flow):
        captured = _flow(captured, slip.places)
    return Claim(
        f"call {slip.kind}",
        placed.call_id,
        placed.plan.net.name if placed.call is None else slip.key,
        slip.key,
        slip.about,
        expected,
        captured,
        slip.place,
        placed.shown or not placed.situation,
    )


def _flow(flow: Flow, places: Any) -> tuple[str, tuple[Any, ...]]:
    """How tensors are joined, and the recorded calls that gave them."""
    keys = (key if key == INPUT else places.get(key, -1) for key in flow.keys)
    return flow.how, tuple(keys)
