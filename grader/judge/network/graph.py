"""Layer graphs as plain data, and the strict reading of a captured one."""

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from grader.judge.sample import Sample, read_sample
from grader.judge.strict import CaptureError, is_exactly

MAX_NODES = 600
MAX_NUMBER = 4096
MAX_SEED = 2**64
MAX_SIZE = 1_000_000_000
MAX_AXES = 8
MAX_DEPTH = 6
MAX_ITEMS = 64
MAX_NAME = 200
WEIGHTED = ("Conv2D", "Dense", "BatchNormalization")
MAX_PARAMETERS = 100_000_000
INPUT = 0

#: Kinds without weights or hyperparameters that compute a merge of tensors.
MERGES = ("Add", "Concatenate", "Subtract", "Multiply", "Average", "Maximum", "Minimum")


@dataclass(frozen=True)
class Variable:
    """A layer's variable: of its initial values a sample."""

    initial: Sample
    trainable: bool

    @property
    def shape(self) -> tuple[int, ...]:
        """Its shape."""
        return self.initial.shape

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return self.initial.size


@dataclass(frozen=True)
class Node:
    """One call of a layer.

    Attributes:
        kind: the layer's class, such as "Conv2D"; "Input" for node 0.
        name: the layer's name.
        attrs: hyperparameters.
        inputs: numbers of earlier nodes, or constants as floats.
        operation: number of the layer; two calls of one layer share it.
        variables: initial variables by role ("kernel", "gamma", ...).
        trainable: the layer's `trainable`.
        training: the `training` argument of the call, if there was one.
        used_before: whether an earlier call of the function made the layer.
        shape: output shape with the batch axis first, None where unknown.
    """

    kind: str
    name: str = ""
    attrs: Mapping[str, Any] = field(default_factory=dict)
    inputs: tuple[int | float, ...] = ()
    operation: int = -1
    variables: Mapping[str, Variable] = field(default_factory=dict)
    trainable: bool = True
    training: bool | None = None
    used_before: bool = False
    shape: tuple[int | None, ...] = ()

    @property
    def sources(self) -> tuple[int, ...]:
        """The inputs that are nodes."""
        return tuple(i for i in self.inputs if isinstance(i, int))

    @property
    def label(self) -> str:
        """How a message names this layer."""
        if self.name.startswith("activation="):
            return self.name  # an argument of another layer
        return f"{self.kind} {self.name!r}" if self.name else self.kind


@dataclass(frozen=True)
class Graph:
    """Nodes in the order of computation; node 0 is the input."""

    nodes: tuple[Node, ...]
    output: int

    def changed(self, index: int, **attrs: Any) -> "Graph":
        """Returns the graph with some hyperparameters of one node replaced."""
        nodes = list(self.nodes)
        node = nodes[index]
        nodes[index] = replace(node, attrs={**node.attrs, **attrs})
        return replace(self, nodes=tuple(nodes))

    @functools.cached_property
    def order(self) -> tuple[int, ...]:
        """Nodes behind the output, sources first, the longest branch first.

        Branches of one graph come in the same order however the code built them.
        """
        return self.ordered({})

    def ordered(self, ranks: Mapping[str, int]) -> tuple[int, ...]:
        """As `order`; of branches of one length the one with the lower rank first.

        Args:
            ranks: of layer names; a branch has that of its last named layer.
        """
        depth = [0] * len(self.nodes)
        for i, node in enumerate(self.nodes):
            depth[i] = 1 + max((depth[s] for s in node.sources), default=0)
        rank = [len(ranks)] * len(self.nodes)
        for i, node in enumerate(self.nodes):
            before = rank[node.sources[0]] if node.sources else len(ranks)
            rank[i] = ranks.get(node.name, before)
        found: dict[int, None] = {}
        stack: list[tuple[int, bool]] = [(self.output, False)]
        while stack:
            index, ready = stack.pop()
            if index in found:
                continue
            if ready:
                found[index] = None
                continue
            stack.append((index, True))
            sources = sorted(
                set(self.nodes[index].sources),
                key=lambda s: (depth[s], -rank[s]),
            )
            stack.extend((source, False) for source in sources)
        return tuple(index for index in found if index != INPUT)


def _size(value: Any) -> int:
    if not 0 <= is_exactly(value, int, "a size") <= MAX_SIZE:
        raise CaptureError(f"a size is not between 0 and {MAX_SIZE}")
    return value


def _shape(value: Any) -> tuple[int | None, ...]:
    if len(is_exactly(value, list, "a shape")) > MAX_AXES:
        raise CaptureError(f"a shape has more than {MAX_AXES} axes")
    return tuple(None if n is None else _size(n) for n in value)


def _frozen(value: Any, depth: int = 0, most: int = MAX_NUMBER) -> Any:
    if isinstance(value, list | dict | str) and len(value) > MAX_NAME:
        raise CaptureError("a hyperparameter is too long")
    if depth > MAX_DEPTH:
        raise CaptureError("a hyperparameter is nested too deep")
    if isinstance(value, list):
        return tuple(_frozen(item, depth + 1) for item in value)
    if isinstance(value, (int, float)) and not abs(value) <= most:
        raise CaptureError(f"a hyperparameter is larger than {most}, or NaN")
    if value is None or isinstance(value, (bool, int, float, str)):
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
    )
)


def _is_axis(kind: str, attr: str) -> bool:
    return attr == "axis" and kind in ("BatchNormalization", "Concatenate", "Softmax")


def _attrs(kind: str, config: Mapping[str, Any], rank: int) -> dict[str, Any]:
    attrs = {name: _frozen(value) for name, value in config.items()}
    for name, value in attrs.items():
        if isinstance(value, tuple) and len(value) == 1 and _is_axis(kind, name):
            value = value[0]
        if _is_axis(kind, name) and isinstance(value, int) and value < 0:
            value += rank
        _demand_sense(name, value)
        attrs[name] = value
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


def _read_variable(data: Any) -> Variable:
    initial = read_sample(data)
    if initial.size > MAX_PARAMETERS:
        raise CaptureError(f"more than {MAX_PARAMETERS} parameters")
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
    return (
        is_exactly(data["kind"], str, "a layer's kind")[:MAX_NAME],
        is_exactly(data["name"], str, "a layer's name")[:MAX_NAME],
        is_exactly(data["config"], dict, "a layer's hyperparameters"),
        is_exactly(data["trainable"], bool, "trainable"),
        {role[:MAX_NAME]: _read_variable(v) for role, v in variables.items()},
    )


def read_graph(data: Any) -> Graph:
    """Reads a captured graph.

    Args:
        data: what `grader.capture.graph.to_json` wrote, from an untrusted place.

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
            if kind in WEIGHTED and not variables:
                raise CaptureError(f"{kind} {name!r} was captured without weights")
            shape = _shape(call["shape"])
            training = call["training"]
            if training is not None:
                is_exactly(training, bool, "training")
            attrs = _attrs(kind, config, len(shape))
            if call.get("key") is not None:
                attrs["key"] = _frozen(is_exactly(call["key"], list, "a slice"))
            node = Node(
                kind,
                name,
                attrs,
                _read_inputs(call["inputs"], index),
                number,
                variables,
                trainable,
                training,
                used[number],
                shape,
            )
            nodes.append(node)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise CaptureError(f"the graph cannot be read: {error!r}") from error
    if type(output) is not int or not 0 <= output < len(nodes):
        raise CaptureError(f"the output is node {output!r}")
    return Graph(tuple(nodes), output)
