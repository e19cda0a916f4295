"""Lesson 4's counts of parameters and multiply-adds: models, slips and prices."""

from functools import partial
from typing import Any

from grader.challenge import challenge_rng
from grader.judge import values
from grader.judge.counts import multiply_adds, parameters
from grader.judge.values import Counting, Slip

PARAMETERS = Counting(
    "count_params",
    parameters,
    points=8,
    slip=3,
    several=5,
    failed=3,
    sentence="The count is of all numbers that the layers hold: kernels, biases, and "
    "four a channel for a batch normalisation.",
    slips=(
        Slip({"biases": False}, "biases are not counted"),
        Slip({"bias_where_none": True}, "a bias is counted where a layer has none"),
        Slip({"moving": False},
             "the moving averages of batch normalisation are not counted, which no "
             "gradient trains but which the layer holds"),
        Slip({"learned": False, "moving": False}, "batch normalisation is not counted"),
        Slip({"learned": False},
             "gamma and beta of batch normalisation are not counted"),
        Slip({"learned": False, "biases": False, "moving": False},
             "only kernels are counted: no biases, no batch normalisation"),
        Slip({"moving": False, "learned": False, "dense": False},
             "only convolutions are counted"),
        Slip({"dense": False}, "dense layers are not counted"),
        Slip({"once": False},
             "a layer that is called twice is counted twice: it holds its weights "
             "once"),
        Slip({"kernels": False}, "kernels are not counted"),
    ),
)  # fmt: skip
MULTIPLY_ADDS = Counting(
    "count_flops",
    multiply_adds,
    points=12,
    slip=4,
    several=8,
    failed=4,
    sentence="A convolution costs output places × filters × window × channels in, a "
    "dense layer inputs × units; nothing else is counted.",
    slips=(
        Slip({"of_input": True},
             "a convolution's places are those of its input; its stride and padding "
             "make the output another size"),
        Slip({"window": False}, "the size of a convolution's window is left out"),
        Slip({"channels": False}, "the channels of a convolution's input are left out"),
        Slip({"filters": False}, "the number of filters is left out"),
        Slip({"places": False},
             "the weights of a convolution are counted once and not once for each "
             "place of its output"),
        Slip({"dense": False}, "dense layers are not counted"),
        Slip({"convolutions": False}, "convolutions are not counted"),
        Slip({"biases": True}, "biases are counted: adding one is no multiplication"),
        Slip({"normalisations": True}, "batch normalisation is counted"),
        Slip({"doubled": True},
             "multiplication and addition are counted as two: a multiply-add is one"),
    ),
)  # fmt: skip

#: From challenge and capture to the verdict.
judge_parameters = partial(values.judge, PARAMETERS)
judge_multiply_adds = partial(values.judge, MULTIPLY_ADDS)


def challenge(function: str):
    """Returns what draws a challenge of one of the two functions."""

    def draw(seed: str) -> dict[str, Any]:
        rng = challenge_rng(seed, "models", function)
        calls = [
            {"id": name, "input_shape": shape, "layers": layers}
            for name, shape, layers in _models(rng, shared=function == "count_params")
        ]
        return {
            "function": function,
            "capture": "values",
            "seed": seed,
            "returns": "number",
            "stand_ins": {},
            "calls": calls,
        }

    return draw


def _models(rng, *, shared: bool):
    """One model for each kind of layer, then larger ones with all of them."""

    def some(*numbers: int) -> int:
        return int(rng.choice(numbers))

    def conv(x: int, **arguments: Any) -> dict[str, Any]:
        usual = {
            "filters": some(5, 6, 7, 9),
            "kernel_size": [3, 3],
            "strides": [1, 1],
            "padding": "valid",
            "use_bias": True,
        }
        return {"kind": "Conv2D", **usual, **arguments, "inputs": [x]}

    def plain(kind: str, *inputs: int, **arguments: Any) -> dict[str, Any]:
        return {"kind": kind, **arguments, "inputs": list(inputs)}

    def dense(x: int, bias: bool = True) -> dict[str, Any]:
        return plain("Dense", x, units=some(3, 4, 7), use_bias=bias)

    def size() -> list[int]:
        height, width = (int(n) for n in rng.choice([9, 10, 11, 12], 2, replace=False))
        return [height, width, some(2, 3, 4)]

    yield "a convolution", size(), [conv(0)]
    yield "a convolution without bias", size(), [conv(0, use_bias=False)]
    oblong = {"kernel_size": [5, 2], "strides": [2, 1], "padding": "same"}
    yield (
        "a convolution with an oblong window and a stride",
        size(),
        [conv(0, **oblong)],
    )
    yield "a convolution with padding", size(), [conv(0, padding="same")]
    flat = plain("Flatten", 0)
    yield "a dense layer", size(), [flat, dense(1)]
    yield "a dense layer without bias", size(), [flat, dense(1, bias=False)]
    yield "a batch normalisation", size(), [plain("BatchNormalization", 0)]
    if shared:
        twice = conv(0, filters=4, padding="same")
        layers = [twice, {"again": 1, "inputs": [1]}, plain("Add", 1, 2)]
        yield "a layer that is called twice", [*size()[:2], 4], layers
    for name in ("a network", "another network"):
        width = some(6, 8, 10)
        wide = {"filters": width, "padding": "same"}
        yield (
            name,
            [some(15, 17, 19), some(14, 16, 18), 3],
            [
                plain("ZeroPadding2D", 0, padding=[1, 1]),
                conv(1, filters=width, kernel_size=[5, 5], strides=[2, 2]),
                plain("BatchNormalization", 2),
                plain("ReLU", 3),
                plain("MaxPooling2D", 4, pool_size=[2, 2], strides=[1, 1]),
                conv(5, **wide, use_bias=False),
                plain("BatchNormalization", 6),
                plain("Add", 7, 5),
                plain("ReLU", 8),
                conv(9, filters=2 * width, strides=[2, 1], padding="same"),
                plain("GlobalAveragePooling2D", 10),
                dense(11),
            ],
        )
