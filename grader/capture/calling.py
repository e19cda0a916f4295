"""Calls a learner's function as its own signature wants it."""

import inspect
from collections.abc import Callable
from typing import Any


class WrongSignature(TypeError):
    """The parameters of a learner's function do not take the call.

    Attributes:
        signature: names: the function's `own`, those of them that are `required`, and
            the `given` ones; how many tensors come `first`, without a name.
    """

    def __init__(self, message: str, signature: dict[str, Any]):
        super().__init__(message)
        self.signature = signature


def call_by_name(function: Callable, first: tuple, arguments: dict[str, Any]) -> Any:
    """Passes arguments by keyword, or by position where the learner renamed them.

    Args:
        function: the learner's.
        first: what is passed by position in any case.
        arguments: the others, by the specification's names and in its order.

    Raises:
        WrongSignature: if the function's parameters cannot take them.
    """
    try:
        signature = inspect.signature(function)
    except (TypeError, ValueError):
        return function(*first, **arguments)
    parameters = signature.parameters
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    by_name = takes_any or set(arguments) <= set(parameters)
    passed = first if by_name else (*first, *arguments.values())
    named = arguments if by_name else {}
    try:
        signature.bind(*passed, **named)
    except TypeError as error:
        own = _described(signature, len(first), arguments)
        raise WrongSignature(str(error), own) from None
    return function(*passed, **named)


def _described(
    signature: inspect.Signature, first: int, arguments: dict[str, Any]
) -> dict[str, Any]:
    parameters = signature.parameters.values()
    plain = [p for p in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    return {
        "own": [p.name for p in plain],
        "required": [p.name for p in plain if p.default is p.empty],
        "given": list(arguments),
        "first": first,
    }
