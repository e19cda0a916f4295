"""What a function is asked to build: a graph with a sentence for each layer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from grader.judge.network.dialect import KERAS, Dialect
from grader.judge.network.difference import Difference
from grader.judge.network.draw import Draw
from grader.judge.network.graph import Graph
from grader.judge.network.known import Known
from grader.judge.network.policy import USUAL, Policy


@dataclass(frozen=True)
class Inside:
    """A block that is written out.

    Attributes:
        key: that its layers' keys begin with.
        stage: that it is in.
        label: how a report names it.
        calls: what kind of block it is, in words.
    """

    key: str
    stage: str
    label: str
    calls: str


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
        known: a value that learners take from elsewhere.
        round: key of the round that the layer is in, if there are any.
        alike: key that the layer shares with those of the other rounds.
        inside: the block that the layer is of, where blocks are written out.
        called: of a call, what the block calls an argument that is recorded as another.
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
    known: Known | None = None
    round: str = ""
    alike: str = ""
    inside: Inside | None = None
    called: Mapping[str, str] = field(default_factory=dict)


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

    def is_planned_call(self, number: int) -> bool:
        """Whether a node is the call of a block that a network's plan has."""
        is_call = self.graph.nodes[number].kind == "Block"
        return is_call and self.lines[number].weight == "plan"

    def stage(self, number: int) -> str:
        """The stage that a block, or a layer of one that is written out, is in."""
        inside = self.lines[number].inside
        return inside.stage if inside else self.lines[number].where

    def is_block(self, difference: Difference) -> bool:
        """Whether a difference is a block that a stage lacks, or has too many."""
        if difference.is_block_too_many:
            return True
        counted = difference.attr == "block" or self.is_planned_call(difference.node)
        return difference.kind == "missing" and counted

    @cached_property
    def by_key(self) -> Mapping[str, int]:
        """The number of each node on the way to the output."""
        return {self.keys[number]: number for number in self.graph.order}

    @property
    def asked(self) -> tuple[int, ...]:
        """The nodes that the learner is to write."""
        return tuple(i for i in self.graph.order if not self.lines[i].given)
