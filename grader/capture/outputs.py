"""What a captured graph computes, on the learner's own device."""

from typing import Any

import keras
import numpy as np

from grader.capture.graph import FlatGraph, FlatNode, takes_training, variables
from grader.capture.late import assign
from grader.challenge import challenge_weight


def set_challenge_weights(graph: FlatGraph, seed: str) -> None:
    """Gives each variable the value that the challenge draws for its place."""
    for place, operation in enumerate(graph.operations):
        for role, variable in variables(operation).items():
            shape = tuple(variable.shape)
            if "float" in str(variable.dtype):
                assign(variable, challenge_weight(seed, place, role, shape))


def run(graph: FlatGraph, x: np.ndarray, training: bool = False) -> np.ndarray:
    """Computes the graph's output.

    Args:
        graph: the captured operations.
        x: input, shape (m, height, width, channels), float32.
        training: as `model(x, training=True)` does it; otherwise as a call that
            says nothing about training.

    Returns:
        float32 array.
    """
    values: list[Any] = [keras.ops.convert_to_tensor(x)]
    for node in graph.nodes[1:]:
        if node is not None:
            values.append(_call(node, values, training))
    return np.asarray(keras.ops.convert_to_numpy(values[graph.output]))


def _call(node: FlatNode, values: list[Any], training: bool) -> Any:
    def fill(leaf: Any) -> Any:
        if isinstance(leaf, keras.KerasTensor):
            return values[node.tensors[id(leaf)]]
        return leaf

    args = tuple(keras.tree.map_structure(fill, arg) for arg in node.args)
    kwargs = {
        key: keras.tree.map_structure(fill, arg) for key, arg in node.kwargs.items()
    }
    if training and takes_training(node.operation):
        args = tuple(arg for arg in args if not isinstance(arg, bool))
        kwargs = {**kwargs, "training": True}
    return node.operation(*args, **kwargs)
