"""Whether a model was trained at all: what is said of a training could be made up.

Every step that follows the loss down moves the weights along its gradient, whichever
optimizer, rate or loss it is of.
"""

import numpy as np

from grader.judge.training.regression import probabilities

#: Cosine between the way of the weights and the way down. Trainings with a mistake
#: have 0.3 and more of it, mostly 0.8; weights that are drawn or shrunk about 0.1.
LEAST = 0.2


def goes_down(
    x: np.ndarray,
    y: np.ndarray,
    start: tuple[np.ndarray, np.ndarray],
    end: tuple[np.ndarray, np.ndarray],
) -> bool:
    """Whether weights have gone where the cross-entropy falls.

    Args:
        x: images, flat, (m, inputs).
        y: one-hot labels, (m, classes).
        start: kernel (inputs, classes) and bias (classes,) before training.
        end: the same after it.
    """
    if not all(np.isfinite(weights).all() for weights in end):
        return False
    kernel, bias = (np.asarray(w, np.float64) for w in start)
    error = y - probabilities(x.astype(np.float64), kernel, bias)
    down = np.concatenate([(x.T @ error).ravel(), error.sum(axis=0)])
    # What is added to all classes alike changes no probability.
    ways = (end[0] - kernel, end[1] - bias)
    way = np.concatenate([(w - w.mean(-1, keepdims=True)).ravel() for w in ways])
    length = np.linalg.norm(down) * np.linalg.norm(way)
    return bool(down @ way >= LEAST * length > 0)
