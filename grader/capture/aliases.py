"""Sends the calls of a function elsewhere, whatever name it is called by."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FunctionType

_TABLE = "__stand_ins_of_aliases__"
_SOURCE = f"""
def redirect(*args, **kwargs):
    return {_TABLE}[{{name!r}}](*args, **kwargs)
"""


@contextmanager
def redirected(function: FunctionType, target: Callable) -> Iterator[None]:
    """Lets `target` answer calls of `function` while the body runs.

    A table or a partial that holds the function holds the same object, so the
    object's code is exchanged. A function with free variables keeps its own:
    Python allows no exchange there.

    Args:
        function: the learner's.
        target: takes its place.
    """
    if function.__code__.co_freevars:
        yield
        return
    names: dict = {}
    exec(_SOURCE.format(name=function.__name__), names)
    table = function.__globals__.setdefault(_TABLE, {})
    table[function.__name__] = target
    code = function.__code__
    function.__code__ = names["redirect"].__code__
    try:
        yield
    finally:
        function.__code__ = code
        function.__globals__.pop(_TABLE, None)
