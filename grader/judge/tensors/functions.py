"""Functions on tensors as tables: their signatures, and what a layer computes."""

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.challenge import Extent
from grader.judge.tensors.switches import Switch

#: Kinds of parameters, as the capture half reads arguments.
KINDS = ("tensor", "whole", "number", "flag", "scope")
#: Of a function that keeps its input's size.
SAME = Extent()


@dataclass(frozen=True)
class Parameter:
    """A parameter of a function.

    Attributes:
        name: its name.
        kind: one of `KINDS`.
        default: its default; ... where it has to be given.
    """

    name: str
    kind: str = "whole"
    default: Any = ...

    def __post_init__(self) -> None:
        """Refuses a kind that there is not.

        Raises:
            ValueError: if it is one.
        """
        if self.kind not in KINDS:
            raise ValueError(f"{self.name}: {self.kind!r} is none of {KINDS}")

    def to_dict(self) -> dict[str, Any]:
        """The parameter as plain data, for a challenge."""
        given = {} if self.default is ... else {"default": self.default}
        return {"name": self.name, "kind": self.kind, **given}


def signature(text: str) -> tuple[Parameter, ...]:
    """Reads parameters as a lesson writes them, such as "x, size, stride=1".

    The first is the tensor, and "scope" is a scope. The kind of the others is that of
    their default: a flag, a number with a fraction, else a whole number.
    """
    arguments = ast.parse(f"lambda {text}: 0", mode="eval").body.args  # type: ignore
    names = [argument.arg for argument in arguments.args]
    values = [ast.literal_eval(node) for node in arguments.defaults]
    defaults = dict(zip(names[len(names) - len(values) :], values, strict=True))
    return tuple(
        Parameter(
            name, _kind(name, name == names[0], defaults), defaults.get(name, ...)
        )
        for name in names
    )


def _kind(name: str, first: bool, defaults: Mapping[str, Any]) -> str:
    if first or name == "scope":
        return "tensor" if first else "scope"
    return {bool: "flag", float: "number"}.get(type(defaults.get(name)), "whole")


@dataclass(frozen=True)
class TensorFunction:
    """What layers and nets have in common.

    Attributes:
        name: of the function.
        parameters: the tensor first.
        extent: how the size of its output follows from its arguments.
        scoped: whether its scope is in the names of variables.
        kept: parameters that its callers leave at their defaults, and which change an
            output by too little to be seen in it.
    """

    name: str
    parameters: tuple[Parameter, ...]
    extent: Extent = SAME
    scoped: bool = True
    kept: tuple[str, ...] = ()

    @property
    def defaults(self) -> dict[str, Any]:
        """The defaults of the parameters that have one, but for the scope's."""
        return {
            p.name: p.default
            for p in self.parameters
            if p.default is not ... and p.kind != "scope"
        }

    @property
    def returns(self) -> tuple[str, ...]:
        """The names of what it gives back."""
        return ("output",)

    def bound(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """The arguments of a call, defaults included, but for the scope."""
        given = {**self.defaults, **arguments}
        return {p.name: given[p.name] for p in self.parameters if p.name in given
                and p.kind != "scope"}  # fmt: skip

    @property
    def scope_name(self) -> str:
        """The parameter that takes its scope."""
        return next(p.name for p in self.parameters if p.kind == "scope")

    def scope(self, arguments: Mapping[str, Any]) -> str:
        """The scope of a call."""
        default = next(p.default for p in self.parameters if p.kind == "scope")
        return str(arguments.get(self.scope_name, default))

    def to_dict(self) -> dict[str, Any]:
        """What a stand-in has to know, as plain data for a challenge."""
        return {
            "parameters": [parameter.to_dict() for parameter in self.parameters],
            "extent": self.extent.to_dict(),
        }


@dataclass(frozen=True)
class Stored:
    """A variable that a layer takes from the store.

    Attributes:
        name: its own name, without scopes.
        axes: its shape as the lesson writes it, in the layer's arguments and
            "num_inputs", with commas between.
        initial: the value that it starts from; None for glorot_uniform(seed=0).
        trainable: whether training changes it.
        check: last part of the check that pays where it is missing.
    """

    name: str
    axes: str
    initial: float | None = None
    trainable: bool = True
    check: str = "variables"

    @property
    def written(self) -> str:
        """The shape as the lesson writes it."""
        return f"[{self.axes}]"

    @property
    def sentence(self) -> str:
        """The specification's."""
        start = {None: "glorot_uniform(seed=0)", 0.0: '"zeros"', 1.0: '"ones"'}
        trained = "" if self.trainable else "; it is not trainable"
        return (
            f'create_var makes "{self.name}" of shape {self.written}, which starts '
            f"from {start[self.initial]}{trained}."
        )

    def shape(self, channels: int, arguments: Mapping[str, Any]) -> tuple[int, ...]:
        """Its shape in a call.

        Args:
            channels: of the input.
            arguments: of the layer, defaults included.
        """
        sizes = {**arguments, "num_inputs": channels}
        return tuple(sizes[axis] for axis in self.axes.split(", "))


@dataclass(frozen=True)
class Charged:
    """What of a layer's results is charged to one check.

    Attributes:
        check: last part of the check's id.
        results: names of what the program gives; one that is a variable's name is its
            value after the call.
        message: what is said where they are wrong for no known reason.
        when: a flag among the arguments, and the value under which it is looked at.
    """

    check: str
    results: tuple[str, ...]
    message: str
    when: tuple[str, bool] | None = None

    def applies(self, arguments: Mapping[str, Any]) -> bool:
        """Whether it is looked at in a call of these arguments."""
        return self.when is None or arguments[self.when[0]] == self.when[1]


@dataclass(frozen=True, kw_only=True)
class Layer(TensorFunction):
    """A function that computes something itself.

    Attributes:
        program: what it computes, from input, variables and arguments; its options are
            mistakes.
        variables: that it takes from the store.
        slips: known mistakes.
        stopping: known mistakes that are told by the errors of calls that fail.
        lines: known mistakes in the line that gives the output in each check.
        parts: what is charged to which check.
        late: checks of arguments whose defaults are charged to another than the first.
    """

    program: Callable[..., Mapping[str, np.ndarray]]
    variables: tuple[Stored, ...] = ()
    slips: tuple[Switch, ...] = ()
    stopping: tuple[Switch, ...] = ()
    lines: tuple[Switch, ...] = ()
    parts: tuple[Charged, ...]
    late: Mapping[str, str] = field(default_factory=dict)
