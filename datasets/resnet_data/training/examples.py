"""The images that training sees: photographs, recomposed ones, drawn hands."""

from __future__ import annotations

import concurrent.futures
import functools
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from resnet_data._layout import CLASSES, SIZE, Images, read_file, write_file
from resnet_data.drawing.rendered import SHA256, draw_image
from resnet_data.training.camera import photographed
from resnet_data.training.chance import Chance, Tensor
from resnet_data.training.matte import cut_out, hand_box
from resnet_data.training.scenes import composed
from resnet_data.training.warp import motion, moved, warp

BATCH = 64
STEPS = 32  # batches an epoch
# Of each batch: photographs put before new walls, drawn hands, photographs as taken.
COMPOSED, DRAWN = 28, 26
DRAWN_SEED = 2016  # not the seed of the images that the lessons use
Batches = tf.data.Dataset


@dataclass(frozen=True)
class Pool:
    """What batches are made from.

    Attributes:
        photos: images (m, 64, 64, 3) and labels.
        cut: the same hands cut out (m, 64, 64, 4), uint8.
        boxes: where they are (m, 3): middle x, middle y, half of the longer side.
        drawn: drawn hands (n, 64, 64, 3) and labels.
    """

    photos: Images
    cut: npt.NDArray[np.uint8]
    boxes: npt.NDArray[np.float32]
    drawn: Images


def pool(photos: Images, drawn: Images) -> Pool:
    """Cut the photographs' hands out and put everything together."""
    cut, boxes = _cut_out(photos)
    return Pool(photos, cut, boxes, drawn)


def _cut_out(photos: Images) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.float32]]:
    """The hands of photographs, and where they are, as `Pool` has them."""
    cut = np.stack([cut_out(image) for image in photos.x])
    boxes = np.array([hand_box(each[..., 3]) for each in cut], dtype=np.float32)
    return cut, boxes


def drawn_hands(count: int, folder: Path) -> Images:
    """`count` drawn hands, kept in a folder for the next time.

    They are drawn on all cores, from another seed than those of the lessons.
    """
    path = folder / f"drawn-{DRAWN_SEED}-{count}-{SHA256[:12]}.h5"
    if path.is_file():
        return read_file(path, "train")
    labels = np.arange(count) % CLASSES
    draw = functools.partial(_draw, labels)
    with concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as workers:
        x = np.stack(list(workers.map(draw, range(count), chunksize=100)))
    images = Images(x, labels, np.arange(CLASSES))
    write_file(path, "train", images)
    return images


def _draw(labels: npt.NDArray[np.int64], number: int) -> npt.NDArray[np.uint8]:
    return draw_image(int(labels[number]), DRAWN_SEED, number)


def batches(pool: Pool, seed: int, first: int, last: int) -> Batches:
    """The batches of the epochs first to last - 1, each fixed by seed and number.

    Yields:
        Images (64, 64, 64, 3) float32 between 0 and 1, labels one-hot (64, 6).
    """
    photos, drawn = tf.constant(pool.photos.x), tf.constant(pool.drawn.x)
    photo_y, drawn_y = tf.constant(pool.photos.y), tf.constant(pool.drawn.y)
    cut, boxes = tf.constant(pool.cut), tf.constant(pool.boxes)

    # All choices are the tensors' own: there is no Python to convert.
    @tf.autograph.experimental.do_not_convert
    def batch(step: Tensor) -> tuple[Tensor, Tensor]:
        at = tf.stack([tf.cast(step, tf.int32), tf.constant(seed)])
        chance = Chance(at, BATCH)
        of_photos = tf.cast(chance.uniform(0, len(pool.photos.x) - 0.01), tf.int32)
        of_drawn = tf.cast(chance.uniform(0, len(pool.drawn.x) - 0.01), tf.int32)[
            :DRAWN
        ]
        recomposed, as_taken = of_photos[:COMPOSED], of_photos[COMPOSED + DRAWN :]
        plain = tf.concat([tf.gather(drawn, of_drawn), tf.gather(photos, as_taken)], 0)
        images = tf.concat(
            [
                composed(
                    tf.cast(tf.gather(cut, recomposed), tf.float32),
                    tf.gather(boxes, recomposed),
                    at + 1_000_000,
                ),
                varied(tf.cast(plain, tf.float32), at + 2_000_000),
            ],
            axis=0,
        )
        labels = tf.concat(
            [
                tf.gather(photo_y, recomposed),
                tf.gather(drawn_y, of_drawn),
                tf.gather(photo_y, as_taken),
            ],
            axis=0,
        )
        return images, tf.one_hot(labels, CLASSES)

    steps = Batches.range(first * STEPS, last * STEPS)
    return steps.map(batch, num_parallel_calls=2).prefetch(2)


def varied(images: Tensor, seed: Tensor) -> Tensor:
    """Whole images, a little turned and scaled, mirrored, in other light.

    Args:
        images: (batch, 64, 64, 3) float32, 0 to 255.
        seed: tensor (2,) of int32.

    Returns:
        (batch, 64, 64, 3) float32 between 0 and 1.
    """
    chance = Chance(seed, images.shape[0])
    matrices = motion(chance, 20.0, tf.exp(chance.uniform(-0.15, 0.15)))
    matrices = moved(matrices, chance.uniform(-3.0, 3.0), chance.uniform(-3.0, 3.0))
    middle = tf.fill((images.shape[0], 2), SIZE / 2.0)
    return photographed(warp(images, matrices, middle, SIZE), chance)


def in_new_scenes(photos: Images, count: int = 384, seed: int = 3) -> Images:
    """Photographs put before other walls: the same people, but harder pictures."""
    cut, boxes = _cut_out(photos)
    x = []
    which = np.resize(np.arange(len(photos.y)), count)
    for first in range(0, count, BATCH):
        some = which[first : first + BATCH]
        images = composed(
            tf.constant(cut[some], tf.float32),
            tf.constant(boxes[some]),
            tf.constant([first, seed]),
        )
        x.append(np.rint(images.numpy() * 255).astype(np.uint8))
    return Images(np.concatenate(x), photos.y[which], photos.classes)
