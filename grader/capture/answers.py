"""Captures an answer that is plain data: text, numbers, lists and dictionaries."""

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

from grader.capture.calling import call_by_name
from grader.capture.failure import failed, returned

MOST_ITEMS = 400
LONGEST_TEXT = 120
DEEPEST = 4


def capture_calls(
    function: Callable, challenge: dict[str, Any], namespace: dict[str, Any]
) -> list[dict[str, Any]]:
    """Captures what each call of a challenge returns.

    Args:
        function: the learner's.
        challenge: the calls.
        namespace: where the function was looked up.
    """
    return [_capture_call(function, call) for call in challenge["calls"]]


def _capture_call(function: Callable, call: dict[str, Any]) -> dict[str, Any]:
    try:
        value = call_by_name(function, (), dict(call["arguments"]))
        answer = plain(value)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return failed(call, "raised", error, function)
    if value is None or not isinstance(answer, (list, dict)):
        return returned(call, type(value).__name__, function)
    return {"id": call["id"], "status": "captured", "answer": answer}


def plain(value: Any, depth: int = 0) -> Any:
    """Turns an answer into JSON.

    Sequences and sets become lists; what is no plain data becomes its class's name.
    """
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, str):
        return str(value)[:LONGEST_TEXT]
    if depth >= DEEPEST:
        return f"<{type(value).__name__}>"
    if isinstance(value, dict):
        items = list(value.items())[:MOST_ITEMS]
        return [[plain(k, depth + 1), plain(v, depth + 1)] for k, v in items]
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes)):
        return [plain(item, depth + 1) for item in islice(value, MOST_ITEMS)]
    return f"<{type(value).__name__}>"
