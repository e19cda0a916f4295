"""Lesson 1: identity_block, convolutional_block and ResNet50 with named layers."""

import json
from dataclasses import replace
from importlib.resources import files

from grader.exercise.function import INITIAL, ONE_MODE, Function, builds, lesson_of
from grader.exercise.ranges import Call, Distinct, Last, Whole, call
from grader.judge.network.function import A_MODEL, Network
from grader.judge.network.rows import Row, Table
from grader.lessons import named
from grader.lessons.as_called import first_blocks, other_blocks, window
from grader.lessons.paper import EVEN, LIKE_SHOWN, SIDES, WIDTH, WIDTHS

PUBLISHED = json.loads(
    files("grader.lessons").joinpath("residual_networks.json").read_text("utf-8")
)
IDENTITY_BLOCK, CONVOLUTIONAL_BLOCK = named.blocks()
BLOCKS = {table.name: table for table in (IDENTITY_BLOCK, CONVOLUTIONAL_BLOCK)}
_POOL = {"pool_size": 2, "strides": 2}
RESNET50 = named.network(
    IDENTITY_BLOCK,
    CONVOLUTIONAL_BLOCK,
    Row("pooling", "AveragePooling2D", named.POOLING, _POOL, name="avg_pool"),
    6,
    given=True,
)
_IMAGE_SIZES = ((64, 64), (96, 96), (128, 128), (97, 65))
#: Another one in each call; the first has 7, and those of the network have 3.
_WINDOW = Distinct(1, 4, 5)


def _block(table: Table, *others: Call) -> Function:
    published = PUBLISHED[table.name]
    shown = call("published", 4, 4, 6, batch=3, more=INITIAL, **published["call"])
    return builds(
        Network(table, published=((1, 1, 0), tuple(published["out"]))),
        (
            ("layers", 8, "names and arguments of layers"),
            ("wiring", 15, "what feeds what"),
            ("weights", 3, "seeded initial weights"),
            ("values", 4, "outputs, new inputs too"),
        ),
        shown,
        *others,
        replace(shown, id="again"),
    )


LESSON = lesson_of(
    "01_residual_networks",
    "residual_networks",
    "Residual networks",
    (
        _block(IDENTITY_BLOCK,
            call("other_0", SIDES, 6, f=7, filters=LIKE_SHOWN, **named.OTHERS),
            call("other_1", SIDES, Last("filters"), f=_WINDOW, filters=WIDTHS,
                 **named.OTHERS),
            *other_blocks(64, lambda s: {"f": window(s), **named.as_other(s)}),
        ),
        _block(CONVOLUTIONAL_BLOCK,
            call("other_0", SIDES, EVEN, f=7, filters=LIKE_SHOWN, s=1,
                 **named.OTHERS),
            call("other_1", SIDES, WIDTH, f=_WINDOW, filters=WIDTHS, **named.OTHERS),
            call("other_2", SIDES, WIDTH, f=_WINDOW, filters=WIDTHS, s=3,
                 **named.OTHERS),
            *first_blocks(64, lambda s: {"f": window(s), **named.as_first(s)}),
        ),
        builds(
            Network(RESNET50, A_MODEL, _IMAGE_SIZES, BLOCKS,
                    parameters=PUBLISHED["ResNet50"]["total_params"]),
            (("plan", 20, "stages 3 to 5: blocks and arguments"),
             ("layers", 6, "the layers around the blocks"),
             ("summary", 6, "parameters and initial weights"),
             ("values", 8, "other image sizes and class numbers")),
            call("shown", 64, 64, 3, input_shape=[64, 64, 3], classes=6),
            # the two other calls differ in one argument each
            call("other_1", 96, 128, 1, input_shape=[96, 128, 1], classes=6,
                 more=ONE_MODE),
            call("other_2", 64, 64, 3, input_shape=[64, 64, 3],
                 classes=Whole(11, 29), more=ONE_MODE),
            call("defaults", 64, 64, 3, more=ONE_MODE),
        ),
    ),
)  # fmt: skip
