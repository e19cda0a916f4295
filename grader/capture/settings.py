"""Keras as the course needs it, whatever the settings of this account are.

`~/.keras/keras.json` and environment variables may name another backend, order of
axes or precision. A lesson's code and printed numbers are for one of each, so that
what first imports Keras in a lesson imports it from here. Files stay as they are.
"""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

BACKEND = "tensorflow"

if "keras" not in sys.modules:
    os.environ["KERAS_BACKEND"] = BACKEND
# tf.keras would be Keras 2
os.environ.pop("TF_USE_LEGACY_KERAS", None)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keeps off the page what TensorFlow's C++ half writes while it starts.

    It writes straight to file descriptor 2, before any setting is read.
    """
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


try:
    with _quiet():
        import keras as keras
except ValueError as error:
    file = Path(os.environ.get("KERAS_HOME", "~/.keras"), "keras.json")
    raise ValueError(
        f"{error} Keras reads it from {file}: mend or remove that file."
    ) from error


def use() -> None:
    """Sets the order of axes, the precision and the smallest number.

    Raises:
        RuntimeError: if Keras is here already, on another backend.
    """
    backend = keras.backend.backend()
    if backend != BACKEND:
        raise RuntimeError(
            f"Keras computes with {backend} in this kernel, the course needs it on "
            "TensorFlow: restart the kernel and run the notebook from its first cell. "
            "Where that does not help, something imports Keras at the kernel's start."
        )
    keras.config.set_image_data_format("channels_last")
    keras.config.set_floatx("float32")
    keras.config.set_epsilon(1e-7)


use()
