"""Hands as bones: capsules in three dimensions, one pose for each class.

The unit of length is the width of the palm. x points to the right, y up, z towards
the viewer, and the wrist is the origin. The palm faces the viewer, the thumb is on
the left. Proportions follow a grown person's hand, seen from the front.
"""

from __future__ import annotations

from dataclasses import dataclass

from datasets._bits import Bits, turn

Point = tuple[float, float, float]

FINGERS = ("index", "middle", "ring", "little")

# Which fingers stand up in classes 1 to 5 (class 0 is an O, a pose of its own).
RAISED = {
    1: ("index",),
    2: ("index", "middle"),
    3: ("thumb", "index", "middle"),
    4: ("index", "middle", "ring", "little"),
    5: ("thumb", "index", "middle", "ring", "little"),
}

# finger: knuckle x, knuckle y, length, radius, degrees from upright, degrees of spread
_FINGER = {
    "index": (-0.36, 1.03, 0.86, 0.124, 3.0, 6.0),
    "middle": (-0.12, 1.09, 0.95, 0.128, 0.5, 1.0),
    "ring": (0.12, 1.05, 0.88, 0.121, -2.0, -5.0),
    "little": (0.345, 0.94, 0.69, 0.106, -5.0, -10.0),
}
_PHALANGES = (0.47, 0.29, 0.24)


@dataclass(frozen=True)
class Bone:
    """A capsule from start to end whose radius goes from start_radius to end_radius.

    Bones of one soft group melt into each other (the palm); the others keep the
    crease where they touch.
    """

    start: Point
    end: Point
    start_radius: float
    end_radius: float
    soft: bool = False


def hand(label: int, bits: Bits) -> list[Bone]:
    """The bones of one hand that shows `label` (0 to 5), slightly varied by `bits`."""
    if label == 0:
        return _ring_hand(bits)
    raised = RAISED[label]
    spread = bits.uniform(0.35, 1.45)
    bones = _forearm(bits) + _palm()
    for name in FINGERS:
        if name in raised:
            bones += _raised_finger(name, spread, bits)
        else:
            bones += _folded_finger(name, bits)
    if "thumb" in raised:
        bones += _raised_thumb(bits)
    else:
        bones += _folded_thumb(over_fingers=label < 4, bits=bits)
    return bones


def _chain(points: list[Point], radii: list[float]) -> list[Bone]:
    return [
        Bone(*pair)
        for pair in zip(points[:-1], points[1:], radii[:-1], radii[1:], strict=True)
    ]


def _forearm(bits: Bits) -> list[Bone]:
    bend = bits.uniform(-0.35, 0.35)
    return [Bone((0.0, 0.06, -0.02), (bend, -2.6, -0.1), 0.285, 0.40, soft=True)]


def _palm() -> list[Bone]:
    bones = [
        Bone((0.30 * x, 0.12, 0.0), (x * 0.97, y - 0.06, 0.0), 0.235, 0.15, soft=True)
        for x, y, *_ in _FINGER.values()
    ]
    ball_of_thumb = Bone((-0.18, 0.26, 0.04), (-0.37, 0.60, 0.03), 0.22, 0.14, True)
    edge_of_hand = Bone((0.22, 0.22, 0.02), (0.31, 0.66, 0.0), 0.19, 0.16, True)
    return [*bones, ball_of_thumb, edge_of_hand]


def _raised_finger(name: str, spread: float, bits: Bits) -> list[Bone]:
    x, y, length, radius, lean, fan = _FINGER[name]
    degrees = 90.0 + lean + fan * spread + bits.uniform(-2.5, 2.5)
    sideways = bits.uniform(-2.0, 2.0)
    curl = bits.uniform(-2.0, 13.0)
    length *= bits.uniform(0.93, 1.06)
    points: list[Point] = [(x, y, 0.0)]
    pitch = 0.0
    for part in _PHALANGES:
        (c, s), (flat, towards) = turn(degrees), turn(pitch)
        px, py, pz = points[-1]
        step = part * length
        points.append((px + step * flat * c, py + step * flat * s, pz + step * towards))
        degrees += sideways
        pitch += curl
    return _chain(points, [radius * k for k in (1.06, 1.0, 0.93, 0.82)])


