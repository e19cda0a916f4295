"""Lesson 1: identity_block, convolutional_block and ResNet50 with named layers."""

import json
from importlib.resources import files
from typing import Any

from grader.challenge import challenge_rng
from grader.judge.network.function import A_MODEL, Network
from grader.judge.network.rows import Row, Table
from grader.lessons import named
from grader.lessons._lesson import Check, Lesson
from grader.lessons._widths import draw_widths

PUBLISHED = json.loads(
    files("grader.lessons").joinpath("residual_networks.json").read_text("utf-8")
)
CLASSES = 6
IDENTITY_BLOCK, CONVOLUTIONAL_BLOCK = named.blocks()
BLOCKS = {table.name: table for table in (IDENTITY_BLOCK, CONVOLUTIONAL_BLOCK)}
_WINDOW = {"pool_size": 2, "strides": 2}
RESNET50 = named.network(
    IDENTITY_BLOCK,
    CONVOLUTIONAL_BLOCK,
    Row("pooling", "AveragePooling2D", named.POOLING, _WINDOW, name="avg_pool"),
    CLASSES,
    given=True,
)
#: Of the hidden calls of convolutional_block; None leaves `s` to its default.
_STRIDES = (1, None, 3)
_IMAGE_SIZES = ((64, 64), (96, 96), (128, 128), (97, 65))


def _block_challenge(function: str):
    def challenge(seed: str) -> dict[str, Any]:
        rng = challenge_rng(seed, "arguments", function)
        published = PUBLISHED[function]
        calls = [
            _call("published", [4, 4, 6], dict(published["call"]), 3, initial=True)
        ]
        strides = _STRIDES if function == "convolutional_block" else (None, None)
        sizes = [7, *rng.permutation([1, 3, 4, 5])]
        for number, (f, s) in enumerate(zip(sizes, strides, strict=False)):
            widths = draw_widths(rng, like_shown=number == 0)
            arguments: dict[str, Any] = {
                "f": int(f),
                "filters": widths[:3],
                "stage": int(rng.integers(2, 6)),
                "block": str(rng.choice(list("bcdefgh"))),
            }
            height, width = (int(n) for n in rng.permutation([5, 6, 7, 8])[:2])
            if number == 0:
                # as shown: a fixed number of channels does not stop everything
                arguments["filters"][2] = published["call"]["filters"][2]
            channels = arguments["filters"][2]
            if function == "convolutional_block":
                channels = widths[3]
            if s is not None:
                arguments["s"] = s
            shape = [height, width, channels]
            calls.append(_call(f"other_{number}", shape, arguments, 2))
        calls.append({**calls[0], "id": "again"})
        return {
            "function": function,
            "seed": seed,
            "returns": "tensor",
            "stand_ins": {},
            "calls": calls,
        }

    return challenge


def _call(
    name: str,
    input_shape: list[int],
    arguments: dict[str, Any],
    batch: int,
    *,
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
    rng = challenge_rng(seed, "arguments", "ResNet50")
    # the two other calls differ in one argument each
    classes = [CLASSES, CLASSES, int(rng.integers(11, 30))]
    shapes = [[64, 64, 3], [96, 128, 1], [64, 64, 3]]
    calls = [
        _call(
            "shown" if number == 0 else f"other_{number}",
            shape,
            {"input_shape": shape, "classes": count},
            2,
            training=number == 0,
        )
        for number, (shape, count) in enumerate(zip(shapes, classes, strict=True))
    ]
    calls.append(_call("defaults", shapes[0], {}, 2, training=False))
    return {
        "function": "ResNet50",
        "seed": seed,
        "returns": "model",
        "stand_ins": {name: table.signature() for name, table in BLOCKS.items()},
        "calls": calls,
    }


def _block(table: Table) -> Network:
    numbers = tuple(PUBLISHED[table.name]["out"])
    return Network(table, published=((1, 1, 0), numbers))


_FUNCTIONS = {
    **{name: _block(table) for name, table in BLOCKS.items()},
    "ResNet50": Network(
        RESNET50,
        A_MODEL,
        _IMAGE_SIZES,
        BLOCKS,
        parameters=PUBLISHED["ResNet50"]["total_params"],
    ),
}


def _block_checks(function: str) -> tuple[Check, ...]:
    return (
        Check(f"{function}-layers", function, 8, "names and arguments of layers"),
        Check(f"{function}-wiring", function, 15, "what feeds what"),
        Check(f"{function}-weights", function, 3, "seeded initial weights"),
        Check(f"{function}-values", function, 4, "outputs, new inputs too"),
    )


LESSON = Lesson(
    name="01_residual_networks",
    notebook="residual_networks",
    title="Residual networks",
    checks=(
        *_block_checks("identity_block"),
        *_block_checks("convolutional_block"),
        Check("ResNet50-plan", "ResNet50", 20, "stages 3 to 5: blocks and arguments"),
        Check("ResNet50-layers", "ResNet50", 6, "the layers around the blocks"),
        Check("ResNet50-summary", "ResNet50", 6, "parameters and initial weights"),
        Check("ResNet50-values", "ResNet50", 8, "other image sizes and class numbers"),
    ),
    challenges={
        "identity_block": _block_challenge("identity_block"),
        "convolutional_block": _block_challenge("convolutional_block"),
        "ResNet50": _resnet_challenge,
    },
    judges={name: function.judge for name, function in _FUNCTIONS.items()},
)
