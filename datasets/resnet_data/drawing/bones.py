"""What a hand is made of: round bones, and marks on its skin.

The unit of length is the width of the palm. x points to the right, y up, z towards
the viewer, and the wrist is the origin. The palm faces the viewer, the thumb is on
the left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Literal

Point = tuple[float, float, float]
Colour = tuple[float, float, float]

TOWARDS_VIEWER: Point = (0.0, 0.0, 1.0)


@dataclass(frozen=True)
class Bone:
    """A capsule from start to end whose radius goes from start_radius to end_radius.

    Attributes:
        palmar: unit vector out of the side on which the palm is.
        paint: the colour of cloth or metal, 0 to 255; None for skin.
        flat: without the round ends.
    """

    start: Point
    end: Point
    start_radius: float
    end_radius: float
    palmar: Point = TOWARDS_VIEWER
    paint: Colour | None = None
    flat: bool = False


@dataclass(frozen=True)
class Mark:
    """A stroke on the skin, seen where nothing lies over it."""

    start: Point
    end: Point
    radius: float
    kind: Literal["crease", "blush", "nail"]
    strength: float = 1.0


@dataclass
class Limb:
    """Bones that belong together.

    Attributes:
        soft: how far the bones melt into each other, in palm widths.
        raised: whether it is one of the fingers that are shown.
    """

    bones: list[Bone]
    marks: list[Mark] = field(default_factory=list)
    soft: float = 0.0
    raised: bool = False


@dataclass
class Hand:
    """The palm, what grows out of it, and the arm below."""

    palm: Limb
    limbs: list[Limb]
    arm: Limb


def plus(a: Point, b: Point, times: float = 1.0) -> Point:
    """Return a + times * b."""
    return a[0] + times * b[0], a[1] + times * b[1], a[2] + times * b[2]


def between(a: Point, b: Point, part: float) -> Point:
    """The point that lies this part of the way from a to b."""
    return plus(a, (b[0] - a[0], b[1] - a[1], b[2] - a[2]), part)


def unit(a: Point) -> Point:
    """The vector of length 1 in the same direction."""
    length = math.sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2])
    return a[0] / length, a[1] / length, a[2] / length


def cross(a: Point, b: Point) -> Point:
    """The vector product."""
    return (
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    )
