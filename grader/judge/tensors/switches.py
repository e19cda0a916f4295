"""Which known mistakes explain what a function computed.

A function's specification is a program in NumPy with switches, each of which makes a
mistake that people make. If the program as specified does not give what was captured,
the fewest switches that do name the mistake.
"""

import itertools
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader.judge.claim import Claim
from grader.judge.finding import Finding
from grader.judge.sample import close
from grader.judge.tensors.moments import UnfitError

#: Results by name, such as "output" and "moving_mean", for one call.
Results = Mapping[str, np.ndarray]

#: What a program raises from variables and arguments that do not fit together.
UNUSABLE = (ArithmeticError, LookupError, TypeError, ValueError)


@dataclass(frozen=True)
class Switch:
    """A mistake.

    Attributes:
        name: of the program's option.
        value: what the option is set to.
        check: last part of the check that it is charged to.
        price: points.
        message: what was found, and what is asked.
        sentence: of the specification.
        look: where to look.
        everywhere: whether it says something of all calls, not only of those that are
            charged to its check.
    """

    name: str
    value: Any
    check: str
    price: float
    message: str
    sentence: str = ""
    look: str = ""
    everywhere: bool = False

    def finding(self, function: str) -> Finding:
        """The mistake as a finding."""
        return Finding(
            f"{function}-{self.check}",
            self.price,
            function,
            self.sentence,
            self.message,
            self.look,
            (Claim("program", layer=function, about=self.name, captured=self.value),),
        )


_SHAPE = re.compile(r"[(\[](\d{1,5}(?:, ?\d{1,5}){0,5}),?[)\]]")
_NO_AXIS = re.compile(r"[Ii]nvalid reduction|out of (range|bounds)")


@dataclass(frozen=True)
class Stop:
    """An error that a call stopped with, as far as it speaks of shapes and axes.

    Attributes:
        shapes: that its message names; of an operation's tensors not the input's.
        no_axis: whether it is about an axis that a tensor does not have.
    """

    shapes: frozenset[tuple[int, ...]] = frozenset()
    no_axis: bool = False

    @classmethod
    def of(cls, message: str, shape: tuple[int, ...]) -> "Stop":
        """Reads an error's message, where the input has a shape."""
        # a variable's own shape stands there, too
        found = _SHAPE.findall(message[:2000].rpartition("assigned value")[2])
        shapes = frozenset(tuple(map(int, text.split(","))) for text in found)
        if "assigned value" not in message:
            shapes -= {shape}
        return cls(shapes, bool(_NO_AXIS.search(message[:2000])))


@dataclass(frozen=True, eq=False)
class Observation:
    """A call: what the program gives for it under switches, and what was captured.

    Attributes:
        compute: the program.
        found: what was captured; empty where the call failed.
        given: the arguments that were passed.
        stop: why the call failed, if it did.
        kept: shapes of the variables that the program gives anew.
        values: of the variables, by name.
        given_values: the program for other values of these.
        call: its id.
        shown: whether the lesson shows it.
    """

    compute: Callable[..., Results]
    found: Results
    given: frozenset[str] = frozenset()
    stop: Stop | None = None
    kept: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    values: Results = field(default_factory=dict)
    given_values: Callable[[Results], Results] | None = None
    call: str = ""
    shown: bool = False


def agrees(observation: Observation, switches: Sequence[Switch] = ()) -> bool:
    """Whether the program gives a call's results, or fails for the same reason."""
    if observation.stop is not None:
        return _stops(observation, observation.stop, switches)
    return not differing(observation, switches)


def _stops(observation: Observation, stop: Stop, switches: Sequence[Switch]) -> bool:
    """Whether switches make shapes that do not fit, those that the error names."""
    options = {switch.name: switch.value for switch in switches}
    try:
        with np.errstate(all="ignore"):
            results = observation.compute(**options)
    except UnfitError as error:
        return error.args[0] in stop.shapes
    except np.exceptions.AxisError:
        return stop.no_axis
    except UNUSABLE:
        return False
    shapes = {name: np.shape(results[name]) for name in observation.kept}
    return any(
        shape != observation.kept[name] and shape in stop.shapes
        for name, shape in shapes.items()
    )


def differing(observation: Observation, switches: Sequence[Switch] = ()) -> list[str]:
    """The results in which program and capture differ."""
    options = {switch.name: switch.value for switch in switches}
    try:
        with np.errstate(all="ignore"):
            results = observation.compute(**options)
    except UNUSABLE:
        return list(observation.found)
    return [
        name
        for name, found in observation.found.items()
        if name not in results or not close(found, np.asarray(results[name]))
    ]


def left_out(observations: Sequence[Observation], defaults: Mapping[str, Any]) -> str:
    """The argument whose default explains all: where it is given, nothing differs.

    Args:
        observations: of all calls.
        defaults: of the arguments. The default of a flag changes each result where it
            is left out.
    """
    wrong = [o for o in observations if o.found and differing(o)]
    right = [o for o in observations if o.found and o not in wrong]
    for name, default in defaults.items():
        if any(name in o.given for o in wrong):
            continue
        every = all(name in o.given for o in right)
        whole = isinstance(default, bool)
        if any(name in o.given for o in right) and (every or not whole):
            return name
    return ""


def fewest_switches(
    observations: Sequence[Observation], switches: Sequence[Switch], most: int = 2
) -> tuple[Switch, ...] | None:
    """Returns the fewest switches that explain all calls, or None."""
    order = sorted(observations, key=lambda o: not differing(o))
    for number in range(most + 1):
        for chosen in itertools.combinations(switches, number):
            if len({switch.name for switch in chosen}) < number:
                continue
            if all(agrees(o, chosen) for o in order):
                return chosen
    return None
