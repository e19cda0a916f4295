"""A lesson of one function: the dense block of Huang et al. (arXiv:1608.06993)."""

from functools import partial

from grader.exercise.function import Function, lesson_of
from grader.exercise.ranges import TwoOf, Whole, call
from grader.judge.network.function import Network
from grader.judge.network.policy import Policy
from grader.judge.network.rows import Argument, Of, Part, Row, Table

GROWTH = Argument("growth", "whole")
NARROW, GROW = Part("bottleneck"), Part("growth")


def row(key, kind, part, label, **settings):
    role = f"{label} of {{where}}"
    return Row(key, kind, part, settings, label=label, role=role)


LAYER = Table(
    "layer",
    (GROWTH,),
    (
        row("norm1", "BatchNormalization", NARROW, "the first batch normalisation",
            axis=3),
        row("relu1", "ReLU", NARROW, "the first ReLU"),
        row("conv1", "Conv2D", NARROW, "the 1×1 convolution",
            filters=Of("4 * growth"), kernel_size=1),
        row("norm2", "BatchNormalization", GROW, "the second batch normalisation",
            axis=3),
        row("relu2", "ReLU", GROW, "the second ReLU"),
        row("conv2", "Conv2D", GROW, "the 3×3 convolution",
            filters=Of("growth"), kernel_size=3, padding="same"),
        Row("join", "Concatenate", GROW, after=("input", "conv2"),
            label="the concatenation", role="the concatenation of {where}"),
    ),
)  # fmt: skip
DENSE_BLOCK = Table(
    "dense_block",
    (GROWTH, Argument("layers", "whole")),
    (
        Row("layers", "Repeat", NARROW, {"growth": Of("growth")},
            calls=LAYER, times=Of("layers"), inside="layer {number}"),
    ),
)  # fmt: skip


asked = partial(call, more={"initial": False, "training": True})
LESSON = lesson_of("06_dense_block", "dense_block", "The dense block", [
    Function(
        "dense_block",
        (("layers", 40, "layers"), ("wiring", 40, "wiring"), ("values", 20, "values")),
        (
            asked("shown", 6, 6, 4, growth=2, layers=3),
            asked("other", TwoOf(5, 7, 8), Whole(3, 6), growth=Whole(3, 5), layers=2),
        ),
        {"returns": "tensor", "stand_ins": {}},
        Network(DENSE_BLOCK, "the block's output X", policy=Policy(seeded=False)).judge,
    ),
])  # fmt: skip
