"""What a model of plain layers costs: parameters and multiply-adds.

A model is a list of layers as a challenge has it: kind, arguments, and the numbers of
its `inputs` (0 is the model's input); `again` names a layer that is called once more.
The options of the two counts are slips that people make.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from grader.judge.sizes import Shape, output_shape

Layers = Sequence[Mapping[str, Any]]


def shapes(input_shape: Sequence[int], layers: Layers) -> list[Shape]:
    """Shapes of the input and of each layer's output, without the batch axis."""
    found: list[Shape] = [tuple(input_shape)]
    for entry in layers:
        own = layers[entry["again"] - 1] if "again" in entry else entry
        source = found[entry["inputs"][0]]
        found.append(output_shape(own["kind"], own, source))
    return found


def parameters(
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


def multiply_adds(
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
    bias_where_none: bool = False,
    normalisations: bool = False,
    doubled: bool = False,
) -> int:
    """Counts multiply-adds; the options are slips."""

    def has_bias(entry: Mapping[str, Any]) -> bool:
        return bias_where_none or entry["use_bias"]

    sizes, total = shapes(input_shape, layers), 0
    for entry, after in zip(layers, sizes[1:], strict=True):
        before = sizes[entry["inputs"][0]]
        kind = entry["kind"]
        if kind == "Conv2D" and convolutions:
            size = before if of_input else after
            area = math.prod(size[:2]) if places else 1
            cost = math.prod(entry["kernel_size"]) if window else 1
            cost *= (before[-1] if channels else 1) * (after[-1] if filters else 1)
            total += area * (cost + (biases and has_bias(entry)) * after[-1])
        elif kind == "Dense" and dense:
            total += before[-1] * after[-1] + (biases and has_bias(entry)) * after[-1]
        elif kind == "BatchNormalization" and normalisations:
            total += math.prod(after)
    return total * (2 if doubled else 1)
