"""Where a kernel's initial values are to come from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader import stream
from grader.judge.network.graph import Variable

#: What stands for numbers that no initialiser draws.
OTHERS = "other values"


@dataclass(frozen=True)
class Draw:
    """An initialiser that a specification asks for.

    Attributes:
        kind: "glorot_uniform", "random_uniform" or "constant".
        seed: where the course's stream starts, unless the kind is "constant".
        value: of each entry, where the kind is "constant".
    """

    kind: str = "glorot_uniform"
    seed: int = 0
    value: float = 0.0

    @property
    def words(self) -> str:
        """How a report names it."""
        if self.kind == "constant":
            return f"the constant {self.value:g}"
        return f"{self.kind} with seed {self.seed}"

    def sample(self, variable: Variable) -> np.ndarray:
        """The values that a captured kernel is to have, every `step`-th of them."""
        if self.kind == "constant":
            return np.full(variable.initial.values.shape, self.value, np.float32)
        if len(variable.shape) < 2:
            return np.full(variable.initial.values.shape, np.nan)
        sample = getattr(stream, self.kind.replace("_uniform", "_sample"))
        return sample(self.seed, variable.shape, variable.initial.step)

    def is_told_by(self, initializer: Mapping[str, Any]) -> bool | None:
        """Whether a kernel will be this draw, by what is written of its initializer.

        Returns:
            None where only the numbers can show it.
        """
        name = str(initializer.get("kind"))
        if not name.endswith("_uniform"):
            return None
        names = (f"course_{self.kind}", f"keras_{self.kind}")
        return name in names and initializer.get("seed") == self.seed

    def may_be(self, initializer: Mapping[str, Any], variable: Variable) -> bool:
        """Whether Keras's own class drew it, with the seed that is asked for.

        It meets the seed, and draws other numbers than the course's.
        """
        return (
            initializer.get("kind") == f"keras_{self.kind}"
            and initializer.get("seed") == self.seed
            and self._in_range(variable)
        )

    def _in_range(self, variable: Variable) -> bool:
        """Whether a kernel can be a draw of the distribution."""
        if len(variable.shape) < 2:
            return False
        limit = np.sqrt(6 / sum(stream.fans(variable.shape)))
        if self.kind == "random_uniform":
            limit = stream.RANGE
        sample = variable.initial.values
        return bool(np.abs(sample).max() <= limit * 1.001 and np.ptp(sample) > 0)


GLOROT = Draw()


def recorded_words(initializer: object) -> str:
    """An initializer that a call was given, as a stand-in recorded it."""
    if not isinstance(initializer, Mapping):
        return str(initializer)
    kind, seed = str(initializer.get("kind")), initializer.get("seed")
    name = kind.partition("_")[2] if kind.startswith(("course_", "keras_")) else kind
    if name == "other":
        name = str(initializer.get("class"))
    return name if seed == 0 else f"{name} with seed {seed}"
