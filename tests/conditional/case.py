"""A fault that is there under some arguments only."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

#: The arguments of a call by name, defaults included.
Values = Mapping[str, Any]
#: From the seed of a student's challenge to the points that a fault costs there.
Lost = Callable[[str], float]


@dataclass(frozen=True)
class Case:
    """A fault of a function, and when it is there.

    Attributes:
        lesson: the function's.
        function: which.
        fault: what is wrong.
        condition: when, in words.
        lost: the points that it costs a student.
    """

    lesson: str
    function: str
    fault: str
    condition: str
    lost: Lost

    @property
    def id(self) -> str:
        """Its name."""
        number = self.lesson[:2]
        return f"{number} {self.function}/{self.fault} where {self.condition}"


def is_value(name: str, value: Any) -> Callable[[Values], bool]:
    """The condition that an argument has a value."""
    return lambda values: name in values and values[name] == value
