"""Layer graphs as plain data."""

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from grader.judge.sample import Sample

KERNELS = ("Conv2D", "Dense", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose")
WEIGHTED = (
    *KERNELS,
    "BatchNormalization",
    "LayerNormalization",
    "GroupNormalization",
)
INPUT = 0

#: Kinds without weights or hyperparameters that compute a merge of tensors.
MERGES = ("Add", "Concatenate", "Subtract", "Multiply", "Average", "Maximum", "Minimum")
#: Those to which it matters what comes first.
ORDERED = ("Concatenate", "Subtract")
#: An attribute of a merge that stands for another operation: that one, in words.
WORK = "work"


#: Layers of a branch, and their hyperparameters, that tell it from another.
_LAYERS = 6
_TOLD = ("activation", "filters", "units", "kernel_size", "strides", "pool_size")


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

    @functools.cached_property
    def sources(self) -> tuple[int, ...]:
        """The inputs that are nodes."""
        return tuple(i for i in self.inputs if isinstance(i, int))

    @property
    def label(self) -> str:
        """How a message names this layer."""
        if WORK in self.attrs:
            return str(self.attrs[WORK])
        if self.name.startswith("activation=") or self.kind == "Composed":
            return self.name  # an argument of another layer, or operations
        kind = self.kind
        if kind == "Unknown" and self.attrs.get("operation"):
            return self.name
        if kind == "Unknown":
            kind = str(self.attrs.get("class", kind))  # the learner's own
        return f"{kind} {self.name!r}" if self.name else kind


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

        Of those without ranks, what they do decides.

        Args:
            ranks: of layer names; a branch has that of its last named layer.
        """
        depth, rank = [], []
        for node in self.nodes:
            sources, deepest, before = node.sources, 0, len(ranks)
            if sources:
                before = rank[sources[0]]
                deepest = depth[sources[0]]
                if len(sources) > 1:
                    deepest = max([depth[s] for s in sources])
            depth.append(1 + deepest)
            rank.append(ranks.get(node.name, before) if ranks else before)

        def last_first(sources: tuple[int, ...]) -> list[int]:
            found = sorted({*sources}, key=lambda s: (depth[s], -rank[s]))
            alike = len({(depth[s], rank[s]) for s in found}) < len(found)
            if alike:
                found.sort(key=lambda s: (depth[s], -rank[s], self._contents(s, depth)))
            return found

        return self._walked(last_first)

    def _contents(self, index: int, depth: Sequence[int]) -> list[str]:
        """What the last layers of a branch are, whatever their numbers."""
        found: list[str] = []
        while index != INPUT and len(found) < _LAYERS:
            node = self.nodes[index]
            told = [node.attrs.get(name) for name in _TOLD]
            found.append(f"{node.kind} {told}")
            index = max(node.sources, key=lambda s: depth[s], default=INPUT)
        return found

    @functools.cached_property
    def as_joined(self) -> tuple[int, ...]:
        """As `order`; branches come in the order in which they are joined."""
        return self._walked(lambda sources: list(dict.fromkeys(sources))[::-1])

    def _walked(
        self, last_first: Callable[[tuple[int, ...]], Sequence[int]]
    ) -> tuple[int, ...]:
        """Nodes behind the output; a function puts branches in their reverse order."""
        found: dict[int, None] = {INPUT: None}
        # a node whose sources are on their way stands here as its complement
        stack = [self.output]
        while stack:
            index = stack.pop()
            if index < 0:
                found[~index] = None
                continue
            if index in found:
                continue
            stack.append(~index)
            sources = self.nodes[index].sources
            if len(sources) > 1:
                sources = last_first(sources)
            stack.extend(sources)
        return tuple(found)[1:]
