"""The strict reading of a captured graph."""

import math
from collections.abc import Mapping
from typing import Any

from grader.judge.network.graph import WEIGHTED, Graph, Node, Variable
from grader.judge.sample import read_sample
from grader.judge.strict import CaptureError, is_exactly

MAX_NODES = 600
MAX_NUMBER = 4096
MAX_WIDTH = 65_536
MAX_LIMIT = 1e38
MAX_SEED = 2**64
MAX_SIZE = 1_000_000_000
MAX_AXES = 8
MAX_DEPTH = 6
MAX_ITEMS = 64
MAX_NAME = 200
MAX_PARAMETERS = 100_000_000


def _size(value: Any) -> int:
    if not 0 <= is_exactly(value, int, "a size") <= MAX_SIZE:
        raise CaptureError(f"a size is not between 0 and {MAX_SIZE}")
    return value


def _shape(value: Any) -> tuple[int | None, ...]:
    if len(is_exactly(value, list, "a shape")) > MAX_AXES:
        raise CaptureError(f"a shape has more than {MAX_AXES} axes")
    return tuple(None if n is None else _size(n) for n in value)


def _frozen(value: Any, depth: int = 0, most: float = MAX_NUMBER) -> Any:
    if (value is None or value is True or value is False) and depth <= MAX_DEPTH:
        return value
    if isinstance(value, (list, dict, str)) and len(value) > MAX_NAME:
        raise CaptureError("a hyperparameter is too long")
    if depth > MAX_DEPTH:
        raise CaptureError("a hyperparameter is nested too deep")
    if isinstance(value, list):
        return tuple(_frozen(item, depth + 1, most) for item in value)
    if isinstance(value, (int, float)) and not abs(value) <= most:
        raise CaptureError(f"a hyperparameter is larger than {most}, or NaN")
    if isinstance(value, (int, float, str)):
        return value
    if isinstance(value, dict):
        return {
            str(key): _frozen(item, depth + 1, MAX_SEED if key == "seed" else most)
            for key, item in value.items()
        }
    raise CaptureError(f"a hyperparameter is not plain data but {type(value).__name__}")


#: Hyperparameters that count something.
_COUNTS = frozenset(
    (
        "filters",
        "units",
        "kernel_size",
        "pool_size",
        "strides",
        "dilation_rate",
        "groups",
        "size",
        "depth_multiplier",
    )
)


#: Kinds of which an axis is counted from the end, too.
_OF_AN_AXIS = (
    "BatchNormalization",
    "LayerNormalization",
    "GroupNormalization",
    "Concatenate",
    "Softmax",
)
#: Those that limit or scale numbers, and so may be large.
_LIMITS = frozenset(
    ("x_min", "x_max", "max_value", "threshold", "negative_slope", "scale", "offset")
)
#: Those that count channels: a wrong one may be many times the right one.
_WIDTHS = frozenset(("filters", "units", "width", "in_channels"))
_MOST = dict.fromkeys(_LIMITS, MAX_LIMIT) | dict.fromkeys(_WIDTHS, MAX_WIDTH)


def read_attrs(kind: str, config: Any, rank: int = 0) -> dict[str, Any]:
    """Reads a layer's hyperparameters, or a block's arguments.

    Args:
        kind: of the layer.
        config: as it was captured.
        rank: how many axes its output has, from whose end some are counted.

    Raises:
        CaptureError: if they are not of the right form.
    """
    is_exactly(config, dict, "a layer's hyperparameters")
    attrs = {
        name: _frozen(value, most=_MOST.get(name, MAX_NUMBER))
        for name, value in config.items()
    }
    if "axis" in attrs and kind in _OF_AN_AXIS:
        axis = attrs["axis"]
        if isinstance(axis, tuple) and len(axis) == 1:
            axis = axis[0]
        if isinstance(axis, int) and axis < 0:
            axis += rank
        attrs["axis"] = axis
    for name, value in attrs.items():
        _demand_sense(name, value)
    return attrs


def _demand_sense(name: str, value: Any) -> None:
    """Refuses a hyperparameter that no layer can have, however it was written down.

    Raises:
        CaptureError: if a number that counts is not at least 1, or an initializer is
            not described.
    """
    if name in _COUNTS:
        counted = value if isinstance(value, tuple) else (value,)
        if any(isinstance(n, int | float) and n < 1 for n in counted):
            raise CaptureError(f"{name} is {value}, at least 1 is needed")
    if name.endswith("_initializer") and not isinstance(value, Mapping | None):
        raise CaptureError(f"{name} is not described but {type(value).__name__}")


def _plain(attrs: Mapping[str, Any]) -> bool:
    """Whether a layer that normalises has nothing to learn."""
    return attrs.get("scale") is False and attrs.get("center") is False


