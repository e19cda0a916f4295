"""What a learner sees in lesson 1's two epochs, for several seeds."""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np

from datasets._layout import CLASSES, Images
from datasets.training.network import solution


@dataclass(frozen=True)
class TwoEpochs:
    """Loss and accuracy of both epochs, then accuracy on both sets afterwards."""

    losses: tuple[float, float]
    accuracies: tuple[float, float]
    test: float
    train: float


def two_epochs(seed: int, train: Images, test: Images) -> TwoEpochs:
    """Train as the lesson's cells do: Adam, batches of 32, images divided by 255."""
    x, test_x = (images.x.astype("float32") / 255 for images in (train, test))
    y, test_y = (np.eye(CLASSES)[images.y] for images in (train, test))
    model = solution()["ResNet50"](input_shape=(64, 64, 3), classes=CLASSES)
    model.compile(
        optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"]
    )
    keras.utils.set_random_seed(seed)
    seen = model.fit(x, y, epochs=2, batch_size=32, verbose=0).history
    return TwoEpochs(
        tuple(seen["loss"]),
        tuple(seen["accuracy"]),
        model.evaluate(test_x, test_y, verbose=0)[1],
        model.evaluate(x, y, verbose=0)[1],
    )
