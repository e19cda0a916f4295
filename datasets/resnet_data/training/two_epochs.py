"""What a learner sees in lesson 1's two epochs, for several seeds."""

from __future__ import annotations

from dataclasses import dataclass

import keras
import numpy as np

from resnet_data._layout import CLASSES, Images
from resnet_data.training.network import solution


@dataclass(frozen=True)
class TwoEpochs:
    """Loss and accuracy of both epochs, and what the network says afterwards.

    Attributes:
        losses: of the epochs.
        accuracies: of the epochs.
        test: accuracy on the test images.
        answers: how many training images are taken for each class.
    """

    losses: tuple[float, float]
    accuracies: tuple[float, float]
    test: float
    answers: tuple[int, ...]


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
    answers = model.predict(x, verbose=0).argmax(axis=1)
    return TwoEpochs(
        tuple(seen["loss"]),
        tuple(seen["accuracy"]),
        model.evaluate(test_x, test_y, verbose=0)[1],
        tuple(np.bincount(answers, minlength=CLASSES).tolist()),
    )
