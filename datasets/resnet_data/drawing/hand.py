"""Hands: a pose for each class, as varied as people are.

Proportions follow a grown person's hand. The classes are those of the SIGNS data
set: 0 is an O of thumb and fingers, 1 to 5 show that many fingers.
"""

from __future__ import annotations

import itertools

from resnet_data.drawing.arm import arm
from resnet_data.drawing.bits import Bits
from resnet_data.drawing.bones import Bone, Hand, Limb, Point, between
from resnet_data.drawing.digits import FINGER, Build, digit, finger, radii
from resnet_data.drawing.palm import palm
from resnet_data.drawing.person import Person
from resnet_data.drawing.ring import ring
from resnet_data.drawing.thumb import raised_thumb, thumb_over_fingers, thumb_over_palm

FINGERS = tuple(FINGER)

# Which fingers stand up in classes 1 to 5 (class 0 is an O, a pose of its own).
RAISED = {
    1: ("index",),
    2: ("index", "middle"),
    3: ("thumb", "index", "middle"),
    4: ("index", "middle", "ring", "little"),
    5: ("thumb", "index", "middle", "ring", "little"),
}


def hand(label: int, person: Person, bits: Bits) -> Hand:
    """A person's hand that shows `label` (0 to 5), its palm towards the viewer.

    The O of class 0 lies in the plane of y and z: it is seen from the left.
    """
    build = person.build
    if label == 0:
        limbs, joint = ring(build, bits)
        return Hand(palm([], joint, bits), limbs, arm(person.dress, bits))
    raised = RAISED[label]
    fans = _fans(label, build, bits)
    bends = _bends(raised, bits)
    limbs: list[Limb] = []
    roots: dict[str, Point] = {}
    highest = 0.0
    for name in FINGERS:
        up = name in raised
        points, palmar = finger(name, build, fans[name], bends[name])
        limbs.append(digit(points, palmar, radii(name, build), up, bits))
        if up and bits.chance(0.03):
            limbs[-1].bones.append(_worn_ring(limbs[-1].bones[0], bits))
        if up:
            roots[name] = between(points[0], points[1], bits.uniform(0.30, 0.40))
        else:
            highest = max(highest, points[1][2], points[2][2])
    if "thumb" in raised:
        thumb = raised_thumb(label, fans["index"], build, bits)
    elif label == 4:
        thumb = thumb_over_palm(build, bits)
    else:
        thumb = thumb_over_fingers(label, highest, build, bits)
    limbs.append(thumb.limb("thumb" in raised, build, bits))
    webs = [
        (roots[a], roots[b])
        for a, b in itertools.pairwise(FINGERS)
        if a in roots and b in roots
    ]
    return Hand(palm(webs, thumb.points[1], bits), limbs, arm(person.dress, bits))


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


def _fans(label: int, build: Build, bits: Bits) -> dict[str, float]:
    """Degrees of each finger from upright, to the left."""
    opening = _openings(build, bits)
    lean = bits.uniform(-3.0, 4.0)
    if label == 1:
        index, middle = bits.uniform(-6.0, 12.0), bits.uniform(-6.0, 3.0)
    elif label in (2, 3):
        # Two fingers open wider than four.
        wide = bits.uniform(4.0, 42.0) if bits.chance(0.5) else opening[0]
        middle = lean + bits.uniform(-0.65, -0.15) * max(wide, 0.0)
        index = middle + wide
    else:
        middle = lean
        index = middle + opening[0]
    if label >= 4:
        ring = middle - opening[1]
        little = ring - opening[2]
    else:
        # The tips of folded fingers come together at the root of the thumb.
        inwards = bits.uniform(0.0, 1.0)
        ring = bits.uniform(-4.0, 2.0) - 8.0 * inwards
        little = ring + bits.uniform(-5.0, 0.0) - 8.0 * inwards
    return dict(zip(FINGERS, (index, middle, ring, little), strict=True))


def _openings(build: Build, bits: Bits) -> tuple[float, float, float]:
    """Degrees between neighbours: all side by side, all apart, or each as it likes."""
    # Fingers get thinner towards the tip: to touch they lean to each other.
    touch = 57.0 * (0.19 * build.thick - 0.235)
    together = (1.0, 0.5, 0.0)[min(int(bits.uniform(0.0, 4.0)), 2)]
    spread = bits.uniform(0.2, 1.6)

    def opening(widest: float) -> float:
        if bits.chance(together):
            return touch + bits.uniform(-0.5, 1.5)
        return 1.0 + widest * spread + bits.uniform(-2.0, 2.0)

    return opening(7.0), opening(8.0), opening(9.0)


def _bends(
    raised: tuple[str, ...], bits: Bits
) -> dict[str, tuple[float, float, float]]:
    """Degrees at the three joints of each finger."""
    tight = bits.uniform(-0.5, 1.0)
    # A hand at ease lets its fingers sink.
    ease = bits.uniform(0.0, 1.0)
    ease = ease * ease
    knuckle = bits.uniform(-7.0, 6.0) + 10.0 * ease
    bends = {}
    for name in FINGERS:
        if name in raised:
            bends[name] = _raised_bends(knuckle, ease, bits)
        else:
            bends[name] = _folded_bends(tight, bits)
    if "little" in raised and bits.chance(0.25):
        curl = bits.uniform(5.0, 16.0)
        first, second, third = bends["little"]
        bends["little"] = first + curl, second + curl, third + 0.5 * curl
    return bends


def _raised_bends(
    knuckle: float, ease: float, bits: Bits
) -> tuple[float, float, float]:
    crooked = 14.0 if bits.chance(0.12) else 0.0
    return (
        knuckle + bits.uniform(-4.0, 4.0),
        bits.uniform(0.0, 9.0) + 12.0 * ease + crooked,
        bits.uniform(-2.0, 8.0) + 6.0 * ease + crooked / 2.0,
    )


def _folded_bends(tight: float, bits: Bits) -> tuple[float, float, float]:
    return (
        72.0 + 18.0 * tight + bits.uniform(-6.0, 6.0),
        92.0 + 14.0 * tight + bits.uniform(-6.0, 6.0),
        42.0 + 28.0 * tight + bits.uniform(-10.0, 10.0),
    )
