"""The open set: anybody's hands, anywhere, drawn from a seed.

A hand is posed (`hand.py`), seen from somewhere (`view.py`), turned into a height
field (`surface.py`), lit (`light.py`), coloured (`skin.py`), put before a wall
(`wall.py`) and photographed (`camera.py`). Only additions, products, quotients
and square roots of single elements are used, which IEEE 754 fixes to the last bit,
so the images are the same everywhere.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from resnet_data._layout import CLASSES, SIZE, Images
from resnet_data.drawing import pins
from resnet_data.drawing.bits import Bits
from resnet_data.drawing.camera import camera
from resnet_data.drawing.scene import picture, scene
from resnet_data.drawing.sets import (
    TEST_PER_CLASS,
    TRAIN_PER_CLASS,
    Tell,
    draw_set,
    shuffled,
    silent,
)
from resnet_data.drawing.view import view

SEED = 2015
SHA256 = pins.OPEN


def draw_open_set(tell: Tell = silent) -> tuple[Images, Images]:
    """Draw the training and the test images.

    Args:
        tell: called after each image.

    Returns:
        1,080 training images (180 a class) and 120 test images (20 a class), each
        set in random order.
    """
    train = CLASSES * TRAIN_PER_CLASS
    test = CLASSES * TEST_PER_CLASS
    return _draw_set(0, train, tell), _draw_set(train, test, tell)


def _draw_set(first: int, count: int, tell: Tell) -> Images:
    labels = shuffled(SEED, first, count) % CLASSES

    def draw(place: int) -> npt.NDArray[np.uint8]:
        return draw_image(int(labels[place]), SEED, first + place)

    return draw_set(labels, draw, tell)


def draw_image(
    label: int, seed: int, number: int, size: int = SIZE
) -> npt.NDArray[np.uint8]:
    """Draw image `number` of this seed as a hand that shows `label`.

    Returns:
        An RGB image (size, size, 3) of uint8.
    """
    bits = Bits(seed, number)
    there = scene(bits)
    return picture(
        label, there, lambda shown: view(label, shown, bits), camera, bits, size
    )
