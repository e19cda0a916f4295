"""Leaves a live kernel as it was found."""

import contextlib
import copy
import io
import logging
import random
import warnings
from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from keras.src.backend.common import global_state
from tensorflow.python.eager import context as tf_context


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Runs the body in plain float32 and puts back all that it may have changed.

    Kept are: the counters that name Keras's layers, its policies and seeds, the
    random states of Python, NumPy and TensorFlow, and the switch for TF32. What
    the learner's code prints meanwhile is dropped, and so are its warnings.
    """
    keras_state = _keras_state()
    python_state, numpy_state = random.getstate(), np.random.get_state()
    floatx, layout = keras.config.floatx(), keras.config.image_data_format()
    tensor_float = tf.config.experimental.tensor_float_32_execution_enabled()
    eager = tf_context.context()
    tf_state = {name: getattr(eager, name, None) for name in ("_seed", "_rng")}
    tf_state = {name: copy.copy(value) for name, value in tf_state.items()}
    logger = tf.get_logger()
    level = logger.level
    logger.setLevel(logging.ERROR)
    tf.config.experimental.enable_tensor_float_32_execution(False)
    keras.config.set_floatx("float32")
    keras.config.set_image_data_format("channels_last")
    keras.config.set_dtype_policy("float32")
    try:
        with (
            contextlib.redirect_stdout(io.StringIO()),
            contextlib.redirect_stderr(io.StringIO()),
            warnings.catch_warnings(),
        ):
            # a kernel may make errors of them
            warnings.simplefilter("ignore")
            yield
    finally:
        logger.setLevel(level)
        tf.config.experimental.enable_tensor_float_32_execution(tensor_float)
        for name, value in tf_state.items():
            setattr(eager, name, value)
        keras.config.set_floatx(floatx)
        keras.config.set_image_data_format(layout)
        _restore_keras_state(keras_state)
        random.setstate(python_state)
        np.random.set_state(numpy_state)


def _keras_state() -> dict[str, Any]:
    return {
        name: copy.copy(value)
        for name, value in vars(global_state.GLOBAL_STATE_TRACKER).items()
    }


def _restore_keras_state(state: dict[str, Any]) -> None:
    tracker = vars(global_state.GLOBAL_STATE_TRACKER)
    tracker.clear()
    tracker.update(state)
