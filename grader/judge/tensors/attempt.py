"""The calls of a challenge, as the judge of nets sees them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.judge.tensors.compare import CallSlip
from grader.judge.tensors.plan import Plan, plan_of
from grader.judge.tensors.reading import CapturedCall, input_of, read_calls
from grader.judge.tensors.rows import Library, Net
from grader.judge.tensors.slips import PlacedSlip


@dataclass(frozen=True)
class Attempt:
    """A call of the challenge, and what is known of it.

    Attributes:
        call: as it was captured.
        plan: what it is to do.
        x: its input.
        seed: of the call.
        shown: whether the lesson shows it.
        situation: what is special in it, in words.
    """

    call: CapturedCall
    plan: Plan
    x: np.ndarray
    seed: str
    shown: bool
    situation: str

    def placed(self, slip: CallSlip) -> PlacedSlip:
        """A slip of this call."""
        call_id = self.call.asked["id"]
        return PlacedSlip(slip, self.plan, self.shown, self.situation, call_id)


def attempts_of(
    net: Net,
    library: Library,
    situations: Mapping[str, str],
    challenge: Mapping[str, Any],
    capture: Mapping[str, Any],
) -> list[Attempt]:
    """The calls of a capture, in the order of the challenge.

    Args:
        net: its table.
        library: the functions that it calls.
        situations: what is special in a call, in words, by the call's id.
        challenge: that it was captured under.
        capture: what came out.
    """
    found = []
    for number, call in enumerate(read_calls(challenge, capture)):
        x, call_id = input_of(challenge["seed"], call.asked), call.asked["id"]
        plan = plan_of(net, library, call.asked["arguments"], x.shape[-1])
        seed, situation = f"{challenge['seed']}/{call_id}", situations.get(call_id, "")
        found.append(Attempt(call, plan, x, seed, number == 0, situation))
    return found
