"""Lesson 2's run of twenty epochs, for those who do not wait for their own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from resnet_data._layout import CLASSES, Images
from resnet_data.training.network import LESSON_2, solution

SAVED = LESSON_2 / "twenty_epochs.json"
EPOCHS, BATCH, SEED = 20, 32, 1
LEARNING_RATE = 0.00015
PROVENANCE = (
    "ResNet50 of lesson 2 trained for 20 epochs on the 1,080 hands that the course "
    "draws in a studio: Adam at 0.00015, batches of 32, seed 1. `val_` is of the 120 "
    "test images of the studio by the moving averages, `batch_accuracy` of the same by "
    "their own mean and variance, `open_accuracy` of the 120 test images of the open "
    "set by the moving averages; `probabilities` and `labels` are of the studio's test "
    "images after the last epoch, `open_probabilities` and `open_labels` of the open "
    "set's. Made by `python -m resnet_data.training twenty-epochs`."
)
Array = npt.NDArray[np.floating]


@dataclass(frozen=True)
class Answers:
    """What the trained network says of a set.

    Attributes:
        probabilities: of the classes (m, 6).
        labels: what the images show (m,).
    """

    probabilities: Array
    labels: npt.NDArray[np.int64]


def twenty_epochs(
    train: Images, test: Images, open_test: Images, *, epochs: int = EPOCHS
) -> None:
    """Train as the lesson's cells do; what its figures show is written to `SAVED`.

    Args:
        train: what it learns from.
        test: what `fit` validates with.
        open_test: what is only looked at after each epoch.
        epochs: how often each image is learned from.
    """
    x, test_x, open_x = (
        images.x.astype("float32") / 255 for images in (train, test, open_test)
    )
    y, test_y = (np.eye(CLASSES)[images.y] for images in (train, test))
    model: Any = solution(LESSON_2)["ResNet50"](input_shape=(64, 64, 3))
    model.compile(
        optimizer=keras.optimizers.Adam(learning_rate=LEARNING_RATE),
        loss="categorical_crossentropy",
        metrics=["accuracy"],
    )
    keras.utils.set_random_seed(SEED)
    by_batch, in_the_open = _ByBatch(test_x, test.y), _ByAverages(open_x, open_test.y)
    seen = model.fit(
        x,
        y,
        epochs=epochs,
        batch_size=BATCH,
        validation_data=(test_x, test_y),
        verbose=2,
        callbacks=[by_batch, in_the_open],
    ).history
    seen["batch_accuracy"] = by_batch.accuracies
    seen["open_accuracy"] = in_the_open.accuracies
    write(
        seen,
        Answers(model.predict(test_x, verbose=0), test.y),
        Answers(model.predict(open_x, verbose=0), open_test.y),
    )


def write(history: dict[str, list[float]], test: Answers, open_test: Answers) -> None:
    """Write a run to `SAVED`, with four digits of each number."""
    kept = {
        "provenance": PROVENANCE,
        "history": {name: _rounded(values) for name, values in history.items()},
        "probabilities": [_rounded(row) for row in test.probabilities],
        "labels": test.labels.tolist(),
        "open_probabilities": [_rounded(row) for row in open_test.probabilities],
        "open_labels": open_test.labels.tolist(),
    }
    lines = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in kept.items()]
    SAVED.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _rounded(values: Any) -> list[float]:
    return [float(f"{value:.4g}") for value in values]


class _ByAverages(keras.callbacks.Callback):
    """Measures accuracy as a finished network answers, by the moving averages."""

    def __init__(self, x: Array, labels: npt.NDArray[np.int64]) -> None:
        super().__init__()
        self._x, self._labels = x, labels
        self.accuracies: list[float] = []

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        right = self._answers(self.model).argmax(axis=1) == self._labels
        self.accuracies.append(float(right.mean()))

    def _answers(self, model: Any) -> Array:
        return model.predict(self._x, verbose=0)


class _ByBatch(_ByAverages):
    """Measures accuracy by the images' own statistics, and leaves the averages be."""

    def _answers(self, model: Any) -> Array:
        variables = model.non_trainable_variables
        kept = [variable.value.numpy() for variable in variables]
        answers: Any = keras.ops.convert_to_numpy(model(self._x, training=True))
        for variable, value in zip(variables, kept, strict=True):
            variable.assign(value)
        return answers
