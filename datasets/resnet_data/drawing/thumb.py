"""The thumb: raised beside the fingers, across the palm, or over folded fingers."""

from __future__ import annotations

from dataclasses import dataclass

from resnet_data.drawing.bits import Bits, turn
from resnet_data.drawing.bones import Limb, Point, cross, plus, unit
from resnet_data.drawing.digits import Build, bent, digit

_ROOT: Point = (-0.20, 0.22, 0.06)
_RADII = (0.195, 0.150, 0.124, 0.092)
_LENGTHS = (0.47, 0.37, 0.27)


@dataclass(frozen=True)
class Thumb:
    """Where a thumb lies.

    Attributes:
        points: its root, its two joints and its tip.
        palmar: for each of its bones, the unit vector out of the side of its pad.
    """

    points: tuple[Point, Point, Point, Point]
    palmar: tuple[Point, Point, Point]

    def limb(self, raised: bool, build: Build, bits: Bits) -> Limb:
        """Its bones, and what is seen on them."""
        radii = [build.thick * radius for radius in _RADII]
        return digit(list(self.points), list(self.palmar), radii, raised, bits)


def raised_thumb(label: int, index: float, build: Build, bits: Bits) -> Thumb:
    """Beside the index, close to it or far away, and in the palm's plane or before it.

    Args:
        label: 3 or 5.
        index: degrees that the index leans to the thumb's side.
        build: the person's.
        bits: where all that varies comes from.
    """
    if label == 5 and bits.chance(0.25):
        # Along the palm; its tip lies at the index's side.
        angle = bits.uniform(17.0, 25.0) + 0.45 * max(index, 0.0)
        first, last = bits.uniform(4.0, 14.0), bits.uniform(-14.0, -4.0)
        pitch = bits.uniform(0.0, 14.0)
    else:
        # Two fingers beside a thumb that touches them would pass for three fingers.
        least = 32.0 + 0.45 * max(index, 0.0)
        angle = bits.uniform(least, 76.0)
        first, last = bits.uniform(-4.0, 18.0), bits.uniform(-20.0, 20.0)
        pitch = bits.uniform(0.0, 30.0)
    points = _chain((angle + first, angle, angle + last), pitch, build)
    # Its pad looks at the fingers and a little at the viewer.
    way = unit(plus(points[3], points[1], -1.0))
    inwards = cross(way, (0.0, 0.0, 1.0))
    face = bits.uniform(0.3, 1.2)
    palmar = unit((inwards[0], inwards[1], inwards[2] + face))
    return Thumb(points, (palmar, palmar, palmar))


def _chain(
    angles: tuple[float, float, float], pitch: float, build: Build
) -> tuple[Point, Point, Point, Point]:
    points = [_ROOT]
    flat, towards = turn(pitch)
    for length, angle in zip(_LENGTHS, angles, strict=True):
        c, s = turn(90.0 + angle)
        along: Point = (flat * c, flat * s, towards)
        points.append(plus(points[-1], along, length * build.long))
    return points[0], points[1], points[2], points[3]


def thumb_over_palm(build: Build, bits: Bits) -> Thumb:
    """Across the palm, bent or straight, or along its edge."""
    manner = bits.uniform(0.0, 1.0)
    if manner < 0.12:
        joint: Point = (bits.uniform(-0.56, -0.46), bits.uniform(0.52, 0.60), 0.16)
        tip: Point = (
            bits.uniform(-0.32, -0.16),
            bits.uniform(0.64, 0.80),
            bits.uniform(0.26, 0.34),
        )
        return _folded(joint, tip, (-0.6, 1.0, 0.3), build)
    if manner < 0.25:
        # Its tip lies on the root of the index.
        joint = (bits.uniform(-0.50, -0.40), bits.uniform(0.56, 0.64), 0.22)
        tip = (
            bits.uniform(-0.36, -0.20),
            bits.uniform(0.90, 1.10),
            bits.uniform(0.22, 0.30),
        )
        return _folded(joint, tip, (-1.0, 0.4, 0.3), build)
    if manner < 0.7:
        # Straight: upright on the palm, or slanting to any finger.
        joint = (bits.uniform(-0.42, -0.32), bits.uniform(0.54, 0.62), 0.26)
        c, s = turn(bits.uniform(8.0, 80.0))
        reach = bits.uniform(0.54, 0.62) * build.long
        tip = (joint[0] + reach * s, joint[1] + reach * c, bits.uniform(0.24, 0.34))
        return _folded(joint, tip, (-0.4, 0.6, 0.8), build)
    # As far as the index, the middle finger, the ring finger or the little finger.
    far = bits.uniform(0.0, 1.0)
    joint = (
        -0.54 + 0.24 * far + bits.uniform(-0.03, 0.03),
        bits.uniform(0.50, 0.64),
        0.18 + 0.18 * far,
    )
    tip = (
        -0.20 + 0.54 * far,
        bits.uniform(0.56, 1.00 - 0.14 * far),
        bits.uniform(0.22, 0.34),
    )
    return _folded(joint, tip, (-0.4, 1.0, 0.25), build)


def thumb_over_fingers(label: int, highest: float, build: Build, bits: Bits) -> Thumb:
    """Across the folded fingers, whose joints reach up to z = `highest`."""
    top = highest + 0.17 * build.thick
    if label == 1 and bits.chance(0.25):
        # Beside the folded fingers, along the palm.
        joint: Point = (-0.46, 0.58, 0.22)
        tip: Point = (bits.uniform(-0.42, -0.30), bits.uniform(0.92, 1.08), 0.42)
        return _folded(joint, tip, (-1.0, 0.0, 0.4), build)
    if label == 1 and bits.chance(0.3):
        # Its tip rests on the middle finger's joint, beside the index.
        joint = (-0.46, bits.uniform(0.56, 0.66), 0.5 * top)
        tip = (bits.uniform(-0.26, -0.06), bits.uniform(1.0, 1.16), top)
        return _folded(joint, tip, (-1.0, 0.2, 0.5), build)
    joint = (bits.uniform(-0.46, -0.36), bits.uniform(0.52, 0.60), 0.55 * top)
    reach = bits.uniform(0.0, 0.24) if label == 1 else bits.uniform(0.02, 0.32)
    tip = (reach, bits.uniform(0.70, 1.00), top)
    return _folded(joint, tip, (-0.5, 0.6, 1.0), build)


def _folded(joint: Point, tip: Point, out: Point, build: Build) -> Thumb:
    return Thumb(
        (_ROOT, joint, _knee(joint, tip, out, build), tip),
        ((0.0, 0.0, 1.0), (0.0, -0.6, -0.8), (0.0, -0.4, -0.92)),
    )


def thumb_to(tip: Point, joint: Point, build: Build) -> Thumb:
    """From its first joint to a tip before the palm, as for an O."""
    knee = _knee(joint, tip, (0.0, -0.5, 1.0), build)
    palmar = unit(cross((-1.0, 0.0, 0.0), unit(plus(tip, knee, -1.0))))
    return Thumb((_ROOT, joint, knee, tip), (palmar, palmar, palmar))


def _knee(joint: Point, tip: Point, out: Point, build: Build) -> Point:
    lengths = _LENGTHS[1] * build.long, _LENGTHS[2] * build.long
    return bent(joint, tip, lengths, out)