def _read_variable(data: Any, layer: str) -> Variable:
    shape = is_exactly(data, dict, "a variable").get("shape")
    shape = shape[:MAX_AXES] if type(shape) is list else []
    sizes = [n for n in shape if type(n) is int and 0 <= n <= MAX_SIZE]
    if math.prod(sizes) > MAX_PARAMETERS:
        raise CaptureError(
            f"{layer} has {math.prod(sizes):,} weights, more than the "
            f"{MAX_PARAMETERS:,} that a network here may have"
        )
    initial = read_sample(data)
    if not initial.size:
        raise CaptureError("no parameters")
    return Variable(initial, is_exactly(data.get("trainable"), bool, "trainable"))


def _read_inputs(inputs: Any, index: int) -> tuple[int | float, ...]:
    read: list[int | float] = []
    if len(is_exactly(inputs, list, f"the inputs of node {index}")) > MAX_ITEMS:
        raise CaptureError(f"node {index} has more than {MAX_ITEMS} inputs")
    for item in inputs:
        if "node" in is_exactly(item, dict, "an input"):
            source = item["node"]
            if type(source) is not int or not 0 <= source < index:
                raise CaptureError(f"node {index} takes its input from {source!r}")
            read.append(source)
        elif item.get("const") is not None:
            if type(item["const"]) not in (int, float):
                raise CaptureError(f"node {index} has a constant that is no number")
            read.append(float(item["const"]))
        else:
            read.append(float("nan"))
    return tuple(read)


def _read_layer(data: Any) -> tuple[str, str, Any, bool, dict[str, Variable]]:
    variables = is_exactly(data["variables"], dict, "a layer's variables")
    if len(variables) > MAX_ITEMS:
        raise CaptureError(f"a layer with more than {MAX_ITEMS} variables")
    name = is_exactly(data["name"], str, "a layer's name")[:MAX_NAME]
    return (
        is_exactly(data["kind"], str, "a layer's kind")[:MAX_NAME],
        name,
        data["config"],
        is_exactly(data["trainable"], bool, "trainable"),
        {r[:MAX_NAME]: _read_variable(v, name) for r, v in variables.items()},
    )


def read_graph(data: Any, *, failed: bool = False) -> Graph:
    """Reads a captured graph.

    Args:
        data: what `grader.capture.graph.to_json` wrote, from an untrusted place.
        failed: whether the last node is a call that failed, which has no output, and
            perhaps no weights yet.

    Raises:
        CaptureError: if it is not of that form.
    """
    try:
        operations = is_exactly(data["operations"], list, "the operations")
        calls, output = is_exactly(data["nodes"], list, "the nodes"), data["output"]
        if len(calls) > MAX_NODES or len(operations) > MAX_NODES:
            raise CaptureError(f"more than {MAX_NODES} layers")
        used = [is_exactly(op["used_before"], bool, "used_before") for op in operations]
        layers = [_read_layer(op) for op in operations]
        shape = _shape(data["input_shape"])
        if sum(v.size for *_, own in layers for v in own.values()) > MAX_PARAMETERS:
            raise CaptureError(f"more than {MAX_PARAMETERS} parameters")
        dtype = is_exactly(data["input_dtype"], str, "the input's type")[:MAX_NAME]
        nodes = [Node("Input", attrs={"dtype": dtype}, shape=shape)]
        for index, call in enumerate(calls, start=1):
            number = call["operation"]
            if type(number) is not int or not 0 <= number < len(layers):
                raise CaptureError(f"node {index} is a call of layer {number!r}")
            kind, name, config, trainable, variables = layers[number]
            last = failed and index == len(calls)
            shape = _shape(call["shape"])
            training = call["training"]
            if training is not None:
                is_exactly(training, bool, "training")
            inputs = _read_inputs(call["inputs"], index)
            first = next((i for i in inputs if isinstance(i, int)), 0)
            rank = len(nodes[first].shape if last else shape)
            attrs = read_attrs(kind, config, rank)
            if kind in WEIGHTED and not (variables or last or _plain(attrs)):
                raise CaptureError(f"{kind} {name!r} was captured without weights")
            if call.get("key") is not None:
                attrs["key"] = _frozen(is_exactly(call["key"], list, "a slice"))
            if kind == "GetItem":  # its key says where: the tensor is all that counts
                inputs = tuple(i for i in inputs if isinstance(i, int))
            node = Node(
                kind,
                name,
                attrs,
                inputs,
                number,
                variables,
                trainable,
                training,
                used[number],
                shape,
            )
            if kind == "Block" and len(node.sources) != 1:
                raise CaptureError(f"{name!r} was recorded without its input")
            nodes.append(node)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise CaptureError(f"the graph cannot be read: {error!r}") from error
    if type(output) is not int or not 0 <= output < len(nodes):
        raise CaptureError(f"the output is node {output!r}")
    return Graph(tuple(nodes), output)
