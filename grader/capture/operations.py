"""Operations that are no layers, and that nobody here knows by name."""

from typing import Any


def has_operations(graph: dict[str, Any]) -> bool:
    """Whether a graph has some: only what it gives then tells what they do."""
    return any(op["config"].get("operation") for op in graph["operations"])
