"""Light on the hand, and the hand's shadow on the wall."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from resnet_data.drawing.bits import Bits, turn
from resnet_data.drawing.field import Field, blurred, shifted
from resnet_data.drawing.surface import NOTHING, Surface


@dataclass(frozen=True)
class Shadow:
    """A soft shadow on the wall, lengths in palm widths.

    Attributes:
        away: how far from the hand, to the right and up.
        soft: how far its edge is blurred.
        strength: 0 to 1, the part of the light that is missing.
    """

    away: tuple[float, float]
    soft: float
    strength: float


@dataclass(frozen=True)
class Light:
    """One lamp, the light of the room, and the shadows on the wall.

    Attributes:
        lamp: unit vector towards it: right, up, towards the viewer.
        ambient: 0 to 1, the part of the light that comes from all sides.
        hollow: how dark the gaps between fingers are.
        rim: how much darker the outline is.
        shadows: on the wall.
    """

    lamp: tuple[float, float, float]
    ambient: float
    hollow: float
    rim: float
    shadows: tuple[Shadow, ...]


def light(bits: Bits) -> Light:
    """Choose the light of a room: from all sides, more often from above."""
    angle = 90.0 + bits.uniform(-100.0, 100.0)
    if bits.chance(0.25):
        angle = bits.uniform(0.0, 360.0)
    c, s = turn(angle)
    flash = bits.chance(0.15)
    low = bits.uniform(0.05, 0.3) if flash else bits.uniform(0.15, 1.2)
    length = math.sqrt(low * low + 1.0)
    shadows = []
    if flash:
        shadows.append(_edge(c, s, bits))
    elif bits.chance(0.75):
        shadows.append(_shadow(c, s, bits))
    if shadows and bits.chance(0.25):
        shadows.append(_shadow(*turn(bits.uniform(0.0, 360.0)), bits))
    return Light(
        lamp=(low * c / length, low * s / length, 1.0 / length),
        ambient=bits.uniform(0.30, 0.66),
        hollow=bits.uniform(0.45, 1.0),
        rim=bits.uniform(0.05, 0.4),
        shadows=tuple(shadows),
    )


def _shadow(c: float, s: float, bits: Bits) -> Shadow:
    far = bits.uniform(0.03, 0.6)
    return Shadow(
        away=(-far * c, -far * s),
        soft=0.03 + far * bits.uniform(0.1, 0.5),
        strength=bits.uniform(0.06, 0.38),
    )


def _edge(c: float, s: float, bits: Bits) -> Shadow:
    """The thin dark line beside the hand in the light of the camera's own lamp."""
    far = bits.uniform(0.03, 0.09)
    return Shadow(
        away=(-far * c, -far * s),
        soft=bits.uniform(0.01, 0.04),
        strength=bits.uniform(0.3, 0.85),
    )


def shade(surface: Surface, scale: float, light: Light) -> Field:
    """How bright the hand is, about 0 to 1."""
    height = surface.height
    gy, gx = _slope(height, 0), _slope(height, 1)
    steep = 1.0 / np.sqrt(gx * gx + gy * gy + 1.0)
    lx, ly, lz = light.lamp
    facing = np.maximum((-gx * lx + gy * ly + lz) * steep, 0.0)
    lit = facing * (1.0 - 0.75 * _self_shadow(height, scale, light))
    # Hollows between fingers get less of the room's light.
    floor = np.where(height > NOTHING / 2, height, -0.25 * scale)
    reach = max(int(0.16 * scale), 1)
    hollow = np.clip((blurred(floor, reach) - floor) / (0.30 * scale), 0.0, 1.0)
    # The line between two fingers that touch gets next to none.
    reach = max(int(0.06 * scale), 1)
    depth = (blurred(floor, reach) - floor) / (0.09 * scale)
    hollow = np.maximum(hollow, np.clip(depth - 0.25, 0.0, 0.8))
    room = light.ambient * (1.0 - 0.75 * light.hollow * hollow)
    both = room + (1.06 - light.ambient) * lit * (1.0 - 0.35 * light.hollow * hollow)
    edge = 1.0 - steep
    return np.clip(both * (1.0 - light.rim * edge * edge), 0.0, 1.1)


def _self_shadow(height: Field, scale: float, light: Light) -> Field:
    """Where nearer parts of the hand stand before the lamp, 0 to 1."""
    lx, ly, lz = light.lamp
    dark = np.zeros_like(height)
    level = math.sqrt(lx * lx + ly * ly)
    for step in range(1, 8):
        far = 0.075 * step * scale
        down, right = far * ly / level, -far * lx / level
        above = shifted(height, _nearest(down), _nearest(right)) - far * lz / level
        dark = np.maximum(dark, np.clip((above - height) / (0.10 * scale), 0.0, 1.0))
    return blurred(dark, 1, 1)


def wall_shadow(surface: Surface, scale: float, light: Light) -> Field:
    """How much light the wall gets, 0 to 1."""
    left = np.ones_like(surface.cover)
    for shadow in light.shadows:
        x, y = shadow.away
        moved = shifted(surface.cover, _nearest(-y * scale), _nearest(x * scale))
        reach = max(_nearest(shadow.soft * scale), 1)
        left = left * (1.0 - shadow.strength * blurred(moved, reach))
    return left


def _nearest(value: float) -> int:
    return math.floor(value + 0.5)


def _slope(height: Field, axis: int) -> Field:
    """The gentler of the two one-sided slopes along an axis."""
    # The edge of one bone over another is a step, not a slope.
    step = np.diff(height, axis=axis)
    none = [(0, 0), (0, 0)]
    none[axis] = (1, 0)
    before = np.pad(step, none, mode="edge")
    none[axis] = (0, 1)
    after = np.pad(step, none, mode="edge")
    gentler = np.where(np.abs(before) < np.abs(after), before, after)
    return np.clip(gentler, -4.0, 4.0)
