"""The hand as a height field: of all bones, the surface nearest to the viewer."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resnet_data.drawing.bones import Bone, Colour, Hand, Limb, Mark
from resnet_data.drawing.field import Field, blurred

NOTHING = -1000.0
_SMOOTH = 0.05  # over how much of the palm its height is a mean, in palm widths
_JOINS = 0.10  # how far a finger melts into the palm, in palm widths


@dataclass
class Surface:
    """What is seen of a hand, a value for each pixel of a square frame.

    Attributes:
        height: towards the viewer in pixels, NOTHING beside the hand.
        cover: 0 to 1, how much of the pixel the hand covers.
        pale: 0 for the back of a hand, 1 for its palm.
        paint: 0 for skin, otherwise 1 + the place in `colours`.
        colours: of cloth and metal.
        crease, blush, nail: 0 to 1, how much of each mark.
    """

    height: Field
    cover: Field
    pale: Field
    paint: Field
    colours: list[Colour]
    crease: Field
    blush: Field
    nail: Field


def surface(hand: Hand, scale: float, side: int) -> Surface:
    """What is seen of a hand in a frame of side by side.

    Args:
        hand: in the frame's pixels.
        scale: pixels in a palm width.
        side: pixels along the frame.
    """

    def plane(value: float) -> Field:
        return np.full((side, side), value)

    s = Surface(
        plane(NOTHING),
        plane(0.0),
        plane(1.0),
        plane(0.0),
        [],
        plane(0.0),
        plane(0.0),
        plane(0.0),
    )
    outside = plane(1.0)
    skin = [bone for bone in hand.arm.bones if bone.paint is None]
    worn = [bone for bone in hand.arm.bones if bone.paint is not None]
    base = Limb(skin + hand.palm.bones, soft=hand.palm.soft)
    _lay(base, plane(NOTHING), 0.0, s, outside)
    palm = s.height = _smooth(s.height, max(int(_SMOOTH * scale), 1))
    for limb in hand.limbs:
        _lay(limb, palm, _JOINS * scale, s, outside)
    _lay(Limb(worn, soft=hand.arm.soft), palm, 0.0, s, outside)
    s.cover = np.clip(0.5 - outside, 0.0, 1.0)
    s.pale = blurred(s.pale, 1)
    for limb in (hand.palm, *hand.limbs):
        for mark in limb.marks:
            _draw(mark, s, scale)
    return s


def _lay(limb: Limb, palm: Field, melt: float, s: Surface, outside: Field) -> None:
    """Lay a limb over what is there. It melts into the palm, not into neighbours."""
    side = len(s.height)
    windows = [_window(bone.start, bone.end, _reach(bone), side) for bone in limb.bones]
    drawn = [
        (bone, rows, columns)
        for bone, (rows, columns) in zip(limb.bones, windows, strict=True)
        if rows.start < rows.stop and columns.start < columns.stop
    ]
    if not drawn:
        return
    top, left = min(r.start for _, r, _ in drawn), min(c.start for _, _, c in drawn)
    bottom, right = max(r.stop for _, r, _ in drawn), max(c.stop for _, _, c in drawn)
    own = np.full((bottom - top, right - left), NOTHING)
    pale, paint = np.zeros_like(own), np.zeros_like(own)
    for bone, rows, columns in drawn:
        raised, distance = _capsule(bone, rows, columns)
        here = (
            slice(rows.start - top, rows.stop - top),
            slice(columns.start - left, columns.stop - left),
        )
        wins = raised > own[here]
        up = min(max(0.5 + 1.2 * bone.palmar[2], 0.0), 1.0)
        pale[here] = np.where(wins, up, pale[here])
        if bone.paint is not None:
            if bone.paint not in s.colours:
                s.colours.append(bone.paint)
            number = 1.0 + s.colours.index(bone.paint)
            paint[here] = np.where(wins, number, paint[here])
        own[here] = _softest(own[here], raised, limb.soft)
        outside[rows, columns] = np.minimum(outside[rows, columns], distance)
    place = slice(top, bottom), slice(left, right)
    under = s.height[place]
    wins = own > under
    s.pale[place] = np.where(wins, pale, s.pale[place])
    s.paint[place] = np.where(wins, paint, s.paint[place])
    s.height[place] = np.maximum(under, _softest(palm[place], own, melt))


def _smooth(height: Field, reach: int) -> Field:
    """Skin without the seams between the bones below it; its outline stays."""
    there = height > NOTHING / 2
    share = blurred(there.astype(np.float64), reach)
    mean = blurred(np.where(there, height, 0.0), reach) / np.maximum(share, 0.1)
    inwards = np.clip(3.0 * share - 2.0, 0.0, 1.0)
    return np.where(there, height + inwards * (mean - height), height)


def _softest(one: Field, two: Field, melt: float) -> Field:
    """A smooth maximum: round where the two surfaces are nearly level."""
    top = np.maximum(one, two)
    if melt > 0.0:
        near = np.maximum(melt - np.abs(one - two), 0.0)
        top = np.where(top > NOTHING / 2, top + near * near / (4.0 * melt), NOTHING)
    return top


def _reach(bone: Bone) -> float:
    return max(bone.start_radius, bone.end_radius) + 1.0


def _window(
    start: tuple[float, float, float],
    end: tuple[float, float, float],
    reach: float,
    side: int,
) -> tuple[slice, slice]:
    """Rows and columns within reach of a line."""

    def span(a: float, b: float) -> slice:
        low, high = min(a, b) - reach, max(a, b) + reach
        return slice(max(int(low), 0), max(min(int(high) + 1, side), 0))

    return span(start[1], end[1]), span(start[0], end[0])


def _capsule(bone: Bone, rows: slice, columns: slice) -> tuple[Field, Field]:
    """Upper surface of a capsule, and the distance to its outline (inside < 0).

    The capsule is the union of spheres along a line; of all those over a pixel the
    highest is seen, and where on the line that one sits has a closed form.
    """
    ax, ay, az = bone.start
    bx, by, bz = bone.end[0] - ax, bone.end[1] - ay, bone.end[2] - az
    x = np.arange(columns.start, columns.stop)[None, :] + 0.5 - ax
    y = np.arange(rows.start, rows.stop)[:, None] + 0.5 - ay
    square = bx * bx + by * by + 1e-6
    where = (x * bx + y * by) / square
    along = np.minimum(np.maximum(where, 0.0), 1.0)
    growth = bone.end_radius - bone.start_radius
    dx, dy = x - along * bx, y - along * by
    distance = np.sqrt(dx * dx + dy * dy) - (bone.start_radius + along * growth)
    if bone.flat:
        length = np.sqrt(square)
        distance = np.maximum(
            distance, np.maximum(-where * length, (where - 1.0) * length)
        )
    dx, dy = x - where * bx, y - where * by
    radius = bone.start_radius + along * growth
    free = np.maximum(radius * radius - (dx * dx + dy * dy), 0.0)
    shift = bz / np.sqrt(square * (square + bz * bz))
    nearest = np.minimum(np.maximum(where + shift * np.sqrt(free), 0.0), 1.0)
    dx, dy = x - nearest * bx, y - nearest * by
    radius = bone.start_radius + nearest * growth
    free = np.maximum(radius * radius - (dx * dx + dy * dy), 0.0)
    raised = az + nearest * bz + np.sqrt(free)
    # Half a pixel of rim, so that the outline's soft edge has a height too.
    return np.where(distance < 0.5, raised, NOTHING), distance


def _draw(mark: Mark, s: Surface, scale: float) -> None:
    rows, columns = _window(mark.start, mark.end, mark.radius + 1.0, len(s.height))
    if rows.start >= rows.stop or columns.start >= columns.stop:
        return
    ax, ay, az = mark.start
    bx, by, bz = mark.end[0] - ax, mark.end[1] - ay, mark.end[2] - az
    x = np.arange(columns.start, columns.stop)[None, :] + 0.5 - ax
    y = np.arange(rows.start, rows.stop)[:, None] + 0.5 - ay
    along = (x * bx + y * by) / (bx * bx + by * by + 1e-6)
    along = np.minimum(np.maximum(along, 0.0), 1.0)
    dx, dy = x - along * bx, y - along * by
    square = dx * dx + dy * dy
    # A mark is hidden where the surface is not at its height.
    off = np.abs(s.height[rows, columns] - (az + along * bz))
    if mark.kind == "blush":
        value = 1.0 - square / (mark.radius * mark.radius)
        depth = 0.22 * scale
    else:
        value = np.minimum(mark.radius + 0.5 - np.sqrt(square), 1.0)
        depth = 0.10 * scale
    value = np.where(off < depth, np.maximum(value, 0.0) * mark.strength, 0.0)
    layer = {"crease": s.crease, "blush": s.blush, "nail": s.nail}[mark.kind]
    layer[rows, columns] = np.maximum(layer[rows, columns], value)
