"""Calls a learner's function as its own signature wants it."""

import inspect
from collections.abc import Callable
from typing import Any


def call_by_name(function: Callable, first: tuple, arguments: dict[str, Any]) -> Any:
    """Passes arguments by keyword, or by position where the learner renamed them.

    Args:
        function: the learner's.
        first: what is passed by position in any case.
        arguments: the others, by the specification's names and in its order.
    """
    try:
        parameters = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return function(*first, **arguments)
    takes_any = any(p.kind is p.VAR_KEYWORD for p in parameters.values())
    if takes_any or set(arguments) <= set(parameters):
        return function(*first, **arguments)
    return function(*first, *arguments.values())
