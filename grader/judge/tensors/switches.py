"""Which known mistakes explain what a function computed.

A function's specification is a program in NumPy with switches, each of which makes a
mistake that people make. If the program as specified does not give what was captured,
the fewest switches that do name the mistake.
"""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.judge.finding import Finding
from grader.judge.sample import close

#: Results by name, such as "output" and "moving_mean", for one call.
Results = Mapping[str, np.ndarray]


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
    """

    name: str
    value: Any
    check: str
    price: float
    message: str
    sentence: str = ""
    look: str = ""

    def finding(self, function: str) -> Finding:
        """The mistake as a finding."""
        return Finding(
            f"{function}-{self.check}",
            self.price,
            function,
            self.sentence,
            self.message,
            self.look,
        )


@dataclass(frozen=True, eq=False)
class Observation:
    """A call: what the program gives for it under switches, and what was captured.

    `given` are the arguments that were passed.
    """

    compute: Callable[..., Results]
    found: Results
    given: frozenset[str] = frozenset()


def agrees(observation: Observation, switches: Sequence[Switch] = ()) -> bool:
    """Whether the program gives a call's results."""
    return not differing(observation, switches)


def differing(observation: Observation, switches: Sequence[Switch] = ()) -> list[str]:
    """The results in which program and capture differ."""
    options = {switch.name: switch.value for switch in switches}
    try:
        with np.errstate(all="ignore"):
            results = observation.compute(**options)
    except (ValueError, IndexError, TypeError, KeyError, ZeroDivisionError):
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


def explain(
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
