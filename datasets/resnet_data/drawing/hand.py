"""Hands: a pose for each class, as varied as people are.

Proportions follow a grown person's hand. The classes are those of the SIGNS data
set: 0 is an O of thumb and fingers, 1 to 5 show that many fingers.
"""

from __future__ import annotations

import itertools

from resnet_data.drawing.arm import arm
from resnet_data.drawing.bits import Bits, turn
from resnet_data.drawing.bones import (
    Bone,
    Hand,
    Limb,
    Point,
    between,
    cross,
    plus,
    unit,
)
from resnet_data.drawing.digits import FINGER, Build, bent, digit, finger
from resnet_data.drawing.palm import palm
from resnet_data.drawing.person import Person

FINGERS = tuple(FINGER)

# Which fingers stand up in classes 1 to 5 (class 0 is an O, a pose of its own).
RAISED = {
    1: ("index",),
    2: ("index", "middle"),
    3: ("thumb", "index", "middle"),
    4: ("index", "middle", "ring", "little"),
    5: ("thumb", "index", "middle", "ring", "little"),
}

_ROOT: Point = (-0.20, 0.22, 0.06)  # of the thumb
_THUMB_RADII = (0.195, 0.150, 0.124, 0.092)
_THUMB = (0.47, 0.37, 0.27)  # lengths


def hand(label: int, person: Person, bits: Bits) -> Hand:
    """A person's hand that shows `label` (0 to 5), its palm towards the viewer.

    The O of class 0 lies in the plane of y and z: it is seen from the left.
    """
    build = person.build
    if label == 0:
        return _ring_hand(person, bits)
    raised = RAISED[label]
    fans = _fans(label, bits)
    tight = bits.uniform(0.0, 1.0)
    limbs: list[Limb] = []
    roots: dict[str, Point] = {}
    highest = 0.0
    for name in FINGERS:
        up = name in raised
        bends = _raised_bends(bits) if up else _folded_bends(tight, bits)
        points, palmar = finger(name, build, fans[name], bends)
        limbs.append(digit(points, palmar, _radii(name, build), up, bits))
        if up and bits.chance(0.03):
            limbs[-1].bones.append(_worn_ring(limbs[-1].bones[0], bits))
        if up:
            roots[name] = between(points[0], points[1], bits.uniform(0.30, 0.40))
        else:
            highest = max(highest, points[1][2], points[2][2])
    if "thumb" in raised:
        thumb, palmar = _raised_thumb(build, bits)
    elif label == 4:
        thumb, palmar = _thumb_over_palm(build, bits)
    else:
        thumb, palmar = _thumb_over_fingers(label, highest, build, bits)
    up = "thumb" in raised
    radii = [build.thick * radius for radius in _THUMB_RADII]
    limbs.append(digit(thumb, palmar, radii, up, bits))
    webs = [
        (roots[a], roots[b])
        for a, b in itertools.pairwise(FINGERS)
        if a in roots and b in roots
    ]
    return Hand(palm(webs, thumb[1], bits), limbs, arm(person.dress, bits))


def _worn_ring(bone: Bone, bits: Bits) -> Bone:
    """A ring of gold or silver around a finger's first bone."""
    grey, warm = bits.uniform(110.0, 220.0), bits.uniform(0.0, 60.0)
    return Bone(
        between(bone.start, bone.end, 0.64),
        between(bone.start, bone.end, 0.80),
        1.1 * bone.end_radius,
        1.1 * bone.end_radius,
        paint=(grey, grey - 0.4 * warm, grey - warm),
        flat=True,
    )


def _radii(name: str, build: Build) -> list[float]:
    radius = FINGER[name].radius * build.thick
    return [radius * k for k in (1.05, 0.98, 0.88, 0.72)]


def _fans(label: int, bits: Bits) -> dict[str, float]:
    """Degrees of each finger from upright, to the left."""
    spread = bits.uniform(0.1, 1.4)
    fans = {
        name: shape.lean + shape.fan * spread + bits.uniform(-1.5, 1.5)
        for name, shape in FINGER.items()
    }
    if label in (2, 3):
        # Two fingers open wider than four.
        opening = bits.uniform(11.0, 42.0)
        middle = bits.uniform(-0.65, -0.15) * opening
        fans["index"], fans["middle"] = middle + opening, middle
    if label == 1:
        fans["index"] = bits.uniform(-6.0, 12.0)
    return fans


def _raised_bends(bits: Bits) -> tuple[float, float, float]:
    crooked = 14.0 if bits.chance(0.15) else 0.0
    return (
        bits.uniform(-8.0, 14.0),
        bits.uniform(0.0, 12.0) + crooked,
        bits.uniform(-2.0, 10.0) + crooked / 2.0,
    )


def _folded_bends(tight: float, bits: Bits) -> tuple[float, float, float]:
    return (
        72.0 + 18.0 * tight + bits.uniform(-6.0, 6.0),
        92.0 + 14.0 * tight + bits.uniform(-6.0, 6.0),
        42.0 + 28.0 * tight + bits.uniform(-10.0, 10.0),
    )


