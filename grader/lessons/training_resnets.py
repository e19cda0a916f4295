"""Lesson 2: the blocks in today's idiom, and how a network is trained."""

from dataclasses import replace
from functools import partial
from typing import Any

from grader.exercise.function import INITIAL, ONE_MODE, Function, builds, lesson_of
from grader.exercise.published import published
from grader.exercise.ranges import Call, Distinct, Last, OneOf, Thousandths, Whole, call
from grader.judge.network.function import A_MODEL, Network
from grader.judge.network.rows import Table
from grader.judge.signature import Spare
from grader.judge.training import verdict
from grader.judge.training.task import Requirement, Task
from grader.lessons import idiom
from grader.lessons.paper import EVEN, LIKE_SHOWN, SIDES, WIDTH, WIDTHS
from grader.lessons.paper_networks import FILTERS, STRIDES, WINDOWS, stage_calls

SHOWN = published(__name__)
_IMAGE_SIZES = ((64, 64), (96, 96), (128, 128), (97, 65))
#: Another one in each call; the first has 7, and those of the network have 3.
_WINDOW = Distinct(1, 4, 5)
_CONSTANT: dict[str, Any] = {
    "initializer": {"kind": "constant", "value": Thousandths(0.1, 0.4)},
    "training": False,
}
_SEEDED: dict[str, Any] = {
    "initializer": {"kind": OneOf("glorot_uniform", "random_uniform")},
    "training": True,
}
_AS_CALLED: dict[str, Any] = {"f": WINDOWS, "filters": FILTERS}
_MODES = (True, False, True, False)


def _block(table: Table, *others: Call) -> Function:
    shown = call(
        "published", 4, 4, 6, batch=3, more=INITIAL, **SHOWN[table.name]["call"]
    )
    numbers = tuple(SHOWN[table.name]["out"])
    return builds(
        Network(table, policy=idiom.BLOCK, published=((1, 1, 0), numbers)),
        (
            ("layers", 5, "arguments of layers"),
            ("wiring", 8, "what feeds what"),
            ("weights", 4, "initial weights, as passed on"),
            ("training", 6, "the mode of batch normalisation"),
            ("values", 2, "outputs, new inputs too"),
        ),
        shown,
        *others,
        replace(shown, id="again"),
    )  # fmt: skip


_COMPILE = "Look at the line with model.compile."
_FIT = "Look at the line with model.fit."
_RETURN = "Look at the last line of compile_and_fit."
_BESIDE = "Look at what compile_and_fit does beside compile and fit."

TASK = Task(
    "compile_and_fit",
    learning_rate=0.00015,
    epochs=20,
    batch_size=32,
    hidden=4,
    requirements={
        kind: Requirement(check, price, sentence, look)
        for kind, check, price, sentence, look in (
            ("optimizer", "compile", 5,
             "The model is compiled with the optimizer Adam.", _COMPILE),
            ("learning rate", "compile", 4,
             "Adam's learning rate is 0.00015.", _COMPILE),
            ("constants", "compile", 3,
             "Adam's other arguments stay as Keras has them.", _COMPILE),
            ("loss", "compile", 5,
             "The loss is the categorical cross-entropy.", _COMPILE),
            ("metrics", "compile", 4, "The metrics hold the accuracy.", _COMPILE),
            ("compile", "compile", 8,
             "The model is compiled before it is trained.", _COMPILE),
            ("fit", "fit", 8, "The model is trained with model.fit.", _FIT),
            ("again", "fit", 5, "model.fit is called once.", _FIT),
            ("epochs", "fit", 5,
             "It is trained for as many epochs as the argument says.", _FIT),
            ("data", "fit", 6, "The model is trained on X and Y, all of them.", _FIT),
            ("weighted", "fit", 4, "Each image counts as much as any other.", _FIT),
            ("batch size", "fit", 4,
             "The batches are as large as the argument says.", _FIT),
            ("validation", "fit", 4, "validation_data are passed on.", _FIT),
            ("returned", "fit", 4, "What model.fit gives is returned.", _RETURN),
            ("learned", "fit", 8, "The model is trained on X and Y.", _BESIDE),
            ("numbers", "values", 4,
             "The model has learned what these steps teach it.", _BESIDE),
        )
    },
)  # fmt: skip


def _images(images: Any, classes: int, steps: int = 40, *, validation: bool = False):
    return {
        "images": images,
        "classes": classes,
        "shape": [4, 4, 3],
        "validation": validation,
        "steps": steps,
    }


LESSON = lesson_of(
    "02_training_resnets",
    "training_resnets",
    "Training residual networks",
    (
        _block(idiom.IDENTITY_BLOCK,
            call("other_0", SIDES, 6, batch=3, f=7, filters=LIKE_SHOWN),
            call("other_1", SIDES, Last("filters"), batch=3, f=_WINDOW,
                 filters=WIDTHS, **_CONSTANT),
            call("other_2", SIDES, Last("filters"), batch=3, f=_WINDOW,
                 filters=WIDTHS, **_SEEDED),
            *stage_calls(Last("filters"), **_AS_CALLED, initializer="random_uniform",
                         training=_MODES),
        ),
        _block(idiom.CONVOLUTIONAL_BLOCK,
            call("other_0", SIDES, EVEN, batch=3, f=7, filters=LIKE_SHOWN, s=1),
            call("other_1", SIDES, WIDTH, batch=3, f=_WINDOW, filters=WIDTHS,
                 **_CONSTANT),
            call("other_2", SIDES, WIDTH, batch=3, f=_WINDOW, filters=WIDTHS, s=3,
                 **_SEEDED),
            *stage_calls(8, **_AS_CALLED, s=STRIDES, initializer="glorot_uniform",
                         training=_MODES),
        ),
        builds(
            Network(idiom.RESNET50, A_MODEL, _IMAGE_SIZES, idiom.BLOCKS,
                    policy=idiom.NETWORK, rewrites=(idiom.plain,)),
            (("plan", 13, "stages 3 to 5: blocks and arguments"),
             ("layers", 5, "the layers around the blocks"),
             ("weights", 3, "initial weights"),
             ("training", 5, "training, passed on to each block"),
             ("values", 4, "other image sizes and class numbers")),
            call("shown", 64, 64, 3, input_shape=[64, 64, 3], classes=6,
                 training=True),
            # the two other calls differ in size or in classes
            call("other_1", 96, 128, 1, input_shape=[96, 128, 1], classes=6,
                 training=False, more=ONE_MODE),
            call("other_2", 64, 64, 3, input_shape=[64, 64, 3],
                 classes=Whole(11, 29), more=ONE_MODE),
            call("defaults", 64, 64, 3, more=ONE_MODE),
        ),
        Function(
            TASK.function,
            (("compile", 8, "optimizer, learning rate, loss, metrics"),
             ("fit", 8, "images, epochs, batches, what is returned"),
             ("values", 4, "what the model has learned")),
            (call("shown", more=_images(40, 3), epochs=2),
             call("other", more=_images(OneOf(20, 22, 23, 25), 4, validation=True),
                  epochs=Whole(3, 4), batch_size=OneOf(8, 9, 11, 12)),
             call("defaults", more=_images(30, 3, steps=3))),
            {"capture": "training"},
            partial(verdict.judge, TASK),
            frozenset(asked.check for asked in TASK.requirements.values()),
            spare=Spare(frozenset(("epochs", "batch_size", "validation_data"))),
        ),
    ),
)  # fmt: skip
