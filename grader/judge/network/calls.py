"""The captured calls of a function that builds layers, and the recorded ones in them.

A capture can be forged: a call of a block that no stand-in can have recorded is
refused here, so that everything behind may take its arguments for what they are.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grader.arithmetic import value_of
from grader.judge.calls import paired_calls
from grader.judge.network.graph import KERNELS
from grader.judge.network.idle import read_idle
from grader.judge.strict import CaptureError, is_exactly

#: A block has three convolutions.
_WIDTHS = 3
#: PyTorch's blocks call it `stride`; their stand-ins record it as Keras's do.
_RECORDED = {"stride": "s"}
#: By what an argument is made of, whether a stand-in can have recorded a value.
_KINDS: Mapping[str, Callable[[Any], bool]] = {
    "whole": lambda value: type(value) is int,
    "widths": lambda value: (
        type(value) is list
        and len(value) == _WIDTHS
        and all(type(width) is int for width in value)
    ),
    "text": lambda value: type(value) is str,
    "flag": lambda value: value is None or type(value) is bool,
    "initializer": lambda value: value is None or type(value) is dict,
}


def network_calls(
    challenge: Mapping[str, Any], capture: Mapping[str, Any]
) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """Pairs the calls as `paired_calls` does, and reads the recorded ones in them.

    Raises:
        CaptureError: if a recorded call is none of one of the challenge's stand-ins.
    """
    pairs = paired_calls(challenge, capture)
    for _, captured in pairs:
        for config in _recorded(captured):
            _demand_call(challenge["stand_ins"], config)
    return pairs


def calls_blocks(captured: Mapping[str, Any]) -> bool:
    """Whether a network called its blocks by name, and built none in another way.

    What its calls compute may lead nowhere.
    """
    kinds = [operation.get("kind") for operation in _operations(captured)]
    blocks = "Block" in kinds or isinstance(captured.get("partial"), dict)
    blocks = blocks or any(node.kind == "Block" for node in read_idle(captured))
    return blocks and kinds.count("Conv2D") <= 2


def kernels_of(captured: Mapping[str, Any]) -> int | None:
    """How many layers with a kernel a network has; None where it has no layers."""
    kinds = [operation.get("kind") for operation in _operations(captured)]
    return sum(kind in KERNELS for kind in kinds) if kinds else None


def calls_of(captured: Mapping[str, Any], function: str) -> bool:
    """Whether a captured call has calls of a function in it."""
    return any(config["function"] == function for config in _recorded(captured))


def _operations(captured: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """The layers and blocks of a captured call, or those before it failed."""
    graph = captured.get("partial")
    if "graph" in captured:
        graph = is_exactly(captured["graph"], dict, "a graph")
    if not isinstance(graph, dict):
        return ()
    operations = is_exactly(graph.get("operations"), list, "the operations")
    return [is_exactly(operation, dict, "an operation") for operation in operations]


def _recorded(captured: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The calls of blocks that a captured call has in it."""
    return [
        is_exactly(operation.get("config"), dict, "a recorded call")
        for operation in _operations(captured)
        if operation.get("kind") == "Block"
    ]


def _demand_call(
    signatures: Mapping[str, Mapping[str, Any]], config: Mapping[str, Any]
) -> None:
    """Refuses what is not the record of a call.

    Args:
        signatures: of the functions whose calls are recorded, by name.
        config: the record.

    Raises:
        CaptureError: if a stand-in would not have written it so.
    """
    function = is_exactly(config.get("function"), str, "the name of a block")
    if function not in signatures:
        raise CaptureError(f"{function[:60]!r} is none of the blocks")
    signature = signatures[function]
    fixed = {"function": function, **signature.get("fixed", {})}
    kinds: dict[str, str] = {}
    for parameter in signature["parameters"]:
        name = parameter["name"]
        recorded = parameter.get("record", _RECORDED.get(name, name))
        kinds[str(recorded)] = parameter["kind"]
    kinds["place"] = "whole"
    if "width" in config or "width" in signature:
        kinds["width"] = "whole"
    if set(config) != {*fixed, *kinds}:
        raise CaptureError(f"a call of {function} has other arguments than a block has")
    for name, kind in kinds.items():
        if not _KINDS[kind](config[name]):
            raise CaptureError(f"{name} of a call of {function} is of another type")
    if isinstance(signature.get("width"), str):
        fixed["width"] = value_of(signature["width"], config)
    elif "width" in signature:
        factor, argument = signature["width"]
        fixed["width"] = factor * config[argument]
    for name, value in fixed.items():
        if is_exactly(config[name], type(value), name) != value:
            raise CaptureError(
                f"{name} of a call of {function} does not fit the others"
            )
    if min(config.get("s", 1), config.get("width", 1), config["place"] + 1) < 1:
        raise CaptureError(f"a call of {function} has numbers below those of a call")
