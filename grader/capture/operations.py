"""Operations that are no layers, and that nobody here knows by name."""

from typing import Any

from grader.capture.kinds import plain


def has_operations(graph: dict[str, Any]) -> bool:
    """Whether a graph has some: only what it gives then tells what they do."""
    return any(op["config"].get("operation") for op in graph["operations"])


def slice_key(operation: Any, args: tuple) -> list[Any] | None:
    """What a tensor was sliced with: start, stop and step of an axis, or "..."."""
    if type(operation).__name__ != "GetItem" or len(args) < 2:
        return None
    key = args[1] if isinstance(args[1], tuple) else (args[1],)
    return [
        [plain(part.start), plain(part.stop), plain(part.step)]
        if isinstance(part, slice)
        else "..."
        if part is Ellipsis
        else plain(part)
        for part in key
    ]
