"""Whether a person could tell what a hand in the picture shows."""

from __future__ import annotations

import itertools
import math

from resnet_data.drawing.bones import Bone, Hand, Limb, Point, between, plus

# Of the width of a finger's tip, how much has to stand beside what else is there ...
_BESIDE = 0.6
# ... and how many pixels of a frame of 64: where there is a gap, and where there is
# only the line between two fingers that touch.
_APART, _TOUCHING = 1.8, 3.2
_GAP = 1.2
_HOLE = 1.2  # half the width of the O's hole, in the same pixels
_MEET = 2.7  # how far the O's fingertips are from the thumb's, in widths of that
_LENGTH = 0.55  # of a raised finger, how much is seen of its length


def fingers_legible(hand: Hand, side: int) -> bool:
    """Whether each raised finger of 1 to 5 is seen, and nothing else like one.

    Args:
        hand: in the pixels of a frame.
        side: pixels along the frame.
    """
    for limb in hand.limbs:
        others = [hand.palm, *(other for other in hand.limbs if other is not limb)]
        if limb.raised:
            if not _stands(_skin(limb), others, side / 64.0):
                return False
        elif _beyond(_skin(limb)[-1].end, others) > 0.0:
            # Folded fingers and thumbs end before the hand, not beside it.
            return False
    return True


def ring_legible(hand: Hand, side: int) -> bool:
    """Whether the O of class 0 is seen as one: round a hole, its ends together.

    Args:
        hand: in the pixels of a frame.
        side: pixels along the frame.
    """
    *fingers, thumb = (_skin(limb) for limb in hand.limbs)
    for bones in fingers:
        x, y, _ = plus(bones[-1].end, thumb[-1].end, -1.0)
        if _length(x, y, 0.0) > _MEET * 2.0 * thumb[-1].end_radius:
            return False
    least = _HOLE * side / 64.0
    for one, other in itertools.product(fingers[0], thumb):
        middle = between(one.end, other.end, 0.5)
        # The palm may be seen through it, not before it.
        before = [bone for bone in hand.palm.bones if bone.start[2] > middle[2]]
        if _beyond(middle, [Limb(before), *hand.limbs]) > least:
            return True
    return False


def _stands(bones: list[Bone], others: list[Limb], pixel: float) -> bool:
    """Whether a raised finger is seen beside the others, and not from its tip."""
    first, last = bones[0], bones[-1]
    length = sum(_length(*plus(bone.end, bone.start, -1.0)) for bone in bones)
    x, y, _ = plus(last.end, first.start, -1.0)
    if _length(x, y, 0.0) < _LENGTH * length:
        return False
    if _beyond(last.start, others) < 0.0:
        return False
    half = 0.5 * (last.start_radius + last.end_radius)
    for point, radius in (
        (last.end, last.end_radius),
        (between(last.start, last.end, 0.5), half),
    ):
        beyond = _beyond(point, others)
        apart = beyond > radius + _GAP * pixel
        least = (_APART if apart else _TOUCHING) * pixel
        if min(beyond, radius) + radius < max(_BESIDE * 2.0 * radius, least):
            return False
    return True


def _length(x: float, y: float, z: float) -> float:
    return math.sqrt(x * x + y * y + z * z)


def _skin(limb: Limb) -> list[Bone]:
    return [bone for bone in limb.bones if bone.paint is None]


def _beyond(point: Point, limbs: list[Limb]) -> float:
    """How far a point of the picture is from the nearest outline (inside < 0)."""
    return min(_outside(point, bone) for limb in limbs for bone in limb.bones)


def _outside(point: Point, bone: Bone) -> float:
    (ax, ay, _), (bx, by, _) = bone.start, bone.end
    wx, wy = bx - ax, by - ay
    x, y = point[0] - ax, point[1] - ay
    part = min(max((x * wx + y * wy) / (wx * wx + wy * wy + 1e-9), 0.0), 1.0)
    x, y = x - part * wx, y - part * wy
    radius = bone.start_radius + part * (bone.end_radius - bone.start_radius)
    return _length(x, y, 0.0) - radius
