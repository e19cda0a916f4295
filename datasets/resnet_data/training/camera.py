"""What a camera and its user add: blur or sharpening, light, colour cast, grain."""

from __future__ import annotations

import tensorflow as tf

from resnet_data.training.chance import Chance, Tensor


def photographed(pixels: Tensor, chance: Chance) -> Tensor:
    """Vary a batch of images as cameras do.

    Args:
        pixels: (batch, h, w, 3) float32, 0 to 255.
        chance: where the random numbers come from.

    Returns:
        (batch, h, w, 3) float32 between 0 and 1, rounded to 256 levels.
    """
    soft = blurred(pixels)
    # Below 0 it blurs, above 0 it sharpens, as telephones do.
    keenness = chance.uniform(-1.0, 0.7, 1, 1, 1)
    x = (pixels + keenness * (pixels - soft)) / 255.0
    x = tf.clip_by_value(x, 1e-3, 1.0)
    x = x ** tf.exp(chance.uniform(-0.35, 0.35, 1, 1, 1))
    grey = tf.reduce_mean(x, axis=-1, keepdims=True)
    x = grey + chance.uniform(0.5, 1.4, 1, 1, 1) * (x - grey)
    x *= chance.uniform(0.75, 1.2, 1, 1, 1) * chance.uniform(0.94, 1.06, 1, 1, 3)
    middle = tf.reduce_mean(x, axis=(1, 2, 3), keepdims=True)
    x = middle + chance.uniform(0.65, 1.3, 1, 1, 1) * (x - middle)
    shape = pixels.shape[1:3]
    grain = 0.8 * chance.normal(*shape, 1) + 0.6 * chance.normal(*shape, 3)
    x += chance.uniform(0.0, 0.025, 1, 1, 1) * grain
    return tf.round(tf.clip_by_value(x, 0.0, 1.0) * 255.0) / 255.0


def blurred(images: Tensor) -> Tensor:
    """A batch of images, each pixel mixed with its eight neighbours (1-2-1)."""
    channels = images.shape[-1]
    line = tf.constant([0.25, 0.5, 0.25])
    kernel = tf.tile((line[:, None] * line)[:, :, None, None], (1, 1, channels, 1))
    padded = tf.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)), mode="SYMMETRIC")
    return tf.nn.depthwise_conv2d(padded, kernel, (1, 1, 1, 1), "VALID")
