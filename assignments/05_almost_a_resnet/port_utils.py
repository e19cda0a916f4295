"""What lesson 5 needs beside Keras: the seeded initializer, PyTorch if it is there."""

import os
import shutil
import types
from typing import Any

from grader.capture.initializer import glorot_uniform as glorot_uniform
from grader.capture.settings import keras as keras
from grader.install import how_to_get_torch

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


def quick() -> bool:
    """Whether long cells are to be shortened: tests set RESNET_COURSE_QUICK."""
    return bool(os.environ.get("RESNET_COURSE_QUICK"))


def show_model(model: Any) -> None:
    """Shows a drawing of a model's layers in the page, each with its shape."""
    from IPython.display import HTML, display

    if shutil.which("dot") is None:
        print(
            "The drawing needs Graphviz: apt install graphviz, brew install "
            "graphviz or conda install graphviz. The lesson goes on without it."
        )
        return
    graph: Any = keras.utils.model_to_dot(
        model, show_shapes=True, show_layer_names=False, dpi=60
    )
    # On large graphs some versions of dot crash with Keras's right-angled lines
    graph.set("splines", "true")
    drawing = graph.create(format="svg").decode()
    svg = drawing[drawing.index("<svg") :]
    frame = "height: 480px; overflow: auto; background: white; text-align: center"
    display(HTML(f'<div style="{frame}">{svg}</div>'))
