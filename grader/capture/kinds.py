"""What a Keras operation is, read from its class object and never from a name."""

import functools
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from grader.capture import keras_operations
from grader.capture.initializer import describe_initializer
from grader.capture.standins import BlockStandIn

_WINDOW = ["kernel_size", "strides", "padding", "data_format", "dilation_rate"]
_CONV = ["filters", *_WINDOW, "groups", "use_bias"]
_POOL = ["pool_size", "strides", "padding", "data_format"]

#: Layers with a kernel, and an activation of their own.
KERNELS = ("Conv2D", "Dense", "DepthwiseConv2D", "SeparableConv2D", "Conv2DTranspose")
#: The hyperparameters that are written down for each class of layer.
LAYERS: dict[str, list[str]] = {
    "Conv2D": _CONV,
    "Dense": ["units", "use_bias"],
    "BatchNormalization": ["axis", "momentum", "epsilon", "center", "scale"],
    "ZeroPadding2D": ["padding", "data_format"],
    "MaxPooling2D": _POOL,
    "AveragePooling2D": _POOL,
    "GlobalAveragePooling2D": ["keepdims", "data_format"],
    "GlobalMaxPooling2D": ["keepdims", "data_format"],
    "Flatten": ["data_format"],
    "Reshape": ["target_shape"],
    "Activation": [],
    "ReLU": ["max_value", "negative_slope", "threshold"],
    "LeakyReLU": ["negative_slope"],
    "ELU": ["alpha"],
    "PReLU": [],
    "Softmax": ["axis"],
    "Add": [],
    "Subtract": [],
    "Multiply": [],
    "Average": [],
    "Maximum": [],
    "Minimum": [],
    "Concatenate": ["axis"],
    "Identity": [],
    "Dropout": ["rate"],
    "SpatialDropout2D": ["rate"],
    "GaussianNoise": ["stddev"],
    "GaussianDropout": ["rate"],
    "LayerNormalization": ["axis", "epsilon", "center", "scale"],
    "GroupNormalization": ["groups", "axis", "epsilon", "center", "scale"],
    "DepthwiseConv2D": ["depth_multiplier", *_WINDOW, "use_bias"],
    "SeparableConv2D": ["filters", "depth_multiplier", *_WINDOW, "use_bias"],
    "Conv2DTranspose": ["filters", *_WINDOW, "output_padding", "use_bias"],
    "UpSampling2D": ["size", "interpolation", "data_format"],
    "Cropping2D": ["cropping"],
    "Permute": ["dims"],
    "Rescaling": ["scale", "offset"],
    "Lambda": [],
    "InputLayer": [],
}

#: Layers that draw at random; they are called with training=False by default.
RANDOM = (
    keras.layers.Dropout,
    keras.layers.SpatialDropout2D,
    keras.layers.GaussianDropout,
    keras.layers.GaussianNoise,
)

ACTIVATIONS = (
    "relu",
    "softmax",
    "linear",
    "sigmoid",
    "tanh",
    "elu",
    "selu",
    "gelu",
    "silu",
    "softplus",
    "softsign",
    "leaky_relu",
    "relu6",
    "exponential",
    "hard_sigmoid",
    "hard_silu",
    "mish",
    "log_softmax",
)


def _operation(tensor: Any) -> Any:
    return tensor._keras_history.operation


@functools.cache
def _layer_classes() -> dict[type, str]:
    return {getattr(keras.layers, kind): kind for kind in LAYERS}


@functools.cache
def _operation_classes() -> dict[type, tuple[str, dict[str, Any]]]:
    probe = keras.KerasTensor((1, 2, 2, 4))
    kinds = (*keras_operations.KINDS.items(), *keras_operations.MORE)
    table: dict[type, tuple[str, dict[str, Any]]] = {
        type(_operation(call(probe))): (kind, {}) for kind, call in kinds
    }
    for name, call in keras_operations.ACTIVATIONS.items():
        table[type(_operation(call(probe)))] = ("Activation", {"activation": name})
    return table


@functools.cache
def _activation_functions() -> dict[Any, str]:
    named = {getattr(keras.activations, name): name for name in ACTIVATIONS}
    named |= {call: name for name, call in keras_operations.ACTIVATIONS.items()}
    return named | {tf.nn.relu: "relu", tf.nn.softmax: "softmax"}


def activation_name(function: Any) -> str:
    """Names an activation function, or gives `custom` for an unknown one."""
    if type(function) is keras.layers.Activation:
        return activation_name(function.activation)
    if type(function) is keras.layers.ReLU:
        plain_relu = function.max_value is None and not (
            function.negative_slope or function.threshold
        )
        return "relu" if plain_relu else "custom"
    try:
        return _activation_functions().get(function, "custom")
    except TypeError:
        return "custom"


def plain(value: Any) -> Any:
    """Turns a hyperparameter into JSON, unknown objects into their class's name."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return float(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return f"<{type(value).__name__}>"


def _windows(kind: str, config: dict[str, Any]) -> dict[str, Any]:
    """The windows of an operation that pools, written as its layer has them."""
    if not kind.endswith("Pooling2D"):
        return config
    config["strides"] = config["strides"] or config["pool_size"]
    both = {name: config[name] for name in ("pool_size", "strides")}
    return config | {n: [v] * 2 if isinstance(v, int) else v for n, v in both.items()}


def describe(operation: Any) -> tuple[str, dict[str, Any]]:
    """Returns an operation's kind and hyperparameters.

    The kind is `Unknown` for what is not in the tables, a subclass included.
    """
    cls = type(operation)
    if cls is BlockStandIn:
        return "Block", dict(operation.record)
    kind = _layer_classes().get(cls)
    if kind is not None:
        config = {name: plain(getattr(operation, name)) for name in LAYERS[kind]}
        if kind in (*KERNELS, "Activation"):
            config["activation"] = activation_name(operation.activation)
        if kind in ("Conv2D", "Dense"):
            for name in ("kernel_initializer", "bias_initializer"):
                config[name] = describe_initializer(getattr(operation, name))
            for name in ("kernel_regularizer", "kernel_constraint"):
                config[name] = getattr(operation, name) is not None
        return kind, config
    if cls in _operation_classes():
        kind, config = _operation_classes()[cls]
        config = dict(config)
        for name in keras_operations.SETTINGS:
            if hasattr(operation, name):
                config[name] = plain(getattr(operation, name))
        return kind, _windows(kind, config)
    layer = isinstance(operation, keras.layers.Layer)
    return "Unknown", {"class": cls.__name__, "operation": not layer}
