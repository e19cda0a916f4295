"""A function's parameters beside those that the lesson gives it."""

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from grader.challenge import named_arguments
from grader.judge.claim import Claim
from grader.judge.finding import Finding
from grader.judge.strict import CaptureError, is_exactly
from grader.judge.verdict import Verdict
from grader.judge.words import shorten

_MOST_NAMES = 40
#: A parameter that is missing, or a tensor that is not the first, costs this part of
#: a function's points, in whole points: 3 of 30, 4 of 40.
PART = 0.1
#: What is left at most of a function that lacks more than half of its arguments, and
#: more than one.
HALF = 0.5


@dataclass(frozen=True)
class Signature:
    """How a function's parameters differ from the lesson's.

    Attributes:
        own: the function's, in order.
        missing: arguments of the lesson that it was called without.
        few: whether these are several, and more than half of them.
        late: the argument that stands where the tensor belongs; "" if none does.
        renamed: whether some have other names, which costs nothing.
    """

    own: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    few: bool = False
    late: str = ""
    renamed: bool = False


@dataclass(frozen=True)
class Spare:
    """What is judged of a function without one of its arguments.

    Attributes:
        optional: arguments that the lesson gives a default: without them the function
            is to do what it does by default.
        fixed: whether one without a default is taken for the value that the lesson
            shows.
    """

    optional: frozenset[str] = frozenset()
    fixed: bool = False


NONE = Spare()


def read_signature(
    challenge: Mapping[str, Any], capture: Mapping[str, Any]
) -> Signature:
    """Compares a captured signature with the arguments of a challenge.

    Raises:
        CaptureError: if it is not of the form that the capture writes.
    """
    data = capture.get("signature")
    if data is None:
        return Signature()
    own, left_out = (
        _names(is_exactly(data, dict, "a signature").get(key))
        for key in ("own", "left_out")
    )
    asked = named_arguments(challenge)
    if not set(left_out) <= set(asked) - set(own):
        raise CaptureError("a signature lacks what it has")
    there = [name for name in asked if name in own]
    way = challenge.get("capture", "network")
    tensor = way in ("network", "tensors") and challenge.get("returns") != "model"
    late = own[0] if tensor and own and own[0] in asked else ""
    most = len(own) - tensor  # of which the arguments are some
    renamed = bool(asked) and not left_out and len(there) < len(asked) <= most
    few = len(left_out) > 1 and 2 * len(left_out) > len(asked)
    return Signature(own, left_out, few, late, renamed)


def _names(value: Any) -> tuple[str, ...]:
    if len(is_exactly(value, list, "the parameters")) > _MOST_NAMES:
        raise CaptureError("a function has too many parameters")
    return tuple(is_exactly(name, str, "a parameter") for name in value)


def without(
    challenge: Mapping[str, Any], missing: Collection[str], spare: Spare
) -> Mapping[str, Any]:
    """The challenge as a function without some arguments is to meet it.

    Args:
        challenge: that it was captured under.
        missing: the arguments.
        spare: what is judged without them.
    """
    if not missing:
        return challenge
    shown = challenge["calls"][0].get("arguments", {})

    def arguments(call: Mapping[str, Any]) -> dict[str, Any]:
        found = dict(call.get("arguments", {}))
        for name in set(missing) & set(found):
            if name in spare.optional:
                del found[name]
            elif spare.fixed and name in shown:
                found[name] = shown[name]
        return found

    def judged(call: Mapping[str, Any]) -> dict[str, Any]:
        lost = [name for name in missing if name in call.get("arguments", {})]
        found = {**call, "arguments": arguments(call), "left_out": lost}
        if "validation_data" in missing and "validation" in call:
            found["validation"] = False
        return found

    return {**challenge, "calls": [judged(call) for call in challenge["calls"]]}


def with_signature(
    function: str, verdict: Verdict, signature: Signature, points: float
) -> Verdict:
    """Tells, and charges, what a function's parameters lack.

    Args:
        function: its name.
        verdict: on what it does.
        signature: how it differs.
        points: what the function is worth.
    """
    price = math.ceil(points * PART)
    look = f"The line that defines {function}, with its parameters."
    told = [_missing(function, name, signature) for name in signature.missing]
    claims: list[tuple[Claim, ...]] = [
        (Claim("signature", "", function, "", name),) for name in signature.missing
    ]
    if signature.late:
        claims.append(())
        told.append(
            f"The first parameter of {function} is `{shorten(signature.late, 40)}`: in "
            "the lesson the tensor comes first."
        )
    if signature.renamed:
        listed = ", ".join(shorten(name, 40) for name in signature.own[:12])
        note = (
            f"The parameters of {function} have other names than in the lesson "
            f"({listed}): a call by name would fail. It costs nothing."
        )
        verdict = replace(verdict, notes=(*verdict.notes, note))
    if not told:
        return verdict
    if signature.few:
        told[0] += (
            " It lacks more than half of those that the lesson gives it, so at most "
            "half of its points are left."
        )
    if not verdict.share:
        first = verdict.findings[0]
        message = f"{told[0]} {first.message}"
        first = replace(first, message=message, claims=(*claims[0], *first.claims))
        return replace(verdict, findings=(first,))
    sentence = f"{function} has the arguments that the lesson gives it."
    found = tuple(
        Finding(f"{function}-", price, function, sentence, message, look, said)
        for message, said in zip(told, claims, strict=True)
    )
    findings = sorted((*found, *verdict.findings), key=lambda f: -f.price)
    most = min(verdict.most, HALF) if signature.few else verdict.most
    numbers = verdict.numbers and bool(verdict.findings)
    return replace(verdict, findings=tuple(findings), most=most, numbers=numbers)


def _missing(function: str, name: str, signature: Signature) -> str:
    own = ", ".join(shorten(own, 40) for own in signature.own[:12])
    return f"{function} has no argument `{name}`: its parameters are ({own})."
