"""A call of a challenge, as the judge of networks sees it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.judge.network.spec import Spec


@dataclass(frozen=True)
class Trial:
    """A call as the judge sees it.

    Attributes:
        id: the call's name in challenge and capture.
        spec: what the function is to build under the call's arguments.
        input_shape: (height, width, channels).
        batch: examples in the input.
        sizes: input shapes at which a difference may show.
        usual: whether the arguments are such as ResNets have.
        defaults: whether the call leaves all arguments to their defaults.
        outputs: whether what the layers compute was captured, too.
        published: the expected `(index, numbers)` of the original assignment.
        shown: whether the lesson shows its arguments.
        sized: whether the function was told how large images are.
    """

    id: str
    spec: Spec
    input_shape: tuple[int, ...]
    batch: int
    sizes: Sequence[tuple[int, ...]]
    usual: bool = True
    defaults: bool = False
    outputs: bool = True
    published: tuple[tuple[int, ...], tuple[float, ...]] | None = None
    shown: bool = False
    sized: bool = True

    @classmethod
    def of(
        cls,
        call: Mapping[str, Any],
        spec: Spec,
        sizes: Sequence[tuple[int, ...]],
        **told: Any,
    ) -> "Trial":
        """A call of a challenge.

        Args:
            call: as the challenge has it.
            spec: what the function is to build under its arguments.
            sizes: heights and widths at which a difference may show.
            told: what else is known of it.
        """
        shape = tuple(call["input_shape"])
        wanted = [(*size, shape[-1]) for size in sizes]
        told.setdefault("outputs", call.get("outputs", True))
        told["sized"] = "input_shape" not in call.get("left_out", ())
        return cls(call["id"], spec, shape, call["batch"], wanted, **told)
