"""The NumPy forward pass over a graph: the judge's independent oracle."""

import functools
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from grader.challenge import block_scale
from grader.judge import activations, layers
from grader.judge.network.extent import extent, width_of
from grader.judge.network.graph import Graph, Node
from grader.judge.network.primitives import PRIMITIVES, Primitive
from grader.judge.network.weights_for import (
    DEPTHWISE,
    POINTWISE,
    AtRandom,
    NotComputable,
    Weights,
    challenge_weights,
    variable_shapes,
)

#: The seed of passes whose numbers are only compared with each other.
NO_DRAWS = "equivalence"
#: Numbers that one layer may give, and that all may hold at a time: some ten times
#: what the lessons need.
MAX_SIZE = 20_000_000
MAX_HELD = 60_000_000
#: Multiplications of a whole pass; a ResNet50 of images of 96 by 128 has 2e9.
MAX_WORK = 10_000_000_000


@np.errstate(all="ignore")
def forward(
    graph: Graph,
    x: np.ndarray,
    weights: Weights,
    *,
    training: bool = False,
    seed: str = "",
) -> np.ndarray:
    """Computes a graph's output.

    Args:
        graph: of the kinds in the allow-list.
        x: input, shape (m, height, width, channels).
        weights: where variables come from.
        training: batch statistics in each BatchNormalization; otherwise only in
            those that were called with `training=True`.
        seed: the challenge's, for stand-ins of blocks.

    Returns:
        float64 array.

    Raises:
        NotComputable: if a layer is of a kind that is not simulated, if shapes do not
            fit, or if there is too much to compute.
    """
    values: dict[int, Any] = {0: np.asarray(x, dtype=np.float64)}
    last_use = {source: i for i in graph.order for source in graph.nodes[i].sources}
    last_use[graph.output] = -1
    left, held = MAX_WORK, values[0].size
    for index in graph.order:
        node = graph.nodes[index]
        inputs = [values[i] if isinstance(i, int) else i for i in node.inputs]
        compute = _COMPUTE.get(node.kind)
        if compute is None:
            label = node.name if node.kind == "Unknown" else node.label
            raise NotComputable(f"{label} is not a layer that is simulated")
        mode = training or bool(node.training)
        try:
            size, work = extent(node, inputs)
            left -= work
            if size > MAX_SIZE or left < 0:
                raise ValueError("too large to compute")
            values[index] = compute(node, inputs, weights, mode, seed)
        except (ValueError, LookupError, TypeError, ArithmeticError) as error:
            raise NotComputable(f"{node.label}: {error}") from error
        if values[index].size > MAX_SIZE:
            raise NotComputable(f"{node.label}: its output is too large to compute")
        held += values[index].size
        if held > MAX_HELD:
            raise NotComputable(f"{node.label}: too many layers wait for others")
        for source in set(node.sources):
            if last_use[source] == index:
                held -= values.pop(source).size
    return values[graph.output]


def computes(graph: Graph, x: np.ndarray, seed: str) -> bool:
    """Whether a graph can be computed, with the challenge's weights."""
    try:
        forward(graph, x, challenge_weights(seed), seed=seed)
    except NotComputable:
        return False
    return True


def _draw(node: Node, x: np.ndarray, weights: Weights) -> dict[str, np.ndarray]:
    shapes = variable_shapes(node, x.shape[1:])
    return {role: weights(node, role, shape) for role, shape in shapes.items()}


def _activate(node: Node, y: np.ndarray) -> np.ndarray:
    name = node.attrs.get("activation", "linear")
    function = activations.ACTIVATIONS.get(name)
    if function is None:
        raise NotComputable(f"{node.label}: activation {name!r} is not simulated")
    if name == "relu":
        return activations.relu(y, node.attrs)
    if name == "gelu":
        return function(y, bool(node.attrs.get("approximate")))
    if name in ("softmax", "log_softmax"):
        return function(y, node.attrs.get("axis", -1))
    if name == "leaky_relu":
        return activations.relu(y, {"negative_slope": 0.2, **node.attrs})
    if name == "elu":
        return function(y, node.attrs.get("alpha", 1.0))
    return function(y)


def _kernel(function: Callable[[np.ndarray, np.ndarray, Any], np.ndarray]):
    """A layer with a kernel, and a bias if it has one."""

    def compute(node, inputs, weights, training, seed):
        drawn = _draw(node, inputs[0], weights)
        y = function(inputs[0], drawn["kernel"], node.attrs)
        return _activate(node, y + drawn.get("bias", 0.0))

    return compute


def _separable(node, inputs, weights, training, seed):
    drawn = _draw(node, inputs[0], weights)
    kernels = drawn[DEPTHWISE], drawn[POINTWISE]
    y = layers.separable(inputs[0], kernels, node.attrs)
    return _activate(node, y + drawn.get("bias", 0.0))


def _normalised(function):
    def compute(node, inputs, weights, training, seed):
        return function(inputs[0], _draw(node, inputs[0], weights), node.attrs)

    return compute


def _batch_norm(node, inputs, weights, training, seed):
    drawn = _draw(node, inputs[0], weights)
    mode = training and node.trainable
    return layers.normalise(inputs[0], drawn, node.attrs, mode)


def _dropout(node, inputs, weights, training, seed):
    """What is left out; numbers that stand for a draw where two graphs are compared."""
    x, rate = inputs[0], node.attrs.get("rate", 0.0)
    if not training or not rate:
        return x
    if seed != NO_DRAWS:
        raise AtRandom(f"{node.label} draws at random in training")
    shape = x.shape if node.kind == "Dropout" else (len(x), 1, 1, x.shape[-1])
    return x * (1 + rate * np.cos(np.arange(math.prod(shape)))).reshape(shape)


