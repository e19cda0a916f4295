"""Wrist and forearm, and what is worn on them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from resnet_data.drawing.bits import Bits
from resnet_data.drawing.bones import Bone, Colour, Limb, Point, plus


@dataclass(frozen=True)
class Sleeve:
    """A sleeve, lengths in palm widths.

    Attributes:
        start: where it begins, from the wrist down the arm.
        loose: how much wider than the arm it is.
        colours: of its cuff and every second stripe, and of the other stripes.
        stripe: the width of a stripe.
        cuff: the width of the cuff.
    """

    start: float
    loose: float
    colours: tuple[Colour, Colour]
    stripe: float
    cuff: float


@dataclass(frozen=True)
class Band:
    """A bracelet or a watch's strap, as `Sleeve`."""

    start: float
    width: float
    colour: Colour


Dress = Sleeve | Band | None


def dress(bits: Bits) -> Dress:
    """Choose what is worn on the arm: often nothing."""
    if bits.chance(0.35):
        start, loose = bits.uniform(0.15, 1.6), bits.uniform(1.02, 1.3)
        main = _cloth(bits)
        second = _cloth(bits) if bits.chance(0.3) else main
        stripe, cuff = bits.uniform(0.15, 0.4), bits.uniform(0.1, 0.25)
        return Sleeve(start, loose, (main, second), stripe, cuff)
    if bits.chance(0.25):
        return Band(bits.uniform(0.10, 0.45), bits.uniform(0.06, 0.20), _cloth(bits))
    return None


def arm(worn: Dress, bits: Bits) -> Limb:
    """An arm that leaves the frame at its lower edge.

    Args:
        worn: what is worn on it.
        bits: where its way and its width come from.
    """
    # The wrist bends further to the little finger's side.
    sideways, back = bits.uniform(-0.3, 0.5), bits.uniform(-0.3, 0.25)
    wide = bits.uniform(0.92, 1.1)
    down: Point = (sideways, -1.0, back)
    bones = _broad(
        [(0.0, 0.13, 0.19), (0.12, 0.125, 0.185), (1.6, 0.22, 0.30), (9.0, 0.25, 0.33)],
        down,
        wide,
    )
    if isinstance(worn, Sleeve):
        bones += _sleeve(worn, down, wide)
    elif worn is not None:
        rim = [(worn.start, 0.15, 0.215), (worn.start + worn.width, 0.155, 0.22)]
        bones += _broad(rim, down, wide, worn.colour)
    return Limb(bones, soft=0.2)


def _sleeve(sleeve: Sleeve, down: Point, wide: float) -> list[Bone]:
    ends = [sleeve.start, sleeve.start + sleeve.cuff]
    while len(ends) < 8:
        ends.append(ends[-1] + sleeve.stripe)
    ends.append(9.0)
    bones = []
    for place, (near, far) in enumerate(itertools.pairwise(ends)):
        sizes = []
        for at in (near, far):
            grown = min(at, 1.7) / 1.7
            sizes.append((at, 0.15 + 0.10 * grown, 0.20 + 0.12 * grown))
        rim = [
            (at, off * sleeve.loose, radius * sleeve.loose) for at, off, radius in sizes
        ]
        paint = sleeve.colours[0 if place == 0 or place % 2 else 1]
        bones += _broad(rim, down, wide, paint)
    return bones


def _broad(
    rims: list[tuple[float, float, float]],
    down: Point,
    wide: float,
    paint: Colour | None = None,
) -> list[Bone]:
    """Three bones side by side: a limb that is wider than it is thick.

    Args:
        rims: the way down the arm, the distance of the outer two from the middle, and
            their radius.
        down: the way of the arm.
        wide: a factor of all widths.
        paint: the colour, None for skin.
    """
    bones = []
    for side in (-1.0, 0.0, 1.0):
        line = [
            (plus((side * wide * off, 0.0, 0.0), down, at), wide * radius)
            for at, off, radius in rims
        ]
        for (start, one), (end, two) in itertools.pairwise(line):
            flat = paint is not None
            bones.append(Bone(start, end, one, two, paint=paint, flat=flat))
    return bones


def _cloth(bits: Bits) -> Colour:
    """Any colour, often dark or nearly grey."""
    grey = bits.uniform(20.0, 235.0)
    if bits.chance(0.4):
        grey = bits.uniform(15.0, 60.0)
    vivid = bits.uniform(0.0, 70.0)
    red, green, blue = (
        min(max(grey + bits.uniform(-vivid, vivid), 5.0), 250.0) for _ in range(3)
    )
    return red, green, blue
