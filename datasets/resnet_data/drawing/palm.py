"""The palm: its pads, webs and creases."""

from __future__ import annotations

import itertools

from resnet_data.drawing.bits import Bits
from resnet_data.drawing.bones import Bone, Limb, Mark, Point, between
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
    # Flesh fills the gaps between them.
    for one, other in itertools.pairwise(FINGER.values()):
        x, y = (0.5 * (a + b) for a, b in zip(one.knuckle, other.knuckle, strict=True))
        bones.append(Bone((0.60 * x, 0.10, -0.02), (x, y - 0.04, -0.01), 0.155, 0.12))
    bones.append(Bone((0.20, 0.16, 0.05), (0.345, 0.62, 0.02), 0.17, 0.145))
    bones.append(Bone((-0.12, 0.14, 0.02), (0.14, 0.12, 0.02), 0.175, 0.175))
    bones += [Bone(a, b, 0.088, 0.088) for a, b in webs]
    root: Point = (-0.20, 0.22, 0.05)
    for part, height, radius in ((0.55, 0.62, 0.13), (0.90, 0.78, 0.09)):
        near: Point = (-0.30, height, 0.02)
        bones.append(Bone(between(root, thumb_joint, part), near, radius, radius))
    strength = bits.uniform(0.05, 0.65)
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
