"""What a function is asked to build: a graph with a sentence for each layer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from grader.judge.network.dialect import KERAS, Dialect
from grader.judge.network.difference import Difference
from grader.judge.network.draw import GLOROT, Draw
from grader.judge.network.graph import Graph, Node
from grader.judge.network.policy import USUAL, Policy


@dataclass(frozen=True)
class Line:
    """What the specification says of one layer.

    Attributes:
        label: how a report names the layer.
        where: the part of the specification, such as
            "second component of the main path".
        sentence: what is asked.
        given: whether the code that the learner starts from has this layer.
        role: how to name the layer where its name would tell an argument.
        branch: whether the layer lies on the shortcut.
        symbols: how the specification writes a hyperparameter, such as "(f, f)".
        weight: of its part, by which prices go: "inside", "around" or "plan".
        article: before the part.
    """

    label: str
    where: str
    sentence: str
    given: bool = False
    role: str = ""
    branch: bool = False
    symbols: Mapping[str, str] = field(default_factory=dict)
    weight: str = "inside"
    article: str = "the "


@dataclass(frozen=True)
class Spec:
    """A specification: `lines[i]` is about node i of the graph.

    Attributes:
        graph: the layers. Those without a name may have any.
        lines: what is said of each.
        keys: of each, what it is called under all arguments of the function.
        draws: how the kernels of some start; the others with `GLOROT`.
        policy: how it is judged, where not in the usual way.
        dialect: how its layers are spoken of.
    """

    graph: Graph
    lines: tuple[Line, ...]
    keys: tuple[str, ...]
    draws: Mapping[int, Draw] = field(default_factory=dict)
    policy: Policy = USUAL
    dialect: Dialect = KERAS

    def key_of(self, difference: Difference) -> tuple[str, str, str]:
        """What makes two differences, seen under two calls, the same mistake."""
        return difference.kind, self.keys[difference.node], difference.attr

    @cached_property
    def by_key(self) -> Mapping[str, int]:
        """The number of each node on the way to the output."""
        return {self.keys[number]: number for number in self.graph.order}

    @property
    def asked(self) -> tuple[int, ...]:
        """The nodes that the learner is to write."""
        return tuple(i for i in self.graph.order if not self.lines[i].given)


@dataclass
class SpecBuilder:
    """Adds layers one after the other; each method returns a node's number."""

    nodes: list[Node] = field(default_factory=lambda: [Node("Input")])
    lines: list[Line] = field(
        default_factory=lambda: [Line("the input", "the input", "", given=True)]
    )
    draws: dict[int, Draw] = field(default_factory=dict)

    def add(
        self,
        kind: str,
        attrs: Mapping[str, Any],
        inputs: tuple[int, ...],
        line: Line,
        name: str = "",
        *,
        draw: Draw = GLOROT,
        training: bool | None = None,
    ) -> int:
        """Adds a layer; `training` is what its call is to pass on."""
        number = len(self.nodes)
        if line.where.startswith("stage"):
            weight = "around" if line.where == "stage 1" else "plan"
            line = replace(line, weight=weight, article="")
        node = Node(kind, name, attrs, inputs, operation=number, training=training)
        self.nodes.append(node)
        self.lines.append(line)
        if draw != GLOROT:
            self.draws[number] = draw
        return number

    def conv(
        self,
        x: int,
        line: Line,
        name: str,
        filters: int,
        kernel: int,
        strides: int = 1,
        padding: str = "valid",
        draw: Draw = GLOROT,
    ) -> int:
        """Adds a convolution."""
        attrs = {
            "filters": filters,
            "kernel_size": (kernel, kernel),
            "strides": (strides, strides),
            "padding": padding,
            "dilation_rate": (1, 1),
            "groups": 1,
            "use_bias": True,
            "data_format": "channels_last",
        }
        return self.add("Conv2D", attrs, (x,), line, name, draw=draw)

    def batch_norm(
        self, x: int, line: Line, name: str, training: bool | None = None
    ) -> int:
        """Adds a batch normalisation of the channels axis."""
        attrs = {"axis": 3, "epsilon": 1e-3, "center": True, "scale": True}
        return self.add(
            "BatchNormalization", attrs, (x,), line, name, training=training
        )

    def activation(self, x: int, line: Line, name: str = "relu") -> int:
        """Adds an activation."""
        return self.add("Activation", {"activation": name}, (x,), line)

    def build(self, output: int, policy: Policy = USUAL) -> Spec:
        """Returns the specification."""
        graph = Graph(tuple(self.nodes), output)
        keys = tuple(str(number) for number in range(len(self.nodes)))
        return Spec(graph, tuple(self.lines), keys, dict(self.draws), policy)
