"""Layers that a function builds, and whose results lead nowhere."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.judge.network.difference import Difference
from grader.judge.network.graph import KERNELS, Node
from grader.judge.network.reading import read_attrs
from grader.judge.network.spec import Spec
from grader.judge.strict import CaptureError, is_exactly

_MOST = 400
_LONGEST = 200
#: Layers that are activations under a name of their own.
_FUNCTIONS = {"ReLU": "relu", "Softmax": "softmax"}
#: What says which block of a network a call is.
_CALLED = ("function", "filters", "stage", "block")


def read_idle(call: Mapping[str, Any]) -> tuple[Node, ...]:
    """Reads what a call built beside what leads to its output.

    Raises:
        CaptureError: if it is not of the right form.
    """
    listed = call.get("idle", [])
    if type(listed) is not list or len(listed) > _MOST:
        raise CaptureError("the layers that lead nowhere are no list, or too many")
    return tuple(node for item in listed for node in _read(item))


def _read(item: Any) -> list[Node]:
    keys = ("kind", "name", "activation")
    is_exactly(item, dict, "a layer that leads nowhere")
    texts = [is_exactly(item.get(key), str, f"its {key}") for key in keys]
    if any(len(text) > _LONGEST for text in texts):
        raise CaptureError("a layer that leads nowhere has too long a name")
    kind, name, function = texts
    if kind == "Block":
        return [Node(kind, attrs=read_attrs(kind, item.get("call")))]
    if kind in _FUNCTIONS:
        kind, function = "Activation", _FUNCTIONS[kind]
    if kind == "Activation":
        return [Node(kind, name, {"activation": function})]
    own = [Node("Activation", name, {"activation": function})]
    return [Node(kind, name), *(own if kind in KERNELS and function else [])]


def with_idle(
    spec: Spec, differences: Sequence[Difference], idle: Sequence[Node]
) -> list[Difference]:
    """Says of layers that are missing which were built all the same.

    Args:
        spec: the specification.
        differences: from it.
        idle: what was built and leads nowhere.
    """
    left = list(idle)
    told = []
    for d in differences:
        own = d.kind == "missing" and next(
            (node for node in left if _is(spec.graph.nodes[d.node], node)), None
        )
        if own:
            left.remove(own)
            d = replace(d, idle=True)
        told.append(d)
    return told


def _is(asked: Node, node: Node) -> bool:
    """Whether a layer is what a row asks for, as far as its kind and name say."""
    if asked.kind == node.kind == "Block":
        told = [name for name in _CALLED if name in asked.attrs]
        return all(asked.attrs[name] == node.attrs.get(name) for name in told)
    same = asked.kind == node.kind and asked.name in ("", node.name)
    return same and asked.attrs.get("activation") == node.attrs.get("activation")
