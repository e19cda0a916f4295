"""Models as plain lists of layers: how a challenge draws them, how they are counted.

The options of the two counts are slips that people make.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from grader import stream
from grader.judge.layers import pair

Layers = Sequence[Mapping[str, Any]]
Shape = tuple[int, ...]


def challenge(function: str):
    """Returns what draws a challenge of one of the two functions."""

    def draw(seed: str) -> dict[str, Any]:
        rng = stream.challenge_rng(seed, "models", function)
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


def shapes(input_shape: Sequence[int], layers: Layers) -> list[Shape]:
    """Shapes of the input and of each layer's output, without the batch axis."""
    found: list[Shape] = [tuple(input_shape)]
    for entry in layers:
        own = layers[entry["again"] - 1] if "again" in entry else entry
        found.append(_output_shape(own, found[entry["inputs"][0]]))
    return found


def _output_shape(entry: Mapping[str, Any], shape: Shape) -> Shape:
    kind = entry["kind"]
    if kind == "Flatten":
        return (math.prod(shape),)
    if kind == "GlobalAveragePooling2D":
        return shape[-1:]
    if kind == "Dense":
        return (*shape[:-1], entry["units"])
    if kind == "ZeroPadding2D":
        rows, columns = pair(entry["padding"])
        return (shape[0] + 2 * rows, shape[1] + 2 * columns, shape[2])
    if kind == "MaxPooling2D":
        return (*_sides(shape, entry["pool_size"], entry["strides"]), shape[-1])
    if kind == "Conv2D":
        window = [1, 1] if entry["padding"] == "same" else entry["kernel_size"]
        return (*_sides(shape, window, entry["strides"]), entry["filters"])
    return shape


def _sides(shape: Shape, window: Any, strides: Any) -> Shape:
    sizes = zip(shape[:2], pair(window), pair(strides), strict=True)
    return tuple((n - w) // s + 1 for n, w, s in sizes)


def params(
    input_shape: Sequence[int],
    layers: Layers,
    *,
    biases: bool = True,
    kernels: bool = True,
    moving: bool = True,
    learned: bool = True,
    dense: bool = True,
    once: bool = True,
    bias_where_none: bool = False,
) -> int:
    """Counts what layers hold; the options are slips, each False but the last."""
    sizes, total = shapes(input_shape, layers), 0
    for entry in layers:
        if "again" in entry and once:
            continue
        own = layers[entry["again"] - 1] if "again" in entry else entry
        channels = sizes[entry["inputs"][0]][-1]
        width = own.get("filters") or own.get("units") or 0
        if own["kind"] == "BatchNormalization":
            total += 2 * channels * (moving + learned)
        elif own["kind"] == "Conv2D" or (own["kind"] == "Dense" and dense):
            window = math.prod(own.get("kernel_size", [1]))
            total += kernels * window * channels * width
            total += width * (biases and (own["use_bias"] or bias_where_none))
    return total


def flops(
    input_shape: Sequence[int],
    layers: Layers,
    *,
    of_input: bool = False,
    window: bool = True,
    channels: bool = True,
    filters: bool = True,
    places: bool = True,
    dense: bool = True,
    convolutions: bool = True,
    biases: bool = False,
    normalisations: bool = False,
    doubled: bool = False,
) -> int:
    """Counts multiply-adds; the options are slips."""
    sizes, total = shapes(input_shape, layers), 0
    for entry, after in zip(layers, sizes[1:], strict=True):
        before = sizes[entry["inputs"][0]]
        kind = entry["kind"]
        if kind == "Conv2D" and convolutions:
            size = before if of_input else after
            area = math.prod(size[:2]) if places else 1
            cost = math.prod(entry["kernel_size"]) if window else 1
            cost *= (before[-1] if channels else 1) * (after[-1] if filters else 1)
            total += area * (cost + (biases and entry["use_bias"]) * after[-1])
        elif kind == "Dense" and dense:
            total += before[-1] * after[-1] + (biases and entry["use_bias"]) * after[-1]
        elif kind == "BatchNormalization" and normalisations:
            total += math.prod(after)
    return total * (2 if doubled else 1)
