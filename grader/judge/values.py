"""Functions that count what a model costs.

The judge counts a challenge's models by itself, and by the slips that people make, so
that a report can name the slip.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.judge.calls import paired_calls
from grader.judge.claim import Claim
from grader.judge.failures.explain import explain
from grader.judge.finding import Finding
from grader.judge.strict import CaptureError
from grader.judge.verdict import Verdict, failed_call, nothing

_MOST = 10**15
_RETURNS = "a whole number"
#: Calls that fail, from which on they cost twice as much as one.
_MANY_FAILURES = 3

Calls = Sequence[tuple[Mapping[str, Any], Mapping[str, Any]]]


@dataclass(frozen=True)
class Slip:
    """A wrong way to count.

    Attributes:
        options: of the judge's own count, which make it count so.
        words: what is wrong, as a sentence goes on after a comma.
    """

    options: Mapping[str, bool]
    words: str


@dataclass(frozen=True)
class Counting:
    """A function that counts.

    Attributes:
        function: its name.
        count: the judge's own, of an input shape and layers, with options.
        points: what the function is worth.
        sentence: what is to be counted.
        slips: ways to count wrongly that have a reason.
        slip: what one of them costs.
        several: what wrong counts of some models cost, where no slip explains them.
        failed: what it costs to fail for a model.
    """

    function: str
    count: Callable[..., int]
    points: int
    sentence: str
    slips: tuple[Slip, ...]
    slip: float
    several: float
    failed: float

    def __post_init__(self) -> None:
        known = inspect.signature(self.count).parameters
        unknown = {o for slip in self.slips for o in slip.options if o not in known}
        if unknown:
            raise ValueError(f"{self.function}: its count has no options {unknown}")


def judge(
    counting: Counting, challenge: Mapping[str, Any], capture: Mapping[str, Any]
) -> Verdict:
    """Judges a function by its counts.

    Args:
        counting: what it is to count.
        challenge: what the capture was made under.
        capture: what came out.

    Raises:
        CaptureError: if a count is no whole number.
    """
    function = counting.function
    calls = paired_calls(challenge, capture)
    found = {call["id"]: _value(captured) for call, captured in calls}
    asked = _counted(counting, calls, {})
    wrong = [name for name in asked if found[name] != asked[name]]
    if not wrong:
        return Verdict(1.0, ())
    failures = [(c, k) for c, k in calls if k.get("status") != "captured"]
    if len(failures) == len(calls):
        failed = explain(function, failures[0][1], returns=_RETURNS)
        return failed_call(function, failed)
    told = tuple(Claim("count", n, function, "", "", asked[n], found[n]) for n in wrong)
    if len(set(found.values())) == 1:
        message = f"{function} returns {found[wrong[0]]} for each model."
        return nothing(function, message, "Look at what it adds up.", claims=told)
    slip = None if failures else _slip(counting, calls, found)
    if slip:
        price, message = counting.slip, f"In {function}, {slip.words}."
        look = "Compare with the list of what is counted."
    elif failures:
        call, captured = failures[0]
        failed = explain(function, captured, returns=_RETURNS)
        message = f"For a model with {call['id']}, {failed.clause}"
        look = failed.look
        price = counting.failed * (1 if len(failures) < _MANY_FAILURES else 2)
    elif len(wrong) == len(asked):
        message = f"{function} counts no model right, not even {wrong[0]} alone."
        look = "Begin with one convolution, on paper."
        return nothing(function, message, look, claims=told)
    else:
        message = f"{function} counts wrongly for a model with {_listed(wrong)}."
        look = "Build such a model, and count along on paper."
        price = counting.several
    price = min(price, counting.points)
    sentence = counting.sentence
    check = f"{function}-values"
    finding = Finding(check, price, function, sentence, message, look, told)
    return Verdict(1.0, (finding,))


def _listed(names: Sequence[str]) -> str:
    kinds = [name for name in names if "network" not in name] or list(names)
    return " or ".join(kinds[:3])


def _value(captured: Mapping[str, Any]) -> int | None:
    if captured.get("status") != "captured":
        return None
    value = captured.get("value")
    if type(value) is not int or not abs(value) <= _MOST:
        raise CaptureError("a count is not a whole number of reasonable size")
    return value


def _counted(
    counting: Counting, calls: Calls, options: Mapping[str, bool]
) -> dict[str, int]:
    """The judge's own count of each model."""
    return {
        call["id"]: counting.count(call["input_shape"], call["layers"], **options)
        for call, _ in calls
    }


def _slip(
    counting: Counting, calls: Calls, found: Mapping[str, int | None]
) -> Slip | None:
    """The one slip that explains all counts."""
    for slip in counting.slips:
        if _counted(counting, calls, slip.options) == found:
            return slip
    return None
