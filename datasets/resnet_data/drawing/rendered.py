"""The built-in images: hands drawn by the course itself, from a seed.

A hand is posed (`hand.py`), seen from somewhere (`view.py`), turned into a height
field (`surface.py`), lit (`light.py`), coloured (`skin.py`), put before a wall
(`wall.py`) and photographed (`camera.py`). Only additions, products, quotients
and square roots of single elements are used, which IEEE 754 fixes to the last bit,
so the images are the same everywhere.
"""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt

from resnet_data._layout import CLASSES, SIZE, Images
from resnet_data.drawing.bits import Bits
from resnet_data.drawing.camera import camera
from resnet_data.drawing.scene import picture, scene
from resnet_data.drawing.view import view

SEED = 2015
TRAIN_PER_CLASS = 180
TEST_PER_CLASS = 20
# Of all images and labels of SEED; names and checks the cache.
SHA256 = "f55e60d60a6fc8eb26970b68c2b69b43fb464f1793061f05d497e23c2c53038b"


def draw_rendered(seed: int = SEED) -> tuple[Images, Images]:
    """Draw the training and the test images.

    Returns:
        1,080 training images (180 a class) and 120 test images (20 a class), each
        set in random order.
    """
    train_numbers = range(CLASSES * TRAIN_PER_CLASS)
    test_numbers = range(
        train_numbers.stop, train_numbers.stop + CLASSES * TEST_PER_CLASS
    )
    return _draw_set(seed, train_numbers), _draw_set(seed, test_numbers)


def checksum(train: Images, test: Images) -> str:
    """SHA-256 of the images and labels of both sets, as hexadecimal digits."""
    digest = hashlib.sha256()
    for images in (train, test):
        digest.update(np.ascontiguousarray(images.x).tobytes())
        digest.update(images.y.astype("<i8").tobytes())
    return digest.hexdigest()


def _draw_set(seed: int, numbers: range) -> Images:
    order = Bits(seed, 2**32 + numbers.start).permutation(len(numbers))
    labels = order % CLASSES
    images = np.stack(
        [draw_image(int(y), seed, n) for y, n in zip(labels, numbers, strict=True)]
    )
    return Images(images, labels, np.arange(CLASSES))


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
