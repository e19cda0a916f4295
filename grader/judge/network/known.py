"""Values that learners take from elsewhere, and what a report says of them."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Known:
    """A value that is known to be taken in the place of another.

    Attributes:
        attr: the hyperparameter.
        pairs: what is found, and what is asked; as a block has them, and its layers.
        found_in: where the one is from, in words.
        settled: a sentence, without its end, that tells for what is asked.
    """

    attr: str
    pairs: tuple[tuple[Any, Any], ...]
    found_in: str
    settled: str

    def says(self, attr: str, found: Any, asked: Any) -> str:
        """What is said of a difference; "" if it is another."""
        if attr != self.attr or (found, asked) not in self.pairs:
            return ""
        return (
            f"{attr} are {_list(found)}, {self.found_in}. {self.settled}: "
            f"{_list(asked)}"
        )


def _list(value: Any) -> str:
    return str(list(value) if isinstance(value, tuple) else value)
