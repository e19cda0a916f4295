"""The wall behind the hand."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resnet_data.drawing.bits import Bits, turn
from resnet_data.drawing.bones import Colour
from resnet_data.drawing.field import Field, smoothed


@dataclass(frozen=True)
class Wall:
    """A light wall.

    Attributes:
        colour: 0 to 255.
        slope: how much lighter it is at the right and lower end than at the other,
            as a part of its brightness.
        cloud: how uneven it is.
        edge: degrees, place (-0.5 to 0.5), the change of brightness beyond it and
            that of a line along it; None for a plain wall.
    """

    colour: Colour
    slope: tuple[float, float]
    cloud: float
    edge: tuple[float, float, float, float] | None


def wall(bits: Bits) -> Wall:
    """Choose a wall."""
    grey = bits.uniform(150.0, 248.0)
    if bits.chance(0.4):
        grey = bits.uniform(200.0, 248.0)
    tint = bits.uniform(-9.0, 9.0)
    edge = None
    if bits.chance(0.15):
        edge = (
            bits.uniform(0.0, 360.0),
            bits.uniform(-0.5, 0.5),
            bits.uniform(-0.16, 0.1),
            bits.uniform(-0.2, 0.0) if bits.chance(0.5) else 0.0,
        )
    return Wall(
        colour=(grey + tint, grey + bits.uniform(-5.0, 5.0), grey - tint),
        slope=(bits.uniform(-0.18, 0.18), bits.uniform(-0.18, 0.18)),
        cloud=bits.uniform(0.0, 0.03),
        edge=edge,
    )


def painted(wall: Wall, side: int, bits: Bits) -> list[Field]:
    """Red, green and blue of the wall, 0 to 255."""
    ramp = (np.arange(side) + 0.5) / side - 0.5
    x, y = ramp[None, :], ramp[:, None]
    bright = 1.0 + wall.slope[0] * x + wall.slope[1] * y
    bright = bright + wall.cloud * smoothed(bits.bell((8, 8)), side)
    if wall.edge is not None:
        angle, place, beyond, line = wall.edge
        c, s = turn(angle)
        distance = (x * c + y * s - place) * side
        bright = bright + beyond * np.clip(0.5 * distance + 0.5, 0.0, 1.0)
        bright = bright + line * np.clip(1.5 - np.abs(distance), 0.0, 1.0)
    return [colour * bright for colour in wall.colour]
