"""The block and the network of lesson 5 as PyTorch modules.

A convolution with padding is "same" where that is the same: a stride of 1 and half
the window on each side. Elsewhere the padding is a layer of its own.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from grader.judge.network.policy import Policy
from grader.judge.network.rows import Argument, Of, Part, Row, Table
from grader.lessons import paper
from grader.lessons import paper_networks as networks
from grader.lessons.paper import Names
from grader.lessons.paper_networks import Stage

#: Prices are those of lesson 1; initial weights are PyTorch's own.
BLOCK = Policy(seeded=False, scale=20 / 30, module=True)
NETWORK = Policy(
    seeded=False,
    scale=15 / 40,
    checks={"trainable": "plan"},
    follows=("in_channels",),
    module=True,
)
BOTTLENECK = Table(
    "Bottleneck",
    (
        Argument("in_channels", "whole"),
        paper.FILTERS,
        Argument("stride", "whole", 1, record="s"),
        Argument("project", "flag", False),
    ),
    paper.bottleneck(
        stride=Of("stride"),
        names=Names("{path}conv", "{path}bn"),
        given=False,
        projects=True,
        when="project",
    ),
)
BLOCKS = {BOTTLENECK.name: BOTTLENECK}


def _arguments(stage: Stage, number: int) -> Mapping[str, Any]:
    return {
        "in_channels": stage.filters[-1] if number else stage.channels,
        "filters": stage.filters,
        "stride": 1 if number else stage.stride,
        "project": not number,
    }


def _texts(stage: Stage, number: int) -> tuple[str, str, str]:
    path = f"stage{stage.number}.{number}"
    return path, f"block {path}", path


_STEM, _OUTPUT = Part("stem", "around"), Part("output", "around")
_STEM_ROWS = networks.stem(
    part=_STEM, padding=_STEM, names=("conv1", "bn1"), given=False
)
_LINEAR = "the linear layer of the output"
RESNET50 = Table(
    "ResNet50Torch",
    (Argument("classes", "whole", 1000),),
    (
        replace(_STEM_ROWS[0], label="the padding of conv1"),
        *_STEM_ROWS[1:],
        *networks.plan(
            networks.STAGES_50, BOTTLENECK, BOTTLENECK, _arguments, _texts, given=(2,)
        ),
        *networks.head(
            Row(
                "pooling",
                "GlobalAveragePooling2D",
                _OUTPUT,
                label="the global average pooling",
            ),
            _OUTPUT,
            name="fc",
            role=_LINEAR,
        ),
    ),
)
