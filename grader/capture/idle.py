"""Layers that were called, and whose results do not lead to the output."""

from collections.abc import Iterable
from typing import Any

from grader.capture.graph import FlatGraph
from grader.capture.kinds import describe

#: Layers that are written down, the first of those that lead nowhere.
_MOST = 200
_LONGEST = 200


def idle(results: Iterable[Any], graph: FlatGraph) -> list[dict[str, Any]]:
    """Lists the layers behind tensors that a graph does not hold.

    Args:
        results: tensors that calls of layers gave.
        graph: what leads to the output.

    Returns:
        Kind, name and activation of each; of a block how it was called.
    """
    reached = {id(operation) for operation in graph.operations}
    found: dict[int, dict[str, Any]] = {}
    for tensor in results:
        operation = tensor._keras_history.operation
        if id(operation) not in reached and len(found) < _MOST:
            found.setdefault(id(operation), _described(operation))
    return list(found.values())


def _described(operation: Any) -> dict[str, Any]:
    kind, config = describe(operation)
    if kind == "Block":
        return {"kind": kind, "name": "", "activation": "", "call": config}
    function = str(config.get("activation") or "")
    texts = {"kind": kind, "name": str(operation.name), "activation": function}
    return {key: text[:_LONGEST] for key, text in texts.items()}