def _merge(function):
    def compute(node, inputs, weights, training, seed):
        if any(isinstance(i, float) and np.isnan(i) for i in inputs):
            raise NotComputable(f"{node.label} takes something that is not a tensor")
        result, *others = _aligned(inputs)
        for other in others:
            result = function(result, other)
        return result

    return compute


def _aligned(inputs: list[Any]) -> list[Any]:
    """Tensors with axes of 1 behind the batch, where others have more axes."""
    most = max(np.ndim(x) for x in inputs)
    return [
        x.reshape(len(x), *(1,) * (most - x.ndim), *x.shape[1:]) if np.ndim(x) else x
        for x in inputs
    ]


def _concatenate(node, inputs, weights, training, seed):
    tensors = [i for i in inputs if isinstance(i, np.ndarray)]
    return np.concatenate(tensors, axis=node.attrs.get("axis", -1))


def _average(node, inputs, weights, training, seed):
    return sum(inputs) / len(inputs)


def _global(function):
    def compute(node, inputs, weights, training, seed):
        keep = bool(node.attrs.get("keepdims"))
        return function(inputs[0], axis=(1, 2), keepdims=keep)

    return compute


def _pad(node, inputs, weights, training, seed):
    x, attrs = inputs[0], node.attrs
    value = inputs[1] if len(inputs) > 1 else 0.0
    if attrs.get("mode", "constant") != "constant" or np.isnan(value):
        raise NotComputable(f"{node.label} does not pad with a number")
    widths = [layers.pair(side) for side in attrs["pad_width"]]
    sizes = (n + sum(sides) for n, sides in zip(x.shape, widths, strict=True))
    if min(min(sides) for sides in widths) < 0 or math.prod(sizes) > MAX_SIZE:
        raise ValueError("too large to compute")
    return np.pad(x, widths, constant_values=value)


def _primitive(function: Primitive):
    def compute(node, inputs, weights, training, seed):
        if any(isinstance(i, float) and np.isnan(i) for i in inputs):
            raise NotComputable(f"{node.label} takes something that is not a tensor")
        return function(inputs, node.attrs)

    return compute


def _flatten(node, inputs, weights, training, seed):
    return inputs[0].reshape(len(inputs[0]), -1)


def _reshape(node, inputs, weights, training, seed):
    x, attrs = inputs[0], node.attrs
    if "target_shape" in attrs:
        return x.reshape(len(x), *attrs["target_shape"])
    return x.reshape(attrs["newshape"])


@functools.lru_cache(maxsize=64, typed=True)
def _scales(seed: str, place: int, width: int, channels: int) -> np.ndarray:
    """The scales of a block's channels: several passes over a graph draw them once."""
    drawn = block_scale(seed, place, width)
    return np.resize(drawn, -(-width // channels) * channels).reshape(-1, channels)


def _block(node, inputs, weights, training, seed):
    x, attrs = inputs[0], node.attrs
    width, channels = width_of(attrs), x.shape[-1]
    kept = x[:, :: attrs["s"], :: attrs["s"]]
    kept = kept if attrs.get("linear") else np.abs(kept)
    # the channels over again until there are enough, a scale for each
    scales = _scales(seed, attrs["place"], width, channels)
    if len(scales) == 1:
        return kept[..., :width] * scales[0, :width]
    taken = kept[..., np.newaxis, :] * scales
    return taken.reshape(*kept.shape[:-1], -1)[..., :width]


def _plain(function: Callable[[np.ndarray, Mapping[str, Any]], np.ndarray]):
    def compute(node, inputs, weights, training, seed):
        return function(inputs[0], node.attrs)

    return compute


_COMPUTE: dict[str, Callable[[Node, list, Weights, bool, str], Any]] = {
    **{kind: _primitive(function) for kind, function in PRIMITIVES.items()},
    "Conv2D": _kernel(layers.convolve),
    "Dense": _kernel(lambda x, kernel, attrs: x @ kernel),
    "DepthwiseConv2D": _kernel(layers.depthwise),
    "SeparableConv2D": _separable,
    "Conv2DTranspose": _kernel(layers.convolve_transposed),
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _normalised(layers.normalise_features),
    "GroupNormalization": _normalised(layers.normalise_groups),
    "Activation": lambda node, inputs, *_: _activate(node, inputs[0]),
    "ReLU": _plain(activations.relu),
    "LeakyReLU": _plain(activations.relu),
    "ELU": _plain(lambda x, attrs: activations.elu(x, attrs["alpha"])),
    "Softmax": _plain(lambda x, attrs: activations.softmax(x, attrs.get("axis", -1))),
    "ZeroPadding2D": _plain(layers.zero_pad),
    "Cropping2D": _plain(layers.crop),
    "UpSampling2D": _plain(layers.repeat),
    "MaxPooling2D": _plain(layers.max_pool),
    "AveragePooling2D": _plain(layers.average_pool),
    "GlobalAveragePooling2D": _global(np.mean),
    "GlobalMaxPooling2D": _global(np.max),
    "Pad": _pad,
    "Flatten": _flatten,
    "Reshape": _reshape,
    "Identity": lambda node, inputs, *_: inputs[0],
    "Dropout": _dropout,
    "SpatialDropout2D": _dropout,
    "Add": _merge(np.add),
    "Subtract": _merge(np.subtract),
    "Multiply": _merge(np.multiply),
    "Divide": _merge(np.divide),
    "Maximum": _merge(np.maximum),
    "Minimum": _merge(np.minimum),
    "Average": _average,
    "Concatenate": _concatenate,
    "Block": _block,
}
