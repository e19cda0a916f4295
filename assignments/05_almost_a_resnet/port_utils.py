"""What lesson 5 needs beside Keras: the seeded initializer, PyTorch if it is there."""

import types
from typing import Any

from grader.capture.initializer import glorot_uniform as glorot_uniform
from grader.capture.settings import keras as keras
from grader.install import how_to_get_torch
from grader.notebook import quick as quick
from grader.notebook import show_model as show_model

torch: Any
nn: Any
try:
    import torch as torch
    from torch import nn as nn
except (ImportError, OSError):  # not there; there, but a library of it does not load
    # The classes of section 4 can then be defined, and nothing else.
    torch, nn = None, types.SimpleNamespace(Module=object)

NO_TORCH = (
    "This section cannot be tested here: it needs PyTorch, which is not installed or\n"
    f"cannot be loaded. To have it, {how_to_get_torch(in_notebook=True)}."
)
