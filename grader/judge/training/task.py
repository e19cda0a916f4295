"""What a function is to do that compiles a model and trains it."""

from collections.abc import Mapping
from dataclasses import dataclass

#: What a training can differ in, in the order in which it is looked at.
KINDS = (
    "optimizer",
    "learning rate",
    "constants",
    "loss",
    "metrics",
    "compile",
    "fit",
    "again",
    "epochs",
    "data",
    "weighted",
    "batch size",
    "validation",
    "returned",
    "learned",
    "numbers",
)


@dataclass(frozen=True)
class Requirement:
    """One sentence of the specification.

    Attributes:
        check: part of the function's checks that it is charged to, such as "fit".
        price: points that it costs to break it.
        sentence: what is asked for.
        look: where to look.
    """

    check: str
    price: float
    sentence: str
    look: str


@dataclass(frozen=True)
class Task:
    """A function that trains by Adam on the categorical cross-entropy.

    Attributes:
        function: its name.
        learning_rate: Adam's.
        epochs: the default of its argument `epochs`.
        batch_size: the default of its argument `batch_size`.
        requirements: a sentence for each of `KINDS`.
        hidden: the most that it costs to break one of them only under other arguments
            than those shown.
    """

    function: str
    learning_rate: float
    epochs: int
    batch_size: int
    requirements: Mapping[str, Requirement]
    hidden: float

    def __post_init__(self) -> None:
        if set(self.requirements) != set(KINDS):
            other = sorted(set(self.requirements) ^ set(KINDS))
            raise ValueError(
                f"{self.function}: requirements differ from KINDS: {other}"
            )
