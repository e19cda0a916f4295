"""The blocks and the network whose layers have names: those of the published summary.

Lessons 1 and 5 ask for them.
"""

from collections.abc import Mapping
from typing import Any

from grader.exercise.ranges import Distinct
from grader.judge.network.rows import Argument, Of, Part, Row, Table
from grader.lessons import paper
from grader.lessons import paper_networks as networks
from grader.lessons.paper import Names
from grader.lessons.paper_networks import Stage

_CONV, _NORM = "res{stage}{block}_branch", "bn{stage}{block}_branch"
NAMES = Names(_CONV, _NORM)
BASES = {_CONV: "conv_name_base", _NORM: "bn_name_base"}
WINDOW = Argument("f", "whole")
STAGE, BLOCK = Argument("stage", "text"), Argument("block", "text")
STRIDE = Argument("s", "whole", 2)
#: What hidden calls put into names: another stage and another letter in each call.
LETTER = Distinct(*"bcdefg")
OTHERS: Mapping[str, Any] = {"stage": Distinct(2, 3, 4, 5), "block": LETTER}
#: Those of the first block of each stage, and of its others.
_STAGE: Mapping[str, Any] = {"filters": networks.FILTERS, "stage": (2, 3, 4, 5)}
FIRST: Mapping[str, Any] = {**_STAGE, "block": "a", "s": networks.STRIDES}
THEN: Mapping[str, Any] = {**_STAGE, "block": LETTER}
INPUT, OUTPUT = Part("input", "around"), Part("output", "around")
POOLING = Part("average pooling", "around")
STEM = Part("stage 1", "around", article="")


def blocks(*, window: int | None = None) -> tuple[Table, Table]:
    """The identity block and the convolutional block.

    Args:
        window: of the second convolution; None if it is an argument, `f`.
    """
    arguments = (paper.FILTERS, STAGE, BLOCK)
    fixed: dict[str, Any] = {}
    if window is None:
        arguments = (WINDOW, *arguments)
    else:
        fixed = {"f": window}
    asked = window or Of("f")
    identity = paper.bottleneck(window=asked, names=NAMES)
    rows = paper.bottleneck(window=asked, stride=Of("s"), names=NAMES, projects=True)
    return (
        Table("identity_block", arguments, identity, {**fixed, "s": 1}, bases=BASES),
        Table("convolutional_block", (*arguments, STRIDE), rows, fixed, bases=BASES),
    )


def network(
    identity: Table, convolutional: Table, pooling: Row, classes: int, *, given: bool
) -> Table:
    """ResNet50.

    Args:
        identity: its block where dimensions stay.
        convolutional: its block where they change.
        pooling: after the blocks.
        classes: by default.
        given: whether the code that the learner starts from has its end.
    """
    asks_window = WINDOW in identity.arguments

    def arguments(stage: Stage, number: int) -> Mapping[str, Any]:
        found: dict[str, Any] = {"f": 3} if asks_window else {}
        found |= {"filters": stage.filters, "stage": str(stage.number)}
        found["block"] = "abcdef"[number]
        return found if number else {**found, "s": stage.stride}

    def texts(stage: Stage, number: int) -> tuple[str, str, str]:
        letter = "abcdef"[number]
        where = f"stage {stage.number}, block {letter}"
        return "", f"block {stage.number}{letter}", where

    flat = pooling.kind != "GlobalAveragePooling2D"
    rows = (
        *networks.stem(part=STEM, padding=INPUT, names=("conv1", "bn_conv1")),
        *networks.plan(
            networks.STAGES_50, convolutional, identity, arguments, texts, given=(2,)
        ),
        *networks.head(pooling, OUTPUT, name="fc{classes}", given=given, flat=flat),
    )
    return Table("ResNet50", (Argument("classes", "whole", classes),), rows)
