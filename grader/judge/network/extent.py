"""How much a layer computes, known before it is computed."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from grader.judge import layers
from grader.judge.network.graph import KERNELS, Node
from grader.judge.network.weights_for import variable_shapes
from grader.judge.sizes import output_shape

#: How many multiplications drawing one weight is worth.
_DRAWING = 100


def extent(node: Node, inputs: list[Any]) -> tuple[int, int]:
    """How many numbers a layer gives at most, and what they cost."""
    tensors = [i for i in inputs if isinstance(i, np.ndarray)]
    x = tensors[0]
    attrs = node.attrs
    if node.kind in KERNELS:
        return _of_kernel(node, x)
    if node.kind == "UpSampling2D":
        size = x.size * math.prod(layers.pair(attrs["size"]))
    elif node.kind == "Block":
        size = x.size // x.shape[-1] * width_of(attrs)
    elif node.kind in ("Concatenate", "Stack"):
        size = sum(tensor.size for tensor in tensors)
    elif len(tensors) == 1:
        size = x.size
    else:
        most = max(tensor.ndim for tensor in tensors)
        shapes = [(len(t), *(1,) * (most - t.ndim), *t.shape[1:]) for t in tensors]
        size = math.prod(np.broadcast_shapes(*shapes))
    return size, size


def _of_kernel(node: Node, x: np.ndarray) -> tuple[int, int]:
    """The same of a layer whose kernel meets each of some places."""
    attrs = node.attrs
    shapes = variable_shapes(node, x.shape[1:])
    kernels = sum(math.prod(s) for role, s in shapes.items() if role != "bias")
    places = given = x.size // x.shape[-1]
    width = x.shape[-1] * attrs.get("depth_multiplier", 1)
    width = attrs.get("filters", attrs.get("units", width))
    if node.kind == "Conv2DTranspose":
        given = len(x) * math.prod(output_shape(node.kind, attrs, x.shape[1:])[:2])
    elif node.kind != "Dense":
        down, right = layers.pair(attrs.get("strides", 1))
        places = given = len(x) * -(-x.shape[1] // down) * -(-x.shape[2] // right)
    return given * width, (places + _DRAWING) * kernels


def width_after(kind: str, attrs: Mapping[str, Any], taken: Sequence[int]) -> int:
    """Channels that a layer gives; 0 where they depend on rows and columns.

    Args:
        kind: of the layer, or of a recorded call.
        attrs: its hyperparameters.
        taken: the channels of what it takes.
    """
    if kind == "Block":
        return width_of(attrs)
    if kind == "Flatten":
        return 0
    if kind == "Concatenate":
        return sum(taken)
    if kind == "Reshape":
        return max(attrs["target_shape"][-1], 0)
    kept = max(taken) * attrs.get("depth_multiplier", 1)
    return attrs.get("filters", attrs.get("units", kept))


def width_of(attrs: Mapping[str, Any]) -> int:
    """Channels that a recorded call of a block gives."""
    return attrs["width"] if "width" in attrs else attrs["filters"][-1]
