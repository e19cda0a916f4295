"""Puts hands that were cut out before new walls, in new light."""

from __future__ import annotations

import tensorflow as tf

from resnet_data._layout import SIZE
from resnet_data.training.camera import blurred, photographed
from resnet_data.training.chance import Chance, Tensor
from resnet_data.training.warp import motion, moved, warp

FINE = 2
DEGREES = 65.0
SMALLEST, LARGEST = 0.33, 1.08  # share of the frame's side that hand and arm span


def composed(cut: Tensor, boxes: Tensor, seed: Tensor) -> Tensor:
    """Photographs that could have been taken elsewhere.

    Args:
        cut: hands (batch, 64, 64, 4) float32, multiplied by their alpha, 0 to 255.
        boxes: middle x, middle y and half of the longer side of each, (batch, 3).
        seed: tensor (2,) of int32.

    Returns:
        (batch, 64, 64, 3) float32 between 0 and 1.
    """
    chance = Chance(seed, cut.shape[0])
    share = chance.uniform(SMALLEST, LARGEST)
    matrices = motion(chance, DEGREES, share * (SIZE / 2) / boxes[:, 2], 0.15, 0.2)
    room = SIZE / 2 * tf.maximum(1.06 - share, 0.03)
    matrices = moved(
        matrices, chance.uniform(-1.0, 1.0) * room, chance.uniform(-1.0, 1.0) * room
    )
    cut = _open_edges(cut)
    layers = warp(cut, matrices, boxes[:, :2], SIZE, FINE)
    hand, alpha = layers[..., :3], layers[..., 3:] / 255.0
    wall = _wall(chance)
    for _ in range(2):  # a lamp, and at times a second one
        dx, dy = chance.uniform(-9.0, 9.0), chance.uniform(-9.0, 9.0)
        cast = warp(cut[..., 3:], moved(matrices, dx, dy), boxes[:, :2], SIZE, FINE)
        depth = chance.happens(0.7, 1, 1, 1) * chance.uniform(0.0, 0.45, 1, 1, 1)
        depth *= 1.0 - chance.uniform(0.0, 0.12, 1, 1, 3)  # shadows have a hue
        wall *= 1.0 - depth * _soft(cast / 255.0, chance)
    fine = _lit(hand, alpha, chance) + (1.0 - alpha) * wall
    return photographed(tf.nn.avg_pool2d(fine, FINE, FINE, "VALID"), chance)


def _open_edges(cut: Tensor) -> Tensor:
    """Clear the edges through which no forearm comes: edges are drawn on outwards."""
    row = tf.range(SIZE)[:, None]
    column = tf.range(SIZE)[None, :]
    side = (column == 0) | (column == SIZE - 1)
    free = (row == 0) | (side & (row < SIZE // 2))
    return tf.where(free[None, :, :, None], 0.0, cut)


def _ramps() -> tuple[Tensor, Tensor]:
    """Ramps from -1 to 1 over the fine image, (1, 1, n, 1) and (1, n, 1, 1)."""
    ramp = tf.linspace(-1.0, 1.0, SIZE * FINE)
    return ramp[None, None, :, None], ramp[None, :, None, None]


def _wall(chance: Chance) -> Tensor:
    x, y = _ramps()
    level = chance.uniform(135.0, 250.0, 1, 1, 1) + chance.uniform(-7.0, 7.0, 1, 1, 3)
    slope = chance.uniform(-28, 28, 1, 1, 1) * x + chance.uniform(-28, 28, 1, 1, 1) * y
    corners = chance.uniform(-35.0, 5.0, 1, 1, 1) * (x * x + y * y) / 2.0
    texture = tf.image.resize(
        chance.normal(6, 6, 1), (SIZE * FINE, SIZE * FINE), "bicubic"
    )
    # At times something else begins in the frame: another wall, a door, a table.
    angle = chance.uniform(-3.1416, 3.1416, 1, 1, 1)
    across = tf.cos(angle) * x + tf.sin(angle) * y - chance.uniform(0.3, 1.2, 1, 1, 1)
    other = tf.sigmoid(across * chance.uniform(8.0, 60.0, 1, 1, 1))
    other *= chance.uniform(-70.0, 25.0, 1, 1, 1) * chance.happens(0.2, 1, 1, 1)
    texture *= chance.uniform(0.0, 6.0, 1, 1, 1)
    return tf.clip_by_value(level + slope + corners + texture + other, 40.0, 255.0)


def _soft(shadow: Tensor, chance: Chance) -> Tensor:
    """Shadows with wider or narrower penumbras."""
    small = blurred(blurred(tf.nn.avg_pool2d(shadow, 4, 4, "VALID")))
    wide = tf.image.resize(small, shadow.shape[1:3], "bilinear")
    narrow = blurred(blurred(shadow))
    return narrow + chance.uniform(0.2, 1.0, 1, 1, 1) * (wide - narrow)


def _lit(hand: Tensor, alpha: Tensor, chance: Chance) -> Tensor:
    """The hand in another light, and of another skin tone."""
    x, y = _ramps()
    tone = tf.exp(chance.uniform(-0.9, 0.3, 1, 1, 1))
    hue = tf.exp(0.04 * chance.normal(1, 1, 3))
    light = 1.0 + chance.uniform(-0.35, 0.35, 1, 1, 1) * x
    light += chance.uniform(-0.35, 0.35, 1, 1, 1) * y
    return tf.clip_by_value(hand * tone * hue * light, 0.0, 255.0 * alpha)
