"""Lesson 4's counts of parameters and multiply-adds: models and prices."""

from collections.abc import Iterator
from typing import Any

from grader.exercise.ranges import Call, OneOf, Times, TwoOf, call
from grader.judge import count_slips
from grader.judge.counts import multiply_adds, parameters
from grader.judge.values import Counting

PARAMETERS = Counting(
    "count_params",
    parameters,
    points=8,
    slip=3,
    several=5,
    failed=3,
    sentence="The count is of all numbers that the layers hold: kernels, biases, and "
    "four a channel for a batch normalisation.",
    slips=count_slips.PARAMETERS,
)
MULTIPLY_ADDS = Counting(
    "count_flops",
    multiply_adds,
    points=12,
    slip=4,
    several=8,
    failed=4,
    sentence="A convolution costs output places × filters × window × channels in, a "
    "dense layer inputs × units; nothing else is counted.",
    slips=count_slips.MULTIPLY_ADDS,
)

_SIZE = (TwoOf(9, 10, 11, 12), OneOf(2, 3, 4))
_WIDTH = {"width": OneOf(6, 8, 10)}
_OBLONG = {"kernel_size": [5, 2], "strides": [2, 1], "padding": "same"}


def _layer(kind: str, *inputs: int, **arguments: Any) -> dict[str, Any]:
    return {"kind": kind, **arguments, "inputs": inputs}


def _conv(x: int, **arguments: Any) -> dict[str, Any]:
    usual = {
        "filters": OneOf(5, 6, 7, 9),
        "kernel_size": [3, 3],
        "strides": [1, 1],
        "padding": "valid",
        "use_bias": True,
    }
    return _layer("Conv2D", x, **{**usual, **arguments})


def _dense(x: int, *, bias: bool = True) -> dict[str, Any]:
    return _layer("Dense", x, units=OneOf(3, 4, 7), use_bias=bias)


_FLAT = _layer("Flatten", 0)
_TWICE = (_conv(0, filters=4, padding="same"), {"again": 1, "inputs": [1]})
_WIDE = {"filters": Times(1, "width"), "padding": "same"}
_NETWORK = (
    _layer("ZeroPadding2D", 0, padding=[1, 1]),
    _conv(1, filters=Times(1, "width"), kernel_size=[5, 5], strides=[2, 2]),
    _layer("BatchNormalization", 2),
    _layer("ReLU", 3),
    _layer("MaxPooling2D", 4, pool_size=[2, 2], strides=[1, 1]),
    _conv(5, **_WIDE, use_bias=False),
    _layer("BatchNormalization", 6),
    _layer("Add", 7, 5),
    _layer("ReLU", 8),
    _conv(9, filters=Times(2, "width"), strides=[2, 1], padding="same"),
    _layer("GlobalAveragePooling2D", 10),
    _dense(11),
)


def _model(name: str, *layers: dict[str, Any], shape: tuple = _SIZE) -> Call:
    return call(name, *shape, more={"layers": layers}, numbers=_WIDTH)


def models(*, shared: bool) -> Iterator[Call]:
    """One model for each kind of layer, then larger ones with all of them.

    Args:
        shared: whether one has a layer that is called twice.
    """
    yield _model("a convolution", _conv(0))
    yield _model("a convolution without bias", _conv(0, use_bias=False))
    yield _model(
        "a convolution with an oblong window and a stride", _conv(0, **_OBLONG)
    )
    yield _model("a convolution with padding", _conv(0, padding="same"))
    yield _model("a dense layer", _FLAT, _dense(1))
    yield _model("a dense layer without bias", _FLAT, _dense(1, bias=False))
    yield _model("a batch normalisation", _layer("BatchNormalization", 0))
    if shared:
        layers = (*_TWICE, _layer("Add", 1, 2))
        shape = (_SIZE[0], 4)
        yield _model("a layer that is called twice", *layers, shape=shape)
    for name in ("a network", "another network"):
        shape = (OneOf(15, 17, 19), OneOf(14, 16, 18), 3)
        yield _model(name, *_NETWORK, shape=shape)
