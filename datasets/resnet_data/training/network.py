"""ResNet50 as lesson 1's solution builds it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import keras

from resnet_data._home import HOME

ROOT = HOME.parent
LESSON = ROOT / "solutions" / "01_residual_networks"
LESSON_2 = ROOT / "solutions" / "02_training_resnets"


def solution(lesson: Path = LESSON) -> dict[str, Any]:
    """The names that the solution's imports and graded functions define.

    Raises:
        FileNotFoundError: this is no checkout: the solution is not there.
    """
    path = lesson / f"{lesson.name[3:]}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    graded = [c for c in cells if c["metadata"].get("nbgrader", {}).get("solution")]
    namespace: dict[str, Any] = {"__name__": "solution"}
    sys.path.insert(0, str(lesson))
    try:
        for cell in (cells[0], *graded):
            exec("".join(cell["source"]), namespace)
    finally:
        sys.path.remove(str(lesson))
    return namespace


def build(seed: int) -> Any:
    """An untrained ResNet50 for (64, 64, 3) and six classes.

    The lesson draws all kernels from one stream, so that its outputs can be
    compared. For training each has a stream of its own here, scaled for ReLUs
    (He et al. 2015, arXiv:1502.01852).
    """
    model: Any = solution()["ResNet50"](input_shape=(64, 64, 3), classes=6)
    for number, layer in enumerate(model.layers):
        if isinstance(layer, keras.layers.Conv2D):
            draw = keras.initializers.HeNormal(seed=seed * 1000 + number)
            kernel: Any = layer.kernel
            kernel.assign(draw(kernel.shape))
        elif layer.name.startswith("bn") and layer.name.endswith("_branch2c"):
            gamma: Any = layer.gamma
            gamma.assign(keras.ops.zeros_like(gamma))
    return model
