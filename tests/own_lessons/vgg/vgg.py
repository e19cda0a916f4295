"""A lesson of three functions: a small VGG, as in arXiv:1409.1556."""

from functools import partial

from grader.exercise.function import Function, lesson_of
from grader.exercise.ranges import TwoOf, Whole, call
from grader.judge.network.function import A_MODEL, Network
from grader.judge.network.policy import Policy
from grader.judge.network.rows import Argument, Of, Part, Row, Table

ANY_WEIGHTS = Policy(seeded=False, checks={"trainable": "layers"})
FILTERS, COUNT = Argument("filters", "whole"), Argument("count", "whole")
STAGE, CLASSES = Argument("stage", "whole"), Argument("classes", "whole", 10)

CONVOLUTIONS, POOLING = Part("convolutions"), Part("pooling")
ROUND = Table(
    "convolution",
    (FILTERS, STAGE),
    (
        Row("conv", "Conv2D", CONVOLUTIONS,
            {"filters": Of("filters"), "kernel_size": 3, "padding": "same"},
            name="block{stage}_conv{number}", role="convolution {number}"),
        Row("relu", "ReLU", CONVOLUTIONS, label="the ReLU"),
    ),
    bases={"block{stage}_conv": '"block" + str(stage) + "_conv"'},
)  # fmt: skip
CONV_STAGE = Table(
    "conv_stage",
    (FILTERS, COUNT, STAGE),
    (
        Row("rounds", "Repeat", CONVOLUTIONS,
            {"filters": Of("filters"), "stage": Of("stage")},
            calls=ROUND, times=Of("count"), inside="convolution {number}"),
        Row("pool", "MaxPooling2D", POOLING, {"pool_size": 2, "strides": 2},
            name="block{stage}_pool", role="the pooling"),
    ),
    fixed={"s": 2},
    width=Of("filters"),
)  # fmt: skip

HIDDEN, OUTPUT = Part("hidden layer"), Part("output")
CLASSIFIER = Table(
    "classifier",
    (CLASSES,),
    (
        Row("flat", "Flatten", HIDDEN, label="the flattening"),
        Row("fc1", "Dense", HIDDEN, {"units": 64}, name="fc1"),
        Row("relu", "ReLU", HIDDEN, label="the ReLU after fc1"),
        Row("fc2", "Dense", OUTPUT, {"units": Of("classes")}, name="fc2"),
        Row("softmax", "Softmax", OUTPUT, label="the softmax"),
    ),
    fixed={"s": 1},
    width=Of("classes"),
)

PLAN, END = Part("plan of the stages", "plan"), Part("output", "around")
BLOCKS = {"conv_stage": CONV_STAGE, "classifier": CLASSIFIER}
VGG = Table(
    "VGG",
    (CLASSES,),
    (
        *(Row(f"stage{n}", "Block", PLAN, {"filters": f, "count": c, "stage": n},
              label=f"stage {n}", inside=f"stage {n}", calls=CONV_STAGE)
          for n, f, c in ((1, 16, 2), (2, 32, 2), (3, 64, 3))),
        Row("end", "Block", END, {"classes": Of("classes")},
            label="the call of classifier", inside="classifier", calls=CLASSIFIER),
    ),
)  # fmt: skip


asked = partial(call, more={"initial": False, "training": False})


def checks(layers: int, wiring: int, values: int):
    return (
        ("layers", layers, "kinds, arguments and names of layers"),
        ("wiring", wiring, "what follows what"),
        ("values", values, "outputs, other arguments"),
    )


TENSOR = {"returns": "tensor", "stand_ins": {}}
MODEL = {"returns": "model", "stand_ins": {n: t.signature() for n, t in BLOCKS.items()}}
LESSON = lesson_of("07_vgg", "vgg", "A small VGG", [
    Function("conv_stage", checks(15, 15, 10), (
        asked("shown", 8, 8, 3, filters=4, count=2, stage=1),
        asked("other", TwoOf(6, 8, 10), Whole(2, 5),
              filters=Whole(5, 9), count=3, stage=Whole(2, 5)),
    ), TENSOR, Network(CONV_STAGE, policy=ANY_WEIGHTS).judge),
    Function("classifier", checks(15, 5, 10), (
        asked("shown", 4, 4, 8, classes=10),
        asked("other", 2, 3, 5, classes=Whole(3, 8)),
    ), TENSOR, Network(CLASSIFIER, policy=ANY_WEIGHTS).judge),
    Function("VGG", (("plan", 15, "stages"), ("layers", 5, "other layers"),
                     ("values", 10, "other images and numbers of classes")), (
        asked("shown", 32, 32, 3, input_shape=(32, 32, 3), classes=10),
        asked("other", 64, 32, 1, input_shape=(64, 32, 1), classes=Whole(3, 8)),
    ), MODEL, Network(VGG, A_MODEL, ((32, 32), (64, 32)), BLOCKS,
                      policy=ANY_WEIGHTS).judge),
])  # fmt: skip
