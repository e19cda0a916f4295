"""Calls a learner's function as its own signature wants it."""

import inspect
from collections.abc import Callable, Collection
from typing import Any

_MOST = 40
_VARIABLE = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)


class WrongSignature(TypeError):
    """The parameters of a learner's function do not take the call.

    Attributes:
        signature: names: the function's `own`, those of them that are `required`, and
            the `given` ones; how many tensors come `first`, without a name.
    """

    def __init__(self, message: str, signature: dict[str, Any]):
        super().__init__(message)
        self.signature = signature


def call_by_name(
    function: Callable,
    first: tuple,
    arguments: dict[str, Any],
    names: Collection[str] = (),
) -> Any:
    """Passes arguments by keyword, under the names that the learner has for them.

    Args:
        function: the learner's.
        first: what is passed by position in any case.
        arguments: the others, by the specification's names and in its order.
        names: of the arguments of all calls, in that order: this one may leave out
            some. Those of this call, if there are none.

    Raises:
        WrongSignature: if the function's parameters cannot take them.
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return function(*first, **arguments)
    parameters, given = signature.parameters, arguments
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    if _keywords(signature):
        own = _renamed([*parameters], len(first), names or arguments)
        arguments = {own.get(name, name): value for name, value in arguments.items()}
    by_name = takes_any or set(arguments) <= set(parameters)
    passed = first if by_name else (*first, *arguments.values())
    named = arguments if by_name else {}
    plain = [p.name for p in _plain(signature)]
    others = [name for name in plain if name not in arguments]
    elsewhere = len(others) == len(first) and others != plain[: len(first)]
    if by_name and elsewhere and _keywords(signature):
        # wherever in the signature they stand
        passed, named = (), {**dict(zip(others, first, strict=True)), **arguments}
    try:
        signature.bind(*passed, **named)
    except TypeError as error:
        given = _described(signature, len(first), given)
        raise WrongSignature(str(error), given) from None
    return function(*passed, **named)


def capture_call(
    capture: Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]],
    challenge: dict[str, Any],
    call: dict[str, Any],
) -> dict[str, Any]:
    """Captures one call; blocks are real where a function refuses their stand-ins.

    Args:
        capture: captures a call under a challenge.
        challenge: what all calls have in common.
        call: the call.
    """
    captured = capture(challenge, call)
    if captured["status"] == "raised" and challenge["stand_ins"]:
        again = capture({**challenge, "stand_ins": {}}, call)
        return again if again["status"] == "captured" else captured
    return captured


def signature_of(
    function: Callable, first: int, names: Collection[str]
) -> dict[str, Any] | None:
    """Writes down what a function's parameters are, and which arguments it lacks.

    Args:
        function: the learner's.
        first: how many are passed by position in any case.
        names: of the others, over all calls.

    Returns:
        Names of its `own`, and those `left_out`: of the others, where it has none
        of other names. None where there is no telling.
    """
    try:
        signature = inspect.signature(function)
    except Exception:
        return None  # whatever a learner's object answers
    own = [p.name for p in _plain(signature)]
    unlike = len(set(own) - set(names)) > first or len(own) < len(signature.parameters)
    lost = [] if unlike else [name for name in names if name not in own]
    return {"own": own[:_MOST], "left_out": lost}


def _renamed(own: list[str], first: int, names: Collection[str]) -> dict[str, str]:
    """The learner's names for arguments: what is left on both sides, in order."""
    lost = [name for name in names if name not in own]
    others = [name for name in own[first:] if name not in names]
    return dict(zip(lost, others, strict=False)) if len(others) >= len(lost) else {}


def _plain(signature: inspect.Signature) -> list[inspect.Parameter]:
    return [p for p in signature.parameters.values() if p.kind not in _VARIABLE]


def _keywords(signature: inspect.Signature) -> bool:
    """Whether each parameter takes its argument by name."""
    kinds = {p.kind for p in signature.parameters.values()}
    return not kinds & {*_VARIABLE, inspect.Parameter.POSITIONAL_ONLY}


def _described(
    signature: inspect.Signature, first: int, arguments: dict[str, Any]
) -> dict[str, Any]:
    plain = _plain(signature)
    return {
        "own": [p.name for p in plain],
        "required": [p.name for p in plain if p.default is p.empty],
        "given": list(arguments),
        "first": first,
    }
