"""Where the hand is seen from, how large, and where in the frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from resnet_data.drawing.bits import Bits, turn
from resnet_data.drawing.bones import Bone, Hand, Limb, Mark, Point, between
from resnet_data.drawing.legible import fingers_legible, ring_legible

# Wrist to tip of the middle finger, in palm widths.
HAND_LENGTH = 2.25
_TRIES = 24


@dataclass(frozen=True)
class View:
    """How a hand is turned, and where it comes to lie.

    Attributes:
        turns: degrees about y, x and z, in this order.
        mirrored: whether it is a hand of the other side.
        span: from the wrist to the tip of a raised middle finger, as a part of the
            frame's side. A hand that would not fit is made smaller.
        place: where in the free room of the frame, 0 to 1 from left and from top.
        depth: how much larger a thing is for each palm width that it is nearer.
        cut: what of the hand may lie outside the frame, from the wrist upwards, in
            palm widths.
    """

    turns: tuple[float, float, float]
    mirrored: bool
    span: float
    place: tuple[float, float]
    depth: float
    cut: float = 0.0

    @property
    def dorsal(self) -> bool:
        """Whether the back of the hand is seen."""
        return abs(self.turns[0]) > 120.0


def view(label: int, shown: Hand, bits: Bits) -> View:
    """Choose how this hand, which shows `label`, is seen: so that it can be told."""
    return first_legible(label, shown, lambda easy: _any_view(label, easy, bits))


def first_legible(label: int, shown: Hand, choose: Callable[[float], View]) -> View:
    """The first view of those chosen in which the gesture can be told.

    Args:
        label: 0 to 5.
        shown: the hand.
        choose: called with 0.0, and after each view that will not do with more, at
            most 1.0: how near to the front and how large the hand has to be.
    """
    for attempt in range(_TRIES):
        chosen = choose(attempt / (_TRIES - 1))
        posed, _ = seen(shown, chosen, 64)
        if ring_legible(posed, 64) if label == 0 else fingers_legible(posed, 64):
            break
    return chosen


def _any_view(label: int, easy: float, bits: Bits) -> View:
    hard = 1.0 - easy
    if label == 0:
        # From the thumb's side, or obliquely: more from the front than from the back.
        aside = bits.uniform(-1.0, 1.0) + bits.uniform(-1.0, 1.0)
        about_y = 84.0 + hard * (28.0 if aside < 0.0 else 16.0) * aside
        about_x = hard * bits.uniform(-20.0, 20.0)
    else:
        aside = 30.0 if bits.chance(0.5) else 80.0
        about_y = hard * bits.uniform(-aside, aside)
        about_x = hard * bits.uniform(-36.0, 30.0)
        if bits.chance(0.27):
            about_y += 180.0
    widest = 25.0 if bits.chance(0.6) else 60.0
    size = 0.7 * bits.uniform(0.0, 1.0) + 0.3 * bits.uniform(0.0, 1.0)
    near = bits.chance(0.2)
    return View(
        turns=(about_y, about_x, bits.uniform(-widest, widest)),
        mirrored=bits.chance(0.5),
        span=0.95 + 0.3 * size if near else 0.38 + 0.57 * (easy + hard * size),
        place=(
            0.5 * (bits.uniform(0.0, 1.0) + bits.uniform(0.0, 1.0)),
            1.0 if near else 0.5 * (bits.uniform(0.0, 1.0) + bits.uniform(0.0, 1.0)),
        ),
        depth=bits.uniform(0.0, 0.12),
        cut=bits.uniform(0.0, 0.4) if near else 0.0,
    )


def seen(hand: Hand, view: View, side: int) -> tuple[Hand, float]:
    """The hand turned, scaled and moved into a frame of side by side (y points down).

    Returns:
        The hand in the frame's pixels, and the width of its palm there.
    """
    turned = _mapped(hand, _turning(view), 1.0)
    bones = [bone for limb in turned.limbs for bone in limb.bones[1:]]
    bones += _above(view.cut, _rooted(turned), _rooted(hand))
    boxes = [_box(bone) for bone in bones]
    left, top = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, bottom = max(box[2] for box in boxes), max(box[3] for box in boxes)
    room = side * (1.0 - 2.0 / 64.0)
    scale = min(
        view.span * side / HAND_LENGTH, room / (right - left), room / (bottom - top)
    )
    free_x, free_y = room - scale * (right - left), room - scale * (bottom - top)
    x0 = side / 64.0 + view.place[0] * free_x - scale * left
    y0 = side / 64.0 + view.place[1] * free_y - scale * top

    def into_frame(p: Point) -> tuple[Point, float]:
        return (x0 + scale * p[0], y0 + scale * p[1], scale * p[2]), scale

    return _mapped(turned, into_frame, scale), scale


def _rooted(hand: Hand) -> list[Bone]:
    """The bones of the palm, and the first of each finger."""
    return [*hand.palm.bones, *(limb.bones[0] for limb in hand.limbs)]


def _above(cut: float, turned: list[Bone], bones: list[Bone]) -> list[Bone]:
    """What lies above y = `cut` in the hand, of its bones as they are turned."""
    if cut == 0.0:
        return turned
    kept = []
    for after, before in zip(turned, bones, strict=True):
        low, high = before.start[1], before.end[1]
        if max(low, high) < cut:
            continue
        start, end = after.start, after.end
        if min(low, high) < cut:
            at = between(start, end, (cut - low) / (high - low))
            start, end = (at, end) if low < cut else (start, at)
        # Nor does the round end reach below.
        one = min(after.start_radius, max(low - cut, 0.0))
        two = min(after.end_radius, max(high - cut, 0.0))
        kept.append(
            replace(after, start=start, end=end, start_radius=one, end_radius=two)
        )
    return kept


def _box(bone: Bone) -> tuple[float, float, float, float]:
    (ax, ay, _), (bx, by, _) = bone.start, bone.end
    a, b = bone.start_radius, bone.end_radius
    return (
        min(ax - a, bx - b),
        min(ay - a, by - b),
        max(ax + a, bx + b),
        max(ay + a, by + b),
    )


def _turning(view: View) -> Callable[[Point], tuple[Point, float]]:
    """The turned point about the palm's middle, and how much larger it is seen."""
    (cy, sy), (cx, sx), (cz, sz) = (turn(angle) for angle in view.turns)
    flip = -1.0 if view.mirrored else 1.0

    def turned(p: Point) -> tuple[Point, float]:
        x, y, z = p[0], p[1] - 1.0, p[2]
        x, z = cy * x + sy * z, cy * z - sy * x
        y, z = cx * y - sx * z, sx * y + cx * z
        x, y = cz * x - sz * y, sz * x + cz * y
        nearer = 1.0 / (1.0 - view.depth * min(max(z, -1.5), 1.5))
        return (flip * nearer * x, -nearer * y, z), nearer

    return turned


def _mapped(
    hand: Hand, place: Callable[[Point], tuple[Point, float]], scale: float
) -> Hand:
    origin, _ = place((0.0, 1.0, 0.0))

    def turned_only(p: Point) -> Point:
        q, _ = place((p[0], p[1] + 1.0, p[2]))
        return q[0] - origin[0], q[1] - origin[1], q[2] - origin[2]

    def bone(b: Bone) -> Bone:
        (start, one), (end, two) = place(b.start), place(b.end)
        palmar = turned_only(b.palmar) if scale == 1.0 else b.palmar
        return Bone(
            start,
            end,
            b.start_radius * one,
            b.end_radius * two,
            palmar,
            b.paint,
            b.flat,
        )

    def mark(m: Mark) -> Mark:
        (start, one), (end, _) = place(m.start), place(m.end)
        return Mark(start, end, m.radius * one, m.kind, m.strength)

    def limb(a: Limb) -> Limb:
        return Limb(
            [bone(b) for b in a.bones],
            [mark(m) for m in a.marks],
            a.soft * scale,
            a.raised,
        )

    return Hand(limb(hand.palm), [limb(a) for a in hand.limbs], limb(hand.arm))