def _raised_thumb(build: Build, bits: Bits) -> tuple[list[Point], list[Point]]:
    angle = bits.uniform(36.0, 74.0)
    points = _thumb_chain(
        (angle + bits.uniform(-2.0, 8.0), angle, angle + bits.uniform(-16.0, 20.0)),
        bits.uniform(0.0, 22.0),
        build,
    )
    # Its pad looks at the fingers and a little at the viewer.
    way = unit(plus(points[3], points[1], -1.0))
    inwards = cross(way, (0.0, 0.0, 1.0))
    face = bits.uniform(0.3, 1.2)
    palmar = unit((inwards[0], inwards[1], inwards[2] + face))
    return points, [palmar] * 3


def _thumb_chain(
    angles: tuple[float, float, float], pitch: float, build: Build
) -> list[Point]:
    points = [_ROOT]
    flat, towards = turn(pitch)
    for length, angle in zip(_THUMB, angles, strict=True):
        c, s = turn(90.0 + angle)
        along: Point = (flat * c, flat * s, towards)
        points.append(plus(points[-1], along, length * build.long))
    return points


def _thumb_over_palm(build: Build, bits: Bits) -> tuple[list[Point], list[Point]]:
    """Flat across the palm, or bent like a hook at its edge."""
    if bits.chance(0.2):
        joint: Point = (bits.uniform(-0.56, -0.46), bits.uniform(0.52, 0.60), 0.16)
        tip: Point = (
            bits.uniform(-0.32, -0.16),
            bits.uniform(0.64, 0.80),
            bits.uniform(0.26, 0.34),
        )
        return _folded(joint, tip, (-0.6, 1.0, 0.3), build)
    joint = (
        bits.uniform(-0.57, -0.36),
        bits.uniform(0.52, 0.64),
        bits.uniform(0.18, 0.34),
    )
    tip = (
        bits.uniform(-0.14, 0.30),
        bits.uniform(0.54, 0.98),
        bits.uniform(0.24, 0.36),
    )
    return _folded(joint, tip, (-0.4, 1.0, 0.25), build)


def _thumb_over_fingers(
    label: int, highest: float, build: Build, bits: Bits
) -> tuple[list[Point], list[Point]]:
    """Across the folded fingers, whose joints reach up to z = `highest`."""
    top = highest + 0.17 * build.thick
    if label == 1 and bits.chance(0.25):
        # Beside the folded fingers, along the palm.
        joint: Point = (-0.46, 0.58, 0.22)
        tip: Point = (bits.uniform(-0.42, -0.30), bits.uniform(0.95, 1.08), 0.42)
        return _folded(joint, tip, (-1.0, 0.0, 0.4), build)
    if label == 1 and bits.chance(0.3):
        # Its tip rests on the middle finger's joint, beside the index.
        joint = (-0.46, bits.uniform(0.56, 0.66), 0.5 * top)
        tip = (bits.uniform(-0.26, -0.06), bits.uniform(1.0, 1.16), top)
        return _folded(joint, tip, (-1.0, 0.2, 0.5), build)
    joint = (bits.uniform(-0.46, -0.36), bits.uniform(0.52, 0.60), 0.55 * top)
    reach = bits.uniform(0.0, 0.24) if label == 1 else bits.uniform(0.06, 0.30)
    tip = (reach, bits.uniform(0.74, 0.98), top)
    return _folded(joint, tip, (-0.5, 0.6, 1.0), build)


def _folded(
    joint: Point, tip: Point, out: Point, build: Build
) -> tuple[list[Point], list[Point]]:
    lengths = _THUMB[1] * build.long, _THUMB[2] * build.long
    points = [_ROOT, joint, bent(joint, tip, lengths, out), tip]
    return points, [(0.0, 0.0, 1.0), (0.0, -0.6, -0.8), (0.0, -0.4, -0.92)]


def _ring_hand(person: Person, bits: Bits) -> Hand:
    """Thumb and fingers bent to an O: round, oval or pinched."""
    build = person.build
    bends = (
        bits.uniform(8.0, 48.0),
        bits.uniform(46.0, 76.0),
        bits.uniform(18.0, 50.0),
    )
    fan = bits.uniform(-8.0, 3.0)
    limbs: list[Limb] = []
    tip: Point = (0.0, 0.0, 0.0)
    side: Point = (0.0, 0.0, 1.0)
    for place, name in enumerate(FINGERS):
        # The further fingers lie behind the first or open outwards.
        looser = fan * place + bits.uniform(-3.0, 3.0)
        own = (bends[0] + looser, bends[1] + 0.3 * looser, bends[2])
        lean = (-4.0, -1.0, 3.0, 8.0)[place]
        points, palmar = finger(name, build, lean, own)
        limbs.append(digit(points, palmar, _radii(name, build), True, bits))
        if place == 0:
            tip, side = points[-1], palmar[-1]
    gap = bits.uniform(0.15, 0.19) * build.thick
    touch = plus(tip, side, gap)
    touch = (touch[0] + 0.06, touch[1], touch[2])
    joint: Point = (-0.36, bits.uniform(0.54, 0.66), bits.uniform(0.34, 0.46))
    lengths = _THUMB[1] * build.long, _THUMB[2] * build.long
    knee = bent(joint, touch, lengths, (0.0, -0.5, 1.0))
    way = unit(plus(touch, knee, -1.0))
    palmar = unit(cross((-1.0, 0.0, 0.0), way))
    thumb = digit(
        [_ROOT, joint, knee, touch],
        [palmar] * 3,
        [build.thick * radius for radius in _THUMB_RADII],
        True,
        bits,
    )
    return Hand(palm([], joint, bits), [*limbs, thumb], arm(person.dress, bits))
