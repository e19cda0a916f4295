"""Lesson 2: the blocks in today's idiom, and how a network is trained."""

import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

from grader.challenge import challenge_rng
from grader.judge.network.function import A_MODEL, Network
from grader.judge.network.rows import Table
from grader.lessons import _compile_and_fit, idiom
from grader.lessons._lesson import Check, Lesson
from grader.lessons._widths import draw_widths

SHOWN = json.loads(
    files("grader.lessons").joinpath("training_resnets.json").read_text("utf-8")
)
CLASSES = 6
#: Of the hidden calls of convolutional_block; None leaves `s` to its default.
_STRIDES = (1, None, 3)
_IMAGE_SIZES = ((64, 64), (96, 96), (128, 128), (97, 65))


def _block_challenge(function: str):
    def challenge(seed: str) -> dict[str, Any]:
        rng = challenge_rng(seed, "arguments", "lesson 2", function)
        calls = [
            _call("published", [4, 4, 6], dict(SHOWN[function]["call"]), initial=True)
        ]
        convolutional = function == "convolutional_block"
        strides = _STRIDES if convolutional else (None, None, None)
        sizes = [7, *rng.permutation([1, 3, 4, 5])]
        for number, more in enumerate(_passed_on(rng)):
            widths = draw_widths(rng, like_shown=number == 0)
            if number == 0:
                # as shown: a fixed number of channels does not stop everything
                widths[2] = SHOWN[function]["call"]["filters"][2]
            arguments: dict[str, Any] = {"f": int(sizes[number]), "filters": widths[:3]}
            if strides[number] is not None:
                arguments["s"] = strides[number]
            height, width = (int(n) for n in rng.permutation([5, 6, 7, 8])[:2])
            shape = [height, width, widths[3 if convolutional else 2]]
            calls.append(_call(f"other_{number}", shape, {**arguments, **more}))
        calls.append({**calls[0], "id": "again"})
        return {
            "function": function,
            "seed": seed,
            "returns": "tensor",
            "stand_ins": {},
            "calls": calls,
        }

    return challenge


def _passed_on(rng: Any) -> list[dict[str, Any]]:
    """Initializer and training of the hidden calls: defaults, constant, seeded."""
    constant = {"kind": "constant", "value": round(float(rng.uniform(0.1, 0.4)), 3)}
    kind = str(rng.choice(["glorot_uniform", "random_uniform"]))
    return [
        {},
        {"initializer": constant, "training": False},
        {"initializer": {"kind": kind}, "training": True},
    ]


def _call(
    name: str,
    input_shape: list[int],
    arguments: dict[str, Any],
    *,
    batch: int = 3,
    initial: bool = False,
    training: bool = True,
) -> dict[str, Any]:
    return {
        "id": name,
        "input_shape": input_shape,
        "arguments": arguments,
        "batch": batch,
        "initial": initial,
        "training": training,
    }


def _resnet_challenge(seed: str) -> dict[str, Any]:
    rng = challenge_rng(seed, "arguments", "lesson 2", "ResNet50")
    trials: Sequence[tuple[list[int], int, dict[str, Any]]] = (
        ([64, 64, 3], CLASSES, {"training": True}),
        # the two other calls differ in size or in classes
        ([96, 128, 1], CLASSES, {"training": False}),
        ([64, 64, 3], int(rng.integers(11, 30)), {}),
    )
    calls = [
        _call(
            "shown" if number == 0 else f"other_{number}",
            shape,
            {"input_shape": shape, "classes": classes, **more},
            batch=2,
            training=number == 0,
        )
        for number, (shape, classes, more) in enumerate(trials)
    ]
    calls.append(_call("defaults", [64, 64, 3], {}, batch=2, training=False))
    return {
        "function": "ResNet50",
        "seed": seed,
        "returns": "model",
        "stand_ins": {n: table.signature() for n, table in idiom.BLOCKS.items()},
        "calls": calls,
    }


def _block(table: Table) -> Network:
    numbers = tuple(SHOWN[table.name]["out"])
    return Network(table, policy=idiom.BLOCK, published=((1, 1, 0), numbers))


_FUNCTIONS = {
    **{name: _block(table) for name, table in idiom.BLOCKS.items()},
    "ResNet50": Network(
        idiom.RESNET50,
        A_MODEL,
        _IMAGE_SIZES,
        idiom.BLOCKS,
        policy=idiom.NETWORK,
        rewrites=(idiom.plain,),
    ),
}


def _block_checks(function: str) -> tuple[Check, ...]:
    return (
        Check(f"{function}-layers", function, 5, "arguments of layers"),
        Check(f"{function}-wiring", function, 8, "what feeds what"),
        Check(f"{function}-weights", function, 4, "initial weights, as passed on"),
        Check(f"{function}-training", function, 6, "the mode of batch normalisation"),
        Check(f"{function}-values", function, 2, "outputs, new inputs too"),
    )


def _fit_check(part: str, points: int, title: str) -> Check:
    function = _compile_and_fit.TASK.function
    return Check(f"{function}-{part}", function, points, title)


LESSON = Lesson(
    name="02_training_resnets",
    notebook="training_resnets",
    title="Training residual networks",
    checks=(
        *_block_checks("identity_block"),
        *_block_checks("convolutional_block"),
        Check("ResNet50-plan", "ResNet50", 13, "stages 3 to 5: blocks and arguments"),
        Check("ResNet50-layers", "ResNet50", 5, "the layers around the blocks"),
        Check("ResNet50-weights", "ResNet50", 3, "initial weights"),
        Check("ResNet50-training", "ResNet50", 5, "training, passed on to each block"),
        Check("ResNet50-values", "ResNet50", 4, "other image sizes and class numbers"),
        _fit_check("compile", 8, "optimizer, learning rate, loss, metrics"),
        _fit_check("fit", 8, "images, epochs, batches, what is returned"),
        _fit_check("values", 4, "what the model has learned"),
    ),
    challenges={
        "identity_block": _block_challenge("identity_block"),
        "convolutional_block": _block_challenge("convolutional_block"),
        "ResNet50": _resnet_challenge,
        "compile_and_fit": _compile_and_fit.challenge,
    },
    judges={
        **{name: function.judge for name, function in _FUNCTIONS.items()},
        "compile_and_fit": _compile_and_fit.judge,
    },
)
