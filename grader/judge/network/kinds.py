"""The kinds of layers that rows have, with their hyperparameters."""

from collections.abc import Mapping
from typing import Any

_WINDOWED: Mapping[str, Any] = {
    "kernel_size": None,
    "strides": 1,
    "padding": "valid",
    "dilation_rate": 1,
}
_WITH_BIAS: Mapping[str, Any] = {"use_bias": True, "data_format": "channels_last"}
_POOLING: Mapping[str, Any] = {"pool_size": None, "strides": None, "padding": "valid"}
_SCALED: Mapping[str, Any] = {"epsilon": 1e-3, "center": True, "scale": True}

#: Hyperparameters of each kind in their order, as they usually are; None where there
#: is no usual one. The strides of a pooling are usually its window.
USUAL_SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "Conv2D": {"filters": None, **_WINDOWED, "groups": 1, **_WITH_BIAS},
    "DepthwiseConv2D": {**_WINDOWED, "depth_multiplier": 1, **_WITH_BIAS},
    "SeparableConv2D": {
        "filters": None,
        **_WINDOWED,
        "depth_multiplier": 1,
        **_WITH_BIAS,
    },
    "Conv2DTranspose": {
        "filters": None,
        **_WINDOWED,
        "output_padding": None,
        **_WITH_BIAS,
    },
    "Dense": {"units": None, "use_bias": True},
    "BatchNormalization": {"axis": 3, **_SCALED},
    "LayerNormalization": {"axis": 3, **_SCALED},
    "GroupNormalization": {"groups": 32, "axis": 3, **_SCALED},
    "Activation": {"activation": None},
    "Add": {},
    "Subtract": {},
    "Multiply": {},
    "Average": {},
    "Maximum": {},
    "Minimum": {},
    "Concatenate": {"axis": 3},
    "ZeroPadding2D": {"padding": None},
    "Cropping2D": {"cropping": None},
    "UpSampling2D": {"size": None, "interpolation": "nearest"},
    "MaxPooling2D": _POOLING,
    "AveragePooling2D": _POOLING,
    "GlobalAveragePooling2D": {"keepdims": False},
    "GlobalMaxPooling2D": {"keepdims": False},
    "Flatten": {},
    "Reshape": {"target_shape": None},
    "Dropout": {"rate": None},
    "SpatialDropout2D": {"rate": None},
}
#: Kinds of rows that are an activation, with the name of its function.
ACTIVATIONS: Mapping[str, str] = {
    "ReLU": "relu",
    "Softmax": "softmax",
    "LeakyReLU": "leaky_relu",
    "ELU": "elu",
}
#: What an activation is beside its function, as it usually is. A row may say otherwise.
OPTIONS: Mapping[str, Mapping[str, Any]] = {
    "relu": {"max_value": None, "negative_slope": 0.0, "threshold": 0.0},
    "leaky_relu": {"negative_slope": 0.2},
    "elu": {"alpha": 1.0},
    "gelu": {"approximate": False},
    "softmax": {"axis": -1},
}
#: Of a row, the call of a function, and rounds.
CALLS = ("Block", "Repeat")
#: All that a row may be, but for these.
KINDS = (*USUAL_SETTINGS, *ACTIVATIONS)
#: Hyperparameters that are alike for rows and columns.
WINDOWS = ("kernel_size", "strides", "pool_size", "dilation_rate", "size")
#: Those that one need not tell, though they follow from others.
_SPARE = ("strides", "output_padding")
#: Those that are so on both sides, too.
BORDERS = ("ZeroPadding2D", "Cropping2D")


def options(function: object) -> Mapping[str, Any]:
    """What an activation has beside its function, as it usually is."""
    return OPTIONS.get(str(function), {})


def settings_of(kind: str) -> tuple[str, ...]:
    """The hyperparameters that a row of a kind may have."""
    if kind in ACTIVATIONS:
        return tuple(options(ACTIVATIONS[kind]))
    if kind == "Activation":
        every = (name for each in OPTIONS.values() for name in each)
        return ("activation", *dict.fromkeys(every))
    return tuple(USUAL_SETTINGS[kind])


def needed(kind: str) -> tuple[str, ...]:
    """The hyperparameters that a row of a kind has to have."""
    usual = USUAL_SETTINGS.get(kind, {})
    return tuple(n for n, v in usual.items() if v is None and n not in _SPARE)


def attrs_of(kind: str, settings: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """What a row's layer is in a graph: its kind, and its hyperparameters."""
    if kind in ACTIVATIONS:
        settings = {"activation": ACTIVATIONS[kind], **settings}
        kind = "Activation"
    if kind == "Activation":
        usual = options(settings["activation"])
        own = {n: v for n, v in settings.items() if n not in usual or usual[n] != v}
        if own == {"activation": "relu", "max_value": 6}:
            own = {"activation": "relu6"}
        return kind, own
    attrs = {**USUAL_SETTINGS[kind], **settings}
    if attrs.get("strides", 1) is None:
        attrs["strides"] = attrs["pool_size"]
    for name, value in attrs.items():
        if name in WINDOWS and not isinstance(value, tuple):
            attrs[name] = (value, value)
        elif kind in BORDERS and not isinstance(value, tuple):
            attrs[name] = ((value, value), (value, value))
    return kind, attrs
