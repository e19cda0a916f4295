"""The palm, the wrist, and the arm with what is worn on it."""

from __future__ import annotations

import itertools

from resnet_data.drawing.bits import Bits
from resnet_data.drawing.bones import Bone, Colour, Limb, Mark, Point, between, plus
from resnet_data.drawing.digits import FINGER


def palm(webs: list[tuple[Point, Point]], thumb_joint: Point, bits: Bits) -> Limb:
    """The palm with its pads, webs and creases.

    Args:
        webs: the ends of the skin between two raised fingers.
        thumb_joint: the thumb's knuckle; skin is spread between it and the index.
        bits: where the varied shape comes from.
    """
    bones = []
    for shape in FINGER.values():
        x, y = shape.knuckle
        bones.append(Bone((0.60 * x, 0.10, -0.02), (x, y, 0.0), 0.16, 0.13))
        # The knuckles show on the back.
        bones.append(Bone((x, y - 0.06, -0.03), (x, y, -0.05), 0.10, 0.10))
    bones.append(Bone((0.20, 0.16, 0.05), (0.345, 0.62, 0.02), 0.17, 0.145))
    bones.append(Bone((-0.12, 0.14, 0.02), (0.14, 0.12, 0.02), 0.175, 0.175))
    bones += [Bone(a, b, 0.088, 0.088) for a, b in webs]
    root: Point = (-0.20, 0.22, 0.05)
    for part, height, radius in ((0.55, 0.62, 0.13), (0.90, 0.78, 0.09)):
        near: Point = (-0.30, height, 0.02)
        bones.append(Bone(between(root, thumb_joint, part), near, radius, radius))
    strength = bits.uniform(0.1, 0.8)
    shift = bits.uniform(-0.04, 0.04)
    marks = [
        *_line([(-0.42, 0.82), (-0.24, 0.74), (-0.10, 0.50), (-0.06, 0.18)], strength),
        *_line([(-0.40, 0.83), (-0.10, 0.70 + shift), (0.24, 0.52)], 0.8 * strength),
        *_line([(0.44, 0.72), (0.10, 0.86 + shift), (-0.20, 0.98)], 0.8 * strength),
        *_line([(-0.26, 0.0), (0.26, 0.0)], 0.35 * strength),
    ]
    for shape in FINGER.values():
        back: Point = (*shape.knuckle, -0.13)
        marks.append(Mark(back, back, 0.13, "blush", 0.8))
    return Limb(bones, marks, soft=0.2)


def _line(way: list[tuple[float, float]], strength: float) -> list[Mark]:
    return [
        Mark((*a, 0.14), (*b, 0.14), 0.022, "crease", strength)
        for a, b in itertools.pairwise(way)
    ]


def arm(bits: Bits) -> Limb:
    """Wrist and forearm, sometimes with a sleeve or a band."""
    sideways, back = bits.uniform(-0.3, 0.3), bits.uniform(-0.25, 0.2)
    wide = bits.uniform(0.92, 1.1)
    down: Point = (sideways, -1.0, back)
    bones = _broad(
        [(0.0, 0.13, 0.19), (0.12, 0.125, 0.185), (1.6, 0.22, 0.30), (9.0, 0.25, 0.33)],
        down,
        wide,
    )
    if bits.chance(0.35):
        bones += _sleeve(down, wide, bits)
    elif bits.chance(0.25):
        start, width = bits.uniform(0.10, 0.45), bits.uniform(0.06, 0.20)
        rim = [(start, 0.15, 0.215), (start + width, 0.155, 0.22)]
        bones += _broad(rim, down, wide, _cloth(bits))
    return Limb(bones, soft=0.2)


def _sleeve(down: Point, wide: float, bits: Bits) -> list[Bone]:
    start = bits.uniform(0.15, 1.6)
    loose = bits.uniform(1.02, 1.3)
    main = _cloth(bits)
    second = _cloth(bits) if bits.chance(0.3) else main
    stripe = bits.uniform(0.15, 0.4)
    cuff = bits.uniform(0.1, 0.25)
    ends = [start, start + cuff]
    while len(ends) < 8:
        ends.append(ends[-1] + stripe)
    ends.append(9.0)
    bones = []
    for place, (near, far) in enumerate(itertools.pairwise(ends)):
        sizes = []
        for at in (near, far):
            grown = min(at, 1.7) / 1.7
            sizes.append((at, (0.15 + 0.10 * grown) * loose, (0.20 + 0.12 * grown)))
        rim = [(at, off, radius * loose) for at, off, radius in sizes]
        paint = main if place == 0 or place % 2 else second
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