def _folded_finger(name: str, bits: Bits) -> list[Bone]:
    x, y, length, radius, _, _ = _FINGER[name]
    top = y + 0.12 + bits.uniform(-0.03, 0.03)
    tip = y - 0.42 * length - bits.uniform(0.0, 0.05)
    inwards = -0.14 * x
    points: list[Point] = [
        (x, y, 0.02),
        (x, top, 0.26),
        (x + 0.5 * inwards, (top + tip) / 2.0, 0.33),
        (x + inwards, tip, 0.22),
    ]
    return _chain(points, [radius * k for k in (1.1, 1.08, 1.05, 0.95)])


def _raised_thumb(bits: Bits) -> list[Bone]:
    degrees = bits.uniform(118.0, 146.0)
    bend = bits.uniform(-10.0, 12.0)
    points: list[Point] = [(-0.20, 0.26, 0.04)]
    for step, angle in ((0.42, degrees + 4.0), (0.36, degrees), (0.30, degrees - bend)):
        c, s = turn(angle)
        px, py, pz = points[-1]
        points.append((px + step * c, py + step * s, pz + 0.02))
    return _chain(points, [0.22, 0.155, 0.135, 0.108])


def _folded_thumb(over_fingers: bool, bits: Bits) -> list[Bone]:
    reach = bits.uniform(-0.06, 0.06)
    lift = 0.16 if over_fingers else 0.0
    points: list[Point] = [
        (-0.20, 0.26, 0.04),
        (-0.43, 0.50, 0.12 + lift),
        (-0.24, 0.68 + reach / 2.0, 0.26 + lift),
        (0.06 + reach, 0.70 + reach / 2.0, 0.26 + lift),
    ]
    return _chain(points, [0.22, 0.155, 0.135, 0.108])


def _ring_hand(bits: Bits) -> list[Bone]:
    """Fingers and thumb bent to an O, the hand seen from the side of the thumb."""
    wide = bits.uniform(0.38, 0.47)
    high = bits.uniform(0.41, 0.50)
    middle_x, middle_y = -0.30, 0.96
    fan = bits.uniform(0.5, 1.0)

    def on_ring(degrees: float, out: float, z: float) -> Point:
        c, s = turn(degrees)
        return (
            middle_x + (wide + out) * c,
            middle_y + (high + out) * s,
            z,
        )

    bones = _forearm(bits)
    knuckles = on_ring(10.0, 0.05, -0.1)
    bones += [
        Bone((0.02, 0.14, -0.02), knuckles, 0.26, 0.17, soft=True),
        Bone((-0.10, 0.24, -0.02), on_ring(335.0, 0.12, -0.1), 0.22, 0.2, soft=True),
    ]
    for place, name in enumerate(FINGERS):
        # Seen from the side a finger is thicker than from the front.
        radius = 1.22 * _FINGER[name][3]
        out, z = 0.075 * place * fan, -0.2 * place
        # The further fingers end a little earlier: their tips stay behind the first.
        ends = (12.0, 45.0, 80.0, 114.0, 147.0, 181.0 - 5.0 * place)
        points = [on_ring(angle, out, z) for angle in ends]
        sizes = (1.14, 1.08, 1.03, 1.0, 0.95, 0.86)
        bones += _chain(points, [radius * k for k in sizes])
    thumb = [
        (-0.10, 0.26, 0.06),
        on_ring(298.0, 0.06, 0.08),
        on_ring(262.0, 0.03, 0.1),
        on_ring(228.0, 0.01, 0.1),
        on_ring(195.0, 0.0, 0.08),
    ]
    return bones + _chain(thumb, [0.22, 0.175, 0.16, 0.148, 0.118])
