"""From a capture of a function on tensors to findings with prices."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.judge.tensors.functions import Layer, TensorFunction
from grader.judge.tensors.layers import judge_layer
from grader.judge.tensors.nets import judge_net
from grader.judge.tensors.rows import Library, Net
from grader.judge.verdict import Verdict


@dataclass(frozen=True)
class Judge:
    """Judges one function by its table.

    Attributes:
        function: its table.
        library: the functions that it may call.
        points: of its checks, by the last part of their ids.
        situations: what is special in a call, in words, by the call's id.
    """

    function: Layer | Net
    library: Library
    points: Mapping[str, float]
    situations: Mapping[str, str]

    def __post_init__(self) -> None:
        """Refuses a table that names checks that there are not.

        Raises:
            ValueError: if it does.
        """
        missing = _checks(self.function) - set(self.points)
        if missing:
            raise ValueError(f"{self.function.name} has no checks {sorted(missing)}")

    def __call__(
        self, challenge: Mapping[str, Any], capture: Mapping[str, Any]
    ) -> Verdict:
        """Judges a capture.

        Args:
            challenge: that it was captured under.
            capture: what came out.
        """
        if isinstance(self.function, Layer):
            return judge_layer(self.function, self.points, challenge, capture)
        return judge_net(
            self.function, self.library, self.situations, challenge, capture
        )


def _checks(function: TensorFunction) -> set[str]:
    """The checks that a table charges, by the last part of their ids."""
    if isinstance(function, Net):
        return {function.calls, function.wiring}
    assert isinstance(function, Layer)
    return {
        *(part.check for part in function.parts),
        *(slip.check for slip in function.slips),
        *(variable.check for variable in function.variables),
        *(("variables",) if function.variables else ()),
        *function.late.values(),
    }
