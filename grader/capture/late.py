"""Variables of layers that are made when their value is first asked for.

Most are never asked: half of the time of building a layer goes into its variables, and
a call whose outputs are not needed builds layers for nothing but their settings. Where
outputs are needed, the challenge's weights take the place of the first ones.
"""

import contextlib
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from grader.capture.arrays import encode_constant

_CONSTANTS = {keras.initializers.Zeros: 0.0, keras.initializers.Ones: 1.0}
_make = keras.Variable._initialize_with_initializer


class _Late(keras.Variable):
    """A variable that is not made yet, and then is like any."""

    def __getattr__(self, name: str) -> Any:
        if name != "_value":
            raise AttributeError(name)
        self.__class__ = keras.Variable
        with tf.init_scope():
            _make(self, self.__dict__.pop("_start"))
        return self._value


@contextlib.contextmanager
def made_late() -> Iterator[None]:
    """Puts off variables that start as zeros or ones, while the body runs."""

    def put_off(self: Any, initializer: Any) -> None:
        if type(self) is not keras.Variable or type(initializer) not in _CONSTANTS:
            _make(self, initializer)
            return
        # Keras forgets the initializer of what is built within an own layer's call
        self.__dict__.pop("_value", None)
        self.__dict__["_start"] = initializer
        self.__class__ = _Late

    keras.Variable._initialize_with_initializer = put_off
    try:
        yield
    finally:
        keras.Variable._initialize_with_initializer = _make


def constant(variable: Any, whole: int) -> dict[str, Any] | None:
    """Writes down the values of a variable that is not made; None for any other.

    Args:
        variable: Keras's.
        whole: up to how many values an array is written whole.
    """
    if type(variable) is not _Late:
        return None
    value = _CONSTANTS[type(variable.__dict__["_start"])]
    return encode_constant(value, tuple(variable.shape), whole)


def assign(variable: Any, value: np.ndarray) -> None:
    """Gives a variable a value, be it made or not."""
    if type(variable) is not _Late:
        variable.assign(value)
        return
    late: Any = variable
    late.__dict__["_start"] = lambda shape, dtype: tf.convert_to_tensor(value, dtype)
    late._value  # noqa: B018  makes it
