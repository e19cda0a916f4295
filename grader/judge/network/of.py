"""Settings that follow the arguments of a function."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.arithmetic import names_in, value_of


@dataclass(frozen=True)
class Of:
    """A setting that follows the arguments.

    Attributes:
        text: as the specification writes it: "F2", "4 * filters", "filters // ratio".
            It is what it says: names and whole numbers, with `+`, `-`, `*` and `//`.
        derived: the derived value that it is, if it is anything else.
    """

    text: str
    derived: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The arguments that it follows, or the derived value.

        Raises:
            ValueError: if it is not of that form.
        """
        return (self.derived,) if self.derived else names_in(self.text)

    @property
    def name(self) -> str:
        """The argument, if it follows one alone, or the derived value."""
        return self.names[-1] if len(self.names) == 1 else ""

    @property
    def factor(self) -> int:
        """How many times the argument it is."""
        number, times, _ = self.text.partition(" * ")
        return int(number) if times and number.isdigit() else 1

    def value(self, values: Mapping[str, Any]) -> Any:
        """What it is under some arguments."""
        return values[self.derived] if self.derived else value_of(self.text, values)
