"""Functions with the kinds of layers that the two examples do not have."""

from functools import partial

from grader.exercise.function import Function, lesson_of
from grader.exercise.ranges import TwoOf, Unlike, Whole, call
from grader.judge.network.function import Network
from grader.judge.network.policy import Policy
from grader.judge.network.rows import Argument, Of, Part, Row, Table

FILTERS, RATIO = Argument("filters", "whole"), Argument("ratio", "whole")
PART = Part("main path")
SAME = {"padding": "same"}


def row(key, kind, settings=None, *after, **more):
    label = "" if "name" in more else f"the {key}"
    return Row(key, kind, PART, settings or {}, after, label=label, **more)


#: An inverted residual block (MobileNetV2).
INVERTED = Table(
    "inverted",
    (Argument("expansion", "whole"), FILTERS, Argument("stride", "whole")),
    (
        row("expansion", "Conv2D",
            {"filters": Of("expansion * channels"), "kernel_size": 1}),
        row("first ReLU6", "ReLU", {"max_value": 6}),
        row("depthwise convolution", "DepthwiseConv2D",
            {"kernel_size": 3, "strides": Of("stride"), "use_bias": False, **SAME}),
        row("second ReLU6", "Activation", {"activation": "relu6"}),
        row("projection", "Conv2D", {"filters": Of("filters"), "kernel_size": 1}),
        row("addition", "Add", {}, "input", "projection", when="same"),
    ),
    derived={"same": lambda v: v["stride"] == 1 and v["filters"] == v["channels"]},
)  # fmt: skip
#: Squeeze and excitation, behind a dropout.
GATE = Table(
    "gate",
    (FILTERS, RATIO),
    (
        row("dropout", "Dropout", {"rate": 0.25}),
        row("norm", "LayerNormalization", {"epsilon": 1e-6}),
        row("squeeze", "GlobalAveragePooling2D", {"keepdims": True}),
        row("reduction", "Dense", {"units": Of("filters // ratio")}),
        row("GELU", "Activation", {"activation": "gelu"}),
        row("excitation", "Dense", {"units": Of("filters")}),
        row("sigmoid", "Activation", {"activation": "sigmoid"}),
        row("product", "Multiply", {}, "norm", "sigmoid"),
    ),
)
#: Branches of several lengths, one after a pooling with padding.
BRANCHES = Table(
    "branches",
    tuple(Argument(name, "whole") for name in ("f1", "f3", "f5")),
    (
        row("one", "Conv2D", {"filters": Of("f1"), "kernel_size": 1}),
        row("pooling", "MaxPooling2D",
            {"pool_size": 3, "strides": 1, **SAME}, "input"),
        row("three", "SeparableConv2D",
            {"filters": Of("f3"), "kernel_size": 3, **SAME}),
        row("decreasing", "Conv2D",
            {"filters": Of("f5"), "kernel_size": 2, "strides": 2}, "input"),
        row("group norm", "GroupNormalization", {"groups": 1}),
        row("increasing", "Conv2DTranspose",
            {"filters": Of("f5"), "kernel_size": 2, "strides": 2}),
        row("upsampling", "UpSampling2D", {"size": 2}, "group norm"),
        row("concatenation", "Concatenate", {},
            "one", "three", "increasing", "upsampling"),
    ),
)  # fmt: skip

asked = partial(call, more={"initial": False, "training": True})
CHECKS = (("layers", 15, "layers"), ("wiring", 15, "wiring"), ("values", 10, "values"))
ANY_WEIGHTS = Policy(seeded=False, checks={"trainable": "layers"})
WIDTHS = Unlike(2, 3, 4, 5, 6)


def function(table, *calls, **more):
    judge = Network(table, policy=ANY_WEIGHTS, **more).judge
    told = {"returns": "tensor", "stand_ins": {}}
    return Function(table.name, CHECKS, calls, told, judge)


LESSON = lesson_of("08_kinds", "kinds", "Kinds of layers", [
    function(
        INVERTED,
        asked("shown", 6, 6, 3, expansion=2, filters=3, stride=1),
        asked("other", TwoOf(5, 6, 7), 4, expansion=3, filters=4, stride=1),
        asked("strided", TwoOf(5, 6, 7), 2, expansion=4, filters=Whole(5, 6), stride=2),
    ),
    function(
        GATE,
        asked("shown", 4, 4, 8, filters=8, ratio=4),
        asked("other", TwoOf(3, 4, 5), 6, filters=6, ratio=2),
    ),
    function(
        BRANCHES,
        asked("shown", 4, 4, 3, f1=2, f3=4, f5=3),
        asked("other", TwoOf(4, 6), Whole(2, 4), f1=WIDTHS, f3=WIDTHS, f5=WIDTHS),
        sizes=((4, 4), (6, 8)),
    ),
])  # fmt: skip
