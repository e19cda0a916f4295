"""Weights of a layer's variables: drawn by a challenge, or as they were captured."""

from collections.abc import Callable

import numpy as np

from grader.challenge import challenge_weight
from grader.judge import layers
from grader.judge.layers import Attrs
from grader.judge.network.graph import Node

#: Roles of the kernels of a separable convolution: a capture has no words for them.
DEPTHWISE, POINTWISE = "other_0", "other_1"
#: Numbers that are kept: those of a ResNet-50 are 25 million.
_MOST_KEPT = 40_000_000

#: Gives a layer's variable: `weights(node, role, shape) -> array of shape`.
Weights = Callable[[Node, str, tuple[int, ...]], np.ndarray]


class NotComputable(Exception):
    """A graph that the NumPy pass cannot compute: it names the layer, and why."""


class AtRandom(NotComputable):
    """A layer that draws at random in training."""


class WrongWeights(NotComputable):
    """A layer whose captured weights are not of the shapes that its kind has."""


class Drawn:
    """What a challenge draws for variables; several passes over a graph draw it once.

    Args:
        seed: the challenge's.
    """

    def __init__(self, seed: str):
        self._seed = seed
        self._kept: dict[tuple[int, str, tuple[int, ...]], np.ndarray] = {}
        self._left = _MOST_KEPT

    def __call__(self, place: int, role: str, shape: tuple[int, ...]) -> np.ndarray:
        """As `challenge_weight`."""
        key = (place, role, shape)
        if key in self._kept:
            return self._kept[key]
        drawn = challenge_weight(self._seed, place, role, shape)
        if drawn.size <= self._left:
            self._left -= drawn.size
            self._kept[key] = drawn
        return drawn


def challenge_weights(seed: str) -> Weights:
    """Draws each variable as the capture did, keyed by the layer's number."""
    drawn = Drawn(seed)

    def draw(node: Node, role: str, shape: tuple[int, ...]) -> np.ndarray:
        captured = node.variables.get(role)
        if node.variables and (captured is None or captured.shape != shape):
            raise WrongWeights(f"{node.label}: its {role} is not of shape {shape}")
        return drawn(node.operation, role, shape)

    return draw


def initial_weights(node: Node, role: str, shape: tuple[int, ...]) -> np.ndarray:
    """Takes each variable as captured before any training."""
    variable = node.variables.get(role)
    if variable is None or variable.shape != shape:
        raise WrongWeights(f"{node.label}: its {role} is not of shape {shape}")
    if variable.initial.step != 1:
        raise NotComputable(f"{node.label}: its {role} was not captured whole")
    return variable.initial.whole


def variable_shapes(node: Node, shape: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """Returns the shapes of a layer's variables, by role.

    Args:
        node: the layer.
        shape: of its input, without the batch axis.
    """
    attrs = node.attrs
    if node.kind == "Conv2D":
        inputs = shape[-1] // attrs.get("groups", 1)
        kernel = (*layers.pair(attrs["kernel_size"]), inputs, attrs["filters"])
        bias = (attrs["filters"],)
    elif node.kind == "Dense":
        kernel, bias = (shape[-1], attrs["units"]), (attrs["units"],)
    elif node.kind == "DepthwiseConv2D":
        times = attrs.get("depth_multiplier", 1)
        kernel = (*layers.pair(attrs["kernel_size"]), shape[-1], times)
        bias = (shape[-1] * times,)
    elif node.kind == "Conv2DTranspose":
        kernel = (*layers.pair(attrs["kernel_size"]), attrs["filters"], shape[-1])
        bias = (attrs["filters"],)
    elif node.kind == "SeparableConv2D":
        return _separable(attrs, shape)
    elif node.kind.endswith("Normalization"):
        return _normalising(node.kind, attrs, shape)
    else:
        return {}
    return {"kernel": kernel} | ({"bias": bias} if attrs.get("use_bias", True) else {})


def _separable(attrs: Attrs, shape: tuple[int, ...]) -> dict[str, tuple[int, ...]]:
    """A depthwise convolution, and one of 1×1 behind it."""
    width, times = attrs["filters"], attrs.get("depth_multiplier", 1)
    window = layers.pair(attrs["kernel_size"])
    return {
        **({"bias": (width,)} if attrs.get("use_bias", True) else {}),
        DEPTHWISE: (*window, shape[-1], times),
        POINTWISE: (1, 1, shape[-1] * times, width),
    }


def _normalising(
    kind: str, attrs: Attrs, shape: tuple[int, ...]
) -> dict[str, tuple[int, ...]]:
    width = (shape[attrs["axis"] - 1],)
    learned = [("gamma", attrs.get("scale", True)), ("beta", attrs.get("center", True))]
    roles = [role for role, used in learned if used]
    if kind == "BatchNormalization":
        roles += ["moving_mean", "moving_variance"]
    return dict.fromkeys(roles, width)
