"""Captures the whole numbers that a learner's function says about given models."""

import contextlib
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import keras
from keras.src.utils import summary_utils

from grader.capture.calling import call_by_name
from grader.capture.failure import failed, returned

#: Kinds of layers that a challenge may describe: class and arguments.
_LAYERS: Mapping[str, tuple[str, ...]] = {
    "Conv2D": ("filters", "kernel_size", "strides", "padding", "use_bias"),
    "Dense": ("units", "use_bias"),
    "BatchNormalization": (),
    "ReLU": (),
    "MaxPooling2D": ("pool_size", "strides"),
    "ZeroPadding2D": ("padding",),
    "GlobalAveragePooling2D": (),
    "Flatten": (),
    "Add": (),
}


def capture_calls(
    function: Callable, challenge: dict[str, Any], namespace: dict[str, Any]
) -> list[dict[str, Any]]:
    """Calls a function with each of a challenge's models.

    Args:
        function: the learner's; takes a model, returns a whole number.
        challenge: in each call `input_shape`, and `layers`: kind and arguments of
            each, the numbers of its `inputs` (0 is the model's input), and, where it
            is a second call of a layer, the number of that one as `again`.
        namespace: where the function was looked up.
    """
    return [_capture_call(function, call) for call in challenge["calls"]]


def build(input_shape: list[int], layers: list[dict[str, Any]]) -> Any:
    """Makes the Keras model that a challenge describes."""
    tensors: list[Any] = [keras.Input(tuple(input_shape))]
    made: list[Any] = [None]
    for entry in layers:
        if "again" in entry:
            layer = made[entry["again"]]
        else:
            arguments = {name: entry[name] for name in _LAYERS[entry["kind"]]}
            layer = getattr(keras.layers, entry["kind"])(**arguments)
        inputs = [tensors[number] for number in entry["inputs"]]
        tensors.append(layer(inputs if len(inputs) > 1 else inputs[0]))
        made.append(layer)
    return keras.Model(tensors[0], tensors[-1])


def _capture_call(function: Callable, call: dict[str, Any]) -> dict[str, Any]:
    model = build(call["input_shape"], call["layers"])
    try:
        with _keras_does_not_count():
            value = call_by_name(function, (model,), {})
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        return failed(call, "raised", error, function)
    try:
        return {"id": call["id"], "status": "captured", "value": whole(value)}
    except (TypeError, ValueError, OverflowError):
        return returned(call, type(value).__name__, function)


@contextlib.contextmanager
def _keras_does_not_count() -> Iterator[None]:
    """Makes Keras's own counts refuse, by whatever name they are reached.

    Their code is exchanged, not the attribute: a reference that was taken before, or
    from a class, refuses as well.
    """
    counts: list[Any] = [keras.layers.Layer.count_params, summary_utils.count_params]
    before = [count.__code__ for count in counts]
    try:
        for count in counts:
            count.__code__ = _refuse.__code__
        yield
    finally:
        for count, code in zip(counts, before, strict=True):
            count.__code__ = code


def _refuse(*args: Any, **kwargs: Any) -> int:
    raise RuntimeError("count_params of Keras is not to be called here: count yourself")


def whole(value: Any) -> int:
    """Reads a whole number: Python's, NumPy's, a tensor's, a float such as 12.0.

    Raises:
        TypeError: if it is something else.
        ValueError: if it is no whole number.
    """
    if isinstance(value, bool):
        raise TypeError("a truth value is no count")
    if keras.ops.is_tensor(value):
        value = keras.ops.convert_to_numpy(value)
    if hasattr(value, "item") and getattr(value, "shape", None) == ():
        value = value.item()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return operator.index(value)  # type: ignore[arg-type]
