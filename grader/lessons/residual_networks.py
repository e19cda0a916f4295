"""Lesson 1: identity_block, convolutional_block and ResNet50 with named layers."""

from dataclasses import replace

from grader.exercise.function import (
    BUILT,
    INITIAL,
    ONE_MODE,
    Function,
    builds,
    lesson_of,
)
from grader.exercise.published import published
from grader.exercise.ranges import Call, Distinct, Last, Whole, call
from grader.judge.network.function import A_MODEL, Network
from grader.judge.network.rows import Row, Table
from grader.lessons import named
from grader.lessons.paper import EVEN, LIKE_SHOWN, SIDES, WIDTH, WIDTHS
from grader.lessons.paper_networks import WINDOWS, stage_calls

PUBLISHED = published(__name__)
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
                 more=BUILT, **named.OTHERS),
            *stage_calls(Last("filters"), f=WINDOWS, **named.THEN),
        ),
        _block(CONVOLUTIONAL_BLOCK,
            call("other_0", SIDES, EVEN, f=7, filters=LIKE_SHOWN,
                 **named.OTHERS, s=1),
            call("other_1", SIDES, WIDTH, f=_WINDOW, filters=WIDTHS, more=BUILT,
                 **named.OTHERS),
            call("other_2", SIDES, WIDTH, f=_WINDOW, filters=WIDTHS,
                 more=BUILT, **named.OTHERS, s=3),
            *stage_calls(8, f=WINDOWS, **named.FIRST),
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
