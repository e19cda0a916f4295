"""Fingers and thumbs: chains of bones with creases, nails and red tips."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from resnet_data.drawing.bits import Bits, turn
from resnet_data.drawing.bones import (
    Bone,
    Limb,
    Mark,
    Point,
    between,
    cross,
    plus,
    unit,
)


@dataclass(frozen=True)
class Build:
    """How one person's hand is built.

    Attributes:
        long: length of the fingers, 1 on average.
        thick: thickness of the fingers, 1 on average.
    """

    long: float
    thick: float


@dataclass(frozen=True)
class Finger:
    """Where a finger starts and how large it is, in palm widths and degrees.

    Attributes:
        knuckle: x and y of the joint at the palm.
        phalanges: the lengths of the three bones.
        radius: half the thickness at the root.
        lean: degrees from upright, to the left, with all fingers side by side.
        fan: degrees that it moves to the left as the hand opens.
    """

    knuckle: tuple[float, float]
    phalanges: tuple[float, float, float]
    radius: float
    lean: float
    fan: float


FINGER = {
    "index": Finger((-0.355, 1.03), (0.47, 0.29, 0.25), 0.116, 1.5, 9.0),
    "middle": Finger((-0.12, 1.08), (0.52, 0.33, 0.26), 0.118, 0.5, 2.0),
    "ring": Finger((0.12, 1.04), (0.48, 0.32, 0.26), 0.112, -1.0, -6.0),
    "little": Finger((0.34, 0.94), (0.38, 0.22, 0.23), 0.098, -3.0, -15.0),
}


def finger(
    name: str, build: Build, sideways: float, bends: tuple[float, float, float]
) -> tuple[list[Point], list[Point]]:
    """The joints of a finger and the palmar side of each bone.

    Args:
        name: a key of FINGER.
        build: the person's.
        sideways: degrees from upright to the left.
        bends: degrees at the three joints, the knuckle first.

    Returns:
        Four points, and three unit vectors.
    """
    shape = FINGER[name]
    c, s = turn(90.0 + sideways)
    points: list[Point] = [(*shape.knuckle, 0.0)]
    palmar: list[Point] = []
    pitch = 0.0
    for length, bend in zip(shape.phalanges, bends, strict=True):
        pitch += bend
        flat, towards = turn(pitch)
        along: Point = (flat * c, flat * s, towards)
        points.append(plus(points[-1], along, length * build.long))
        palmar.append((-towards * c, -towards * s, flat))
    return points, palmar


def radii(name: str, build: Build) -> list[float]:
    """Half the thickness of a finger at its joints and its tip."""
    radius = FINGER[name].radius * build.thick
    return [radius * k for k in (1.05, 0.98, 0.88, 0.72)]


def digit(
    points: list[Point],
    palmar: list[Point],
    radii: list[float],
    raised: bool,
    bits: Bits,
) -> Limb:
    """A limb along the joints `points`, with what is seen on its skin.

    Args:
        points: the joints and the tip.
        palmar: the palmar side of each bone, one fewer.
        radii: half the thickness at each point.
        raised: whether it is one of the fingers that are shown.
        bits: where the varied strengths come from.
    """
    bones = [
        Bone(*bone)
        for bone in zip(
            points[:-1], points[1:], radii[:-1], radii[1:], palmar, strict=True
        )
    ]
    marks: list[Mark] = []
    crease = bits.uniform(0.05, 0.6)
    for bone, after in itertools.pairwise(bones):
        marks += _joint(bone, after, crease * bits.uniform(0.4, 1.2))
    if raised:
        # The crease where the finger leaves the palm.
        marks.append(_stripe(bones[0], 0.46, 0.7 * crease, 1.0))
    last = bones[-1]
    along = unit(plus(last.end, last.start, -1.0))
    marks.append(Mark(last.end, last.end, 2.2 * last.end_radius, "blush", 0.8))
    back = plus(last.end, last.palmar, -0.80 * last.end_radius)
    marks.append(
        Mark(
            plus(back, along, -0.9 * last.end_radius),
            plus(back, along, 0.35 * last.end_radius),
            0.68 * last.end_radius,
            "nail",
        )
    )
    return Limb(bones, marks, soft=0.05, raised=raised)


def _joint(bone: Bone, after: Bone, crease: float) -> list[Mark]:
    middle = unit(plus(bone.palmar, after.palmar))
    back = plus(bone.end, middle, -0.9 * bone.end_radius)
    return [
        _stripe(bone, 1.0, crease, 1.0),
        _stripe(bone, 0.97, 0.4 * crease, -1.0),
        Mark(back, back, 1.5 * bone.end_radius, "blush", 0.7),
    ]


def _stripe(bone: Bone, part: float, strength: float, side: float) -> Mark:
    """A line across a bone, on its palmar side (1) or its back (-1)."""
    radius = bone.start_radius + part * (bone.end_radius - bone.start_radius)
    along = plus(bone.end, bone.start, -1.0)
    across = unit(cross(along, bone.palmar))
    top = plus(between(bone.start, bone.end, part), bone.palmar, side * 0.85 * radius)
    return Mark(
        plus(top, across, -0.55 * radius),
        plus(top, across, 0.55 * radius),
        0.028,
        "crease",
        strength,
    )


def bent(start: Point, end: Point, lengths: tuple[float, float], out: Point) -> Point:
    """The joint between two bones that lead from start to end, bent towards `out`.

    Bones too short for the way are taken as long enough.
    """
    way = plus(end, start, -1.0)
    square = way[0] * way[0] + way[1] * way[1] + way[2] * way[2] + 1e-9
    one, two = lengths
    part = (one * one - two * two + square) / (2.0 * square)
    part = min(max(part, 0.35), 0.7)
    height = math.sqrt(max(one * one - part * part * square, 0.0))
    away = plus(
        out, way, -(out[0] * way[0] + out[1] * way[1] + out[2] * way[2]) / square
    )
    return plus(between(start, end, part), unit(away), height)
