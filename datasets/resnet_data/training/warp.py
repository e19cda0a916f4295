"""Turning, scaling, mirroring and tilting a batch of images."""

from __future__ import annotations

import math

import tensorflow as tf

from resnet_data.training.chance import Chance, Tensor


def motion(
    chance: Chance,
    degrees: float,
    scale: Tensor,
    stretch: float = 0.12,
    tilt: float = 0.0,
) -> Tensor:
    """A matrix for each image, from places in the new image to places in the old.

    Both are counted in pixels from the middle.

    Args:
        chance: where the random numbers come from.
        degrees: deviation of the angle; half of the images get a third of it.
        scale: how much larger things become, (batch,).
        stretch: how much one direction may be longer than the other.
        tilt: how much nearer one edge may be than the other.

    Returns:
        Projective matrices (batch, 3, 3).
    """
    spread = degrees * (1.0 - 0.67 * chance.happens(0.5))
    angle = spread * chance.uniform(-1.0, 1.0) * (math.pi / 180.0)
    cos, sin = tf.cos(angle), tf.sin(angle)
    longer = tf.exp(chance.uniform(-stretch, stretch))
    flip = 1.0 - 2.0 * chance.happens(0.5)
    shear = chance.uniform(-stretch, stretch)
    x, y = flip / (scale * longer), longer / scale
    zero, one = tf.zeros_like(scale), tf.ones_like(scale)
    px, py = chance.uniform(-tilt, tilt) / 32.0, chance.uniform(-tilt, tilt) / 32.0
    rows = [
        [cos * x, -sin * x + shear * cos * x, zero],
        [sin * y, cos * y + shear * sin * y, zero],
        [px, py, one],
    ]
    return tf.stack([tf.stack(row, axis=-1) for row in rows], axis=-2)


def moved(matrices: Tensor, dx: Tensor, dy: Tensor) -> Tensor:
    """Matrices that first go (dx, dy) pixels back: things come to lie there."""
    return matrices @ _shift(-dx, -dy)


def warp(
    images: Tensor, matrices: Tensor, middle: Tensor, size: int, fine: int = 1
) -> Tensor:
    """Draw images anew; beyond their edges, the edge goes on.

    Args:
        images: (batch, h, w, channels) float32.
        matrices: from new to old places, (batch, 3, 3), in pixels of the old images.
        middle: which place (x, y) of the old images is their middle, (batch, 2).
        size: side of the new images, in pixels of the old.
        fine: sub-pixels along each side of a pixel.

    Returns:
        (batch, size * fine, size * fine, channels) float32.
    """
    half = tf.fill(tf.shape(middle)[:1], size / 2.0)
    zero = tf.zeros_like(half)
    # The operation counts from the centre of the first pixel, we from its corner.
    into_pixels = _shift(middle[:, 0] - 0.5, middle[:, 1] - 0.5)
    step = tf.fill(tf.shape(half), 1.0 / fine)
    rows = [
        [step, zero, 0.5 * step - half],
        [zero, step, 0.5 * step - half],
        [zero, zero, tf.ones_like(half)],
    ]
    from_grid = tf.stack([tf.stack(row, axis=-1) for row in rows], axis=-2)
    whole = into_pixels @ matrices @ from_grid
    whole /= whole[:, 2:, 2:]
    return tf.raw_ops.ImageProjectiveTransformV3(
        images=images,
        transforms=tf.reshape(whole, (-1, 9))[:, :8],
        output_shape=[size * fine, size * fine],
        fill_value=0.0,
        interpolation="BILINEAR",
        fill_mode="NEAREST",
    )


def _shift(dx: Tensor, dy: Tensor) -> Tensor:
    zero, one = tf.zeros_like(dx), tf.ones_like(dx)
    rows = [[one, zero, dx], [zero, one, dy], [zero, zero, one]]
    return tf.stack([tf.stack(row, axis=-1) for row in rows], axis=-2)
