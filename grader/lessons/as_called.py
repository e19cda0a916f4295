"""Hidden calls of a block with the arguments that its network calls it with.

A block that is wrong only for one of them, such as one window or one stage, would be
wrong in the network and right for each student whose calls leave that argument out.
"""

from collections.abc import Callable, Mapping
from typing import Any

from grader.exercise.function import BUILT
from grader.exercise.ranges import Call, call
from grader.lessons.paper_networks import STAGES_50, Stage

#: That a first block is given: fewer than in the network, which costs time only.
_CHANNELS = 8
#: Height and width of the maps that stages 2 to 5 are given and give, of an image.
_MAPS = {64: (15, 15, 8, 4, 2), 224: (56, 56, 28, 14, 7)}


def window(stage: Stage) -> int:
    """The network's window in two of four calls; more of them would take seconds."""
    return 3 if stage.number < 4 else 1


def first_blocks(
    image: int, arguments: Callable[[Stage], Mapping[str, Any]]
) -> tuple[Call, ...]:
    """Calls of the first block of each stage.

    Args:
        image: height and width of the network's input.
        arguments: of the block, beside its filters.
    """
    return tuple(
        _call(stage, side, _CHANNELS, arguments)
        for stage, side in zip(STAGES_50, _MAPS[image], strict=False)
    )


def other_blocks(
    image: int, arguments: Callable[[Stage], Mapping[str, Any]]
) -> tuple[Call, ...]:
    """Calls of a block after the first of each stage; arguments as `first_blocks`."""
    return tuple(
        _call(stage, side, stage.filters[-1], arguments)
        for stage, side in zip(STAGES_50, _MAPS[image][1:], strict=False)
    )


def _call(
    stage: Stage,
    side: int,
    channels: int,
    arguments: Callable[[Stage], Mapping[str, Any]],
) -> Call:
    given = {"filters": list(stage.filters), **arguments(stage)}
    return call(f"stage_{stage.number}", side, side, channels, more=BUILT, **given)
