"""What a telephone's camera does to the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from resnet_data.drawing.bits import Bits
from resnet_data.drawing.field import Field, shifted


@dataclass(frozen=True)
class Camera:
    """One picture's settings.

    Attributes:
        exposure: a factor of all light.
        balance: factors of red and blue, warm or cool.
        contrast: how far the middle of the curve is made steeper (or flatter).
        vignette: how much darker the corners are.
        blur: deviation of the defocus in pixels.
        motion: the way that the hand shook, in pixels to the right and down.
        sharpen: how strong the halos are.
        grain: deviation of the noise, 0 to 255.
    """

    exposure: float
    balance: tuple[float, float]
    contrast: float
    vignette: float
    blur: float
    motion: tuple[int, int]
    sharpen: float
    grain: float


def camera(span: float, bits: Bits) -> Camera:
    """Choose the settings for a hand that takes this part of the frame's side."""
    motion = (0, 0)
    if bits.chance(0.15) and span > 0.55:
        motion = _step(bits), _step(bits)
    blur = bits.uniform(0.0, 0.65)
    warm = bits.uniform(-0.07, 0.07)
    return Camera(
        exposure=bits.uniform(0.84, 1.14),
        balance=(1.0 + warm, 1.0 - warm),
        contrast=bits.uniform(-0.15, 0.55),
        vignette=bits.uniform(0.0, 0.35) if bits.chance(0.6) else 0.0,
        # The fingers of a small hand would be lost in a large blur.
        blur=min(0.95, 1.6 * span - 0.05) * (blur if bits.chance(0.88) else 1.0),
        motion=motion,
        sharpen=bits.uniform(0.0, 0.8) if bits.chance(0.6) else 0.0,
        grain=bits.uniform(0.5, 4.0),
    )


def taken(layers: list[Field], camera: Camera, bits: Bits) -> npt.NDArray[np.uint8]:
    """The picture of red, green and blue, 0 to 255, as uint8 (side, side, 3)."""
    side = len(layers[0])
    ramp = (np.arange(side) + 0.5) / side - 0.5
    square = ramp * ramp
    fall = 1.0 - 2.0 * camera.vignette * (square[None, :] + square[:, None])
    factors = camera.balance[0], 1.0, camera.balance[1]
    seen = [
        _curve(layer * fall * (factor * camera.exposure / 255.0), camera.contrast)
        for layer, factor in zip(layers, factors, strict=True)
    ]
    if camera.motion != (0, 0):
        right, down = camera.motion
        seen = [0.5 * (layer + shifted(layer, down, right)) for layer in seen]
    picture = np.stack(seen, axis=-1)
    # Three passes of a kernel of three: their variances add.
    weight = camera.blur * camera.blur / 6.0
    for _ in range(3):
        picture = _spread(picture, weight)
    if camera.sharpen > 0.0:
        picture = picture + camera.sharpen * (picture - _spread(picture, 0.25))
    # Most of a camera's noise is common to the three colours.
    noise = 0.8 * bits.bell((side, side, 1)) + 0.6 * bits.bell((side, side, 3))
    pixels = 255.0 * picture + camera.grain * noise
    return np.floor(np.clip(pixels, 0.0, 255.0) + 0.5).astype(np.uint8)


def _step(bits: Bits) -> int:
    return math.floor(bits.uniform(-1.0, 2.0))


def _curve(value: Field, contrast: float) -> Field:
    """An S through (0, 0), (0.5, 0.5) and (1, 1)."""
    value = np.clip(value, 0.0, 1.0)
    return value + contrast * value * (1.0 - value) * (2.0 * value - 1.0)


def _spread(picture: Field, weight: float) -> Field:
    """Part of each pixel's light goes to its four neighbours."""
    p = np.pad(picture, ((1, 1), (0, 0), (0, 0)), mode="edge")
    picture = (1.0 - 2.0 * weight) * picture + weight * (p[:-2] + p[2:])
    p = np.pad(picture, ((0, 0), (1, 1), (0, 0)), mode="edge")
    return (1.0 - 2.0 * weight) * picture + weight * (p[:, :-2] + p[:, 2:])
