"""Sets of drawn images: how many, in which order, and their checksum."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from resnet_data._layout import CLASSES, Images
from resnet_data.drawing.bits import Bits

TRAIN_PER_CLASS = 180
TEST_PER_CLASS = 20
COUNT = CLASSES * (TRAIN_PER_CLASS + TEST_PER_CLASS)

Tell = Callable[[], object]


def silent() -> None:
    """Tells nobody that an image is drawn."""


def shuffled(seed: int, first: int, count: int) -> npt.NDArray[np.int64]:
    """The numbers 0 to count - 1 in the order of the set that begins at `first`."""
    # No image has so large a number: the order's stream is its own.
    return Bits(seed, 2**32 + first).permutation(count)


def draw_set(
    labels: npt.NDArray[np.int64],
    draw: Callable[[int], npt.NDArray[np.uint8]],
    tell: Tell,
) -> Images:
    """Draw a set.

    Args:
        labels: of the images, in their order.
        draw: makes the image at a place in this order.
        tell: called after each image.
    """
    images = []
    for place in range(len(labels)):
        images.append(draw(place))
        tell()
    return Images(np.stack(images), labels, np.arange(CLASSES))


def checksum(train: Images, test: Images) -> str:
    """SHA-256 of the images and labels of both sets, as hexadecimal digits."""
    digest = hashlib.sha256()
    for images in (train, test):
        digest.update(np.ascontiguousarray(images.x).tobytes())
        digest.update(images.y.astype("<i8").tobytes())
    return digest.hexdigest()
