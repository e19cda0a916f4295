"""Operations of `keras.ops` that are read, and what is written down of each."""

from collections.abc import Callable
from typing import Any

import keras

#: Calls that show each kind's class.
KINDS: dict[str, Callable[[Any], Any]] = {
    "Add": lambda x: keras.ops.add(x, x),
    "Subtract": lambda x: keras.ops.subtract(x, x),
    "Multiply": lambda x: keras.ops.multiply(x, x),
    "Divide": lambda x: keras.ops.divide(x, x),
    "Maximum": lambda x: keras.ops.maximum(x, x),
    "Minimum": lambda x: keras.ops.minimum(x, x),
    "Power": lambda x: keras.ops.power(x, x),
    "Concatenate": lambda x: keras.ops.concatenate([x, x], axis=-1),
    "Stack": lambda x: keras.ops.stack([x, x]),
    "Reshape": lambda x: keras.ops.reshape(x, (-1, 4)),
    "Transpose": lambda x: keras.ops.transpose(x, (0, 2, 1, 3)),
    "Squeeze": lambda x: keras.ops.squeeze(x, 0),
    "ExpandDims": lambda x: keras.ops.expand_dims(x, 0),
    "Pad": lambda x: keras.ops.pad(x, [(0, 0)] * 4),
    "GetItem": lambda x: x[:, ::2],
    "Mean": lambda x: keras.ops.mean(x, axis=(1, 2)),
    "Sum": lambda x: keras.ops.sum(x, axis=(1, 2)),
    "Max": lambda x: keras.ops.max(x, axis=(1, 2)),
    "Min": lambda x: keras.ops.min(x, axis=(1, 2)),
    "LogSumExp": lambda x: keras.ops.logsumexp(x, axis=1),
    "AveragePooling2D": lambda x: keras.ops.average_pool(x, 1),
    "MaxPooling2D": lambda x: keras.ops.max_pool(x, 1),
    "Exp": keras.ops.exp,
    "Log": keras.ops.log,
    "Absolute": keras.ops.absolute,
    "Negative": keras.ops.negative,
    "Square": keras.ops.square,
    "Sqrt": keras.ops.sqrt,
    "Reciprocal": keras.ops.reciprocal,
    "Clip": lambda x: keras.ops.clip(x, 0, 1),
    "Where": lambda x: keras.ops.where(x > 0, x, x),
    "Greater": lambda x: x > 0,
    "GreaterEqual": lambda x: x >= 0,
    "Less": lambda x: x < 0,
    "LessEqual": lambda x: x <= 0,
    "Cast": lambda x: keras.ops.cast(x, "int32"),
    "ZerosLike": keras.ops.zeros_like,
    "OnesLike": keras.ops.ones_like,
}
#: Others that are of the same kinds.
MORE: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("Divide", lambda x: x / 2),
    ("Absolute", abs),
    ("ReLU", lambda x: keras.activations.relu(x)),
)
ACTIVATIONS: dict[str, Callable[[Any], Any]] = {
    "relu": keras.ops.relu,
    "softmax": keras.ops.softmax,
    "log_softmax": keras.ops.log_softmax,
    "sigmoid": keras.ops.sigmoid,
    "tanh": keras.ops.tanh,
    "elu": keras.ops.elu,
    "selu": keras.ops.selu,
    "gelu": keras.ops.gelu,
    "silu": keras.ops.silu,
    "softplus": keras.ops.softplus,
    "leaky_relu": keras.ops.leaky_relu,
    "relu6": keras.ops.relu6,
}
#: What is written down where an operation has it.
SETTINGS = (
    "axis",
    "approximate",
    "axes",
    "keepdims",
    "negative_slope",
    "max_value",
    "threshold",
    "newshape",
    "pad_width",
    "mode",
    "x_min",
    "x_max",
    "dtype",
    "pool_size",
    "strides",
    "padding",
    "data_format",
)
