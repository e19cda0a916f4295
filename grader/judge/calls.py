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


def calls_blocks(captured: Mapping[str, Any]) -> bool:
    """Whether a network called its blocks by name, and built none in another way."""
    kinds = [op.get("kind") for op in _operations(captured)]
    blocks = "Block" in kinds or isinstance(captured.get("partial"), dict)
    return blocks and kinds.count("Conv2D") <= 2


def calls_of(captured: Mapping[str, Any], *functions: str) -> bool:
    """Whether a captured call has calls of one of the functions in it."""
    for operation in _operations(captured):
        config = operation.get("config")
        if isinstance(config, dict) and config.get("function") in functions:
            return True
    return False


def _operations(captured: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The layers of a captured call, or those before it failed."""
    graph = captured.get("graph", captured.get("partial"))
    operations = graph.get("operations") if isinstance(graph, dict) else None
    found = operations if isinstance(operations, list) else []
    return [operation for operation in found if isinstance(operation, dict)]
