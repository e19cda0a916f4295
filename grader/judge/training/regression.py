"""Softmax regression trained by Adam, in NumPy: the judge's oracle for training.

Written from the definitions and compared with Keras by tests. Arithmetic is float64.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

#: Adam's constants: Kingma and Ba 2015 (arXiv:1412.6980), algorithm 1; Keras's epsilon.
BETA_1, BETA_2, EPSILON = 0.9, 0.999, 1e-7


@dataclass(frozen=True)
class Epoch:
    """What training reports of an epoch, and the weights after it.

    Attributes:
        loss: mean cross-entropy of its images, each before its step, in nats.
        accuracy: share of them whose likeliest class is right.
        doubtful: share of them whose two likeliest classes are too close to tell.
        kernel: (inputs, classes), after its last step.
        bias: (classes,).
    """

    loss: float
    accuracy: float
    doubtful: float
    kernel: np.ndarray
    bias: np.ndarray


def probabilities(x: np.ndarray, kernel: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Returns softmax(x kernel + bias), of shape (m, classes)."""
    scores = x @ kernel + bias
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def cross_entropy(p: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Returns each image's categorical cross-entropy, (m,), in nats."""
    return -np.log(np.maximum((p * y).sum(axis=1), 1e-7))


def train(
    x: np.ndarray,
    y: np.ndarray,
    start: tuple[np.ndarray, np.ndarray],
    epochs: Sequence[Sequence[Sequence[int]]],
    learning_rate: float,
) -> list[Epoch]:
    """Trains on given batches.

    Args:
        x: images, flat, (m, inputs).
        y: one-hot labels, (m, classes).
        start: kernel (inputs, classes) and bias (classes,) before training.
        epochs: for each its batches, each a list of rows of x.
        learning_rate: Adam's.

    Returns:
        What training gives, an entry for each epoch.
    """
    weights = [np.asarray(w, np.float64) for w in start]
    first = [np.zeros_like(w) for w in weights]
    second = [np.zeros_like(w) for w in weights]
    x, y = np.asarray(x, np.float64), np.asarray(y, np.float64)
    seen: list[Epoch] = []
    step = 0
    for batches in epochs:
        losses, hits, doubts = [], [], []
        for rows in batches:
            step += 1
            images, labels = x[list(rows)], y[list(rows)]
            p = probabilities(images, *weights)
            losses.extend(cross_entropy(p, labels))
            hits.extend(p.argmax(axis=1) == labels.argmax(axis=1))
            ranked = np.sort(p, axis=1)
            doubts.extend(ranked[:, -1] - ranked[:, -2] < 1e-4)
            error = (p - labels) / len(rows)
            size = learning_rate * np.sqrt(1 - BETA_2**step) / (1 - BETA_1**step)
            for i, gradient in enumerate((images.T @ error, error.sum(axis=0))):
                first[i] = BETA_1 * first[i] + (1 - BETA_1) * gradient
                second[i] = BETA_2 * second[i] + (1 - BETA_2) * gradient**2
                move = size * first[i] / (np.sqrt(second[i]) + EPSILON)
                weights[i] = weights[i] - move
        loss, hit, doubt = (float(np.mean(part)) for part in (losses, hits, doubts))
        seen.append(Epoch(loss, hit, doubt, weights[0], weights[1]))
    return seen
