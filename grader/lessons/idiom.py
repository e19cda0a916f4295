"""The blocks and the network of lesson 2: no names, but arguments.

The arguments are those of the assignment's version for TensorFlow 2: how kernels
start, and the mode of batch normalisation.
"""

from collections.abc import Mapping
from typing import Any

from grader.judge.network.draw import recorded_words
from grader.judge.network.graph import Graph, Node
from grader.judge.network.policy import Policy
from grader.judge.network.rewrites import with_attrs
from grader.judge.network.rows import Argument, Of, Part, Row, Table
from grader.lessons import paper
from grader.lessons import paper_networks as networks
from grader.lessons.paper_networks import Stage

_CHECKS = {"training": "training", "weight": "weights"}
BLOCK = Policy(checks=_CHECKS)
NETWORK = Policy(checks={**_CHECKS, "trainable": "weights"})
WINDOW, STRIDE = Argument("f", "whole"), Argument("s", "whole", 2)
TRAINING = Argument("training", "flag", None)
#: What the blocks take where they are told no initializer.
_STARTS = {
    "identity_block": "random_uniform",
    "convolutional_block": "glorot_uniform",
}
_FILTERS, _ASKED = paper.FILTERS, {"draw": "initializer", "mode": "training"}


def _block(name: str, *arguments: Argument, **rows: Any) -> Table:
    start = Argument("initializer", "initializer", _STARTS[name])
    fixed = {} if arguments else {"s": 1}
    return Table(
        name,
        (WINDOW, _FILTERS, *arguments, start, TRAINING),
        paper.bottleneck(window=Of("f"), **_ASKED, **rows),
        fixed,
    )


IDENTITY_BLOCK = _block("identity_block")
CONVOLUTIONAL_BLOCK = _block(
    "convolutional_block", STRIDE, stride=Of("s"), projects=True
)
BLOCKS = {table.name: table for table in (IDENTITY_BLOCK, CONVOLUTIONAL_BLOCK)}


def _arguments(stage: Stage, number: int) -> Mapping[str, Any]:
    table = IDENTITY_BLOCK if number else CONVOLUTIONAL_BLOCK
    found: dict[str, Any] = {"f": 3, "filters": stage.filters}
    if not number:
        found["s"] = stage.stride
    initializer, training = _STARTS[table.name], Of("training")
    return {**found, "initializer": initializer, "training": training}


def _texts(stage: Stage, number: int) -> tuple[str, str, str]:
    label = f"block {number + 1} of stage {stage.number}"
    return "", label, f"stage {stage.number}, block {number + 1}"


_POOLING = Part("average pooling", "around")
_WINDOW = {"pool_size": 2, "strides": 2}
RESNET50 = Table(
    "ResNet50",
    (Argument("classes", "whole", 6), TRAINING),
    (
        *networks.stem(
            part=Part("stage 1", "around", article=""),
            padding=Part("input", "around"),
            mode="training",
        ),
        *networks.plan(
            networks.STAGES_50,
            CONVOLUTIONAL_BLOCK,
            IDENTITY_BLOCK,
            _arguments,
            _texts,
            given=(2,),
        ),
        *networks.head(
            Row(
                "pooling",
                "AveragePooling2D",
                _POOLING,
                _WINDOW,
                label="the average pooling",
            ),
            Part("output", "around"),
            given=True,
            flat=True,
        ),
    ),
    # False means what None does
    derived={"training": lambda values: True if values["training"] else None},
)


def plain(graph: Graph) -> Graph:
    """Recorded calls of blocks in the words of the specification."""
    return with_attrs(graph, _plain)


def _plain(call: Node, before: Node) -> dict[str, object]:
    mode = True if call.attrs.get("training") else None
    return {
        "training": mode,
        "initializer": recorded_words(call.attrs.get("initializer")),
    }
