"""Strict reading of what comes from an untrusted place."""

from typing import Any


class CaptureError(Exception):
    """A capture that cannot be read: it says what was expected, and where."""


def is_exactly(value: Any, kind: type, what: str) -> Any:
    """Returns a value of a type exactly: True is no integer, a float no size."""
    if type(value) is not kind:
        kinds = f"{kind.__name__}, not {type(value).__name__}"
        raise CaptureError(f"{what} is to be of type {kinds}")
    return value
