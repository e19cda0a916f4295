"""An exception of a learner's function, or a wrong result, as plain data."""

import linecache
import traceback
from collections.abc import Callable
from typing import Any

from grader.capture.calling import WrongSignature
from grader.capture.unwritten import own_code, unwritten

MESSAGE_LENGTH = 2000


def failed(
    call: dict[str, Any], status: str, error: BaseException, function: Callable
) -> dict[str, Any]:
    """Writes an exception down, with the last line of the learner's own code.

    Args:
        call: of the challenge.
        status: "raised", "unreadable" or "not_run".
        error: what was raised.
        function: the learner's.
    """
    code = getattr(own_code(function), "__code__", None)
    line = None
    for frame, number in traceback.walk_tb(error.__traceback__):
        if code is not None and frame.f_code.co_filename == code.co_filename:
            source = linecache.getline(code.co_filename, number).strip()
            line = {"number": number, "source": source[:200]}
    written = {
        "type": type(error).__name__,
        "message": str(error)[:MESSAGE_LENGTH],
        "line": line,
    }
    if isinstance(error, WrongSignature):
        written["signature"] = error.signature
    entry = {"id": call["id"], "status": status, "error": written}
    return {**entry, "code": unwritten(function)}


def returned(
    call: dict[str, Any], kind: str, function: Callable, *, layer: bool = False
) -> dict[str, Any]:
    """Writes down that a function returned something else than it is to.

    Args:
        call: of the challenge.
        kind: the name of its type.
        function: the learner's.
        layer: whether it is a layer, and not what a layer gives.
    """
    entry = {"id": call["id"], "status": "returned", "type": kind, "layer": layer}
    return {**entry, "code": unwritten(function)}
