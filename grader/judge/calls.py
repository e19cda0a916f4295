"""The calls of a capture, each beside what was asked for."""

from collections.abc import Mapping
from typing import Any

from grader.judge.strict import CaptureError


def paired_calls(
    challenge: Mapping[str, Any], capture: Mapping[str, Any]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Pairs each call that was asked for with what was captured of it.

    Raises:
        CaptureError: if they are not as many, or not in their order.
    """
    captured = capture.get("calls")
    asked = challenge["calls"]
    if not isinstance(captured, list) or len(captured) != len(asked):
        raise CaptureError(f"there are not {len(asked)} calls in it")
    for call, own in zip(asked, captured, strict=True):
        if not isinstance(own, dict) or own.get("id") != call["id"]:
            raise CaptureError(f"the call {call['id']!r} is not in its place")
    return list(zip(asked, captured, strict=True))
