"""Lesson 2's `compile_and_fit`: its sentences, their prices, how it is called."""

from functools import partial
from typing import Any

from grader.challenge import challenge_rng
from grader.judge.training import verdict
from grader.judge.training.task import Requirement, Task

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

#: From challenge and capture to the verdict.
judge = partial(verdict.judge, TASK)


def challenge(seed: str) -> dict[str, Any]:
    """Draws the calls under which `compile_and_fit` is captured."""
    rng = challenge_rng(seed, "arguments", TASK.function)
    sizes = rng.permutation([20, 22, 23, 25])
    batches = rng.permutation([8, 9, 11, 12])
    return {
        "function": TASK.function,
        "capture": "training",
        "seed": seed,
        "calls": [
            _call("shown", 40, 3, {"epochs": 2}),
            _call(
                "other",
                int(sizes[0]),
                4,
                {"epochs": int(rng.integers(3, 5)), "batch_size": int(batches[0])},
                validation=True,
            ),
            _call("defaults", 30, 3, {}, steps=3),
        ],
    }


def _call(
    name: str,
    images: int,
    classes: int,
    arguments: dict[str, Any],
    *,
    validation: bool = False,
    steps: int = 40,
) -> dict[str, Any]:
    return {
        "id": name,
        "images": images,
        "classes": classes,
        "shape": [4, 4, 3],
        "arguments": arguments,
        "validation": validation,
        "steps": steps,
    }
