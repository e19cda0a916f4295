"""The built-in images: hands drawn by the course itself, from a seed.

Each image is a height field: every bone is a capsule whose upper surface is known
in closed form, the highest one is seen, and its slope gives the light. Only
additions, products, quotients and square roots of single elements are used, which
IEEE 754 fixes to the last bit, so the images are the same everywhere.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from datasets._bits import Bits, turn
from datasets._hand import Bone, Point, hand
from datasets._layout import CLASSES, SIZE, Images

SEED = 2015
TRAIN_PER_CLASS = 180
TEST_PER_CLASS = 20
# Of all images and labels of SEED; names and checks the cache.
SHA256 = "3931a8abf49c8473c3d92c1fee6fcebf9a8e1744dc77eefb8338c00cfe77b3f7"

Field = npt.NDArray[np.float64]

_FINE = 2  # sub-pixels along each side of a pixel
_N = SIZE * _FINE
_NOTHING = -1000.0

# From light to dark, 0 to 255; a hand lies somewhere between two neighbours.
_SKIN = (
    (246, 218, 198),
    (236, 196, 168),
    (224, 172, 137),
    (200, 144, 106),
    (168, 112, 76),
    (126, 80, 52),
    (88, 56, 40),
)


@dataclass(frozen=True)
class _Scene:
    """What varies from image to image beside the hand itself."""

    scale: float  # sub-pixels per palm width
    centre: tuple[float, float]  # of the image, in sub-pixels
    turns: tuple[float, float, float]  # degrees about x, y, z
    mirrored: bool
    skin: tuple[float, ...]
    wall: tuple[float, ...]
    wall_slope: tuple[float, float]
    light: Point  # unit vector towards the lamp
    ambient: float
    exposure: float
    grain: float


def draw_rendered(seed: int = SEED) -> tuple[Images, Images]:
    """Draw the training and the test images.

    Returns:
        1,080 training images (180 a class) and 120 test images (20 a class), each
        set in random order.
    """
    train_numbers = range(CLASSES * TRAIN_PER_CLASS)
    test_numbers = range(
        train_numbers.stop, train_numbers.stop + CLASSES * TEST_PER_CLASS
    )
    return _draw_set(seed, train_numbers), _draw_set(seed, test_numbers)


def checksum(train: Images, test: Images) -> str:
    """SHA-256 of the images and labels of both sets, as hexadecimal digits."""
    digest = hashlib.sha256()
    for images in (train, test):
        digest.update(np.ascontiguousarray(images.x).tobytes())
        digest.update(images.y.astype("<i8").tobytes())
    return digest.hexdigest()


def _draw_set(seed: int, numbers: range) -> Images:
    order = Bits(seed, 2**32 + numbers.start).permutation(len(numbers))
    labels = order % CLASSES
    images = np.stack(
        [draw_image(int(y), seed, n) for y, n in zip(labels, numbers, strict=True)]
    )
    return Images(images, labels, np.arange(CLASSES))


def draw_image(label: int, seed: int, number: int) -> npt.NDArray[np.uint8]:
    """Draw image `number` of this seed as a hand that shows `label`.

    Returns:
        An RGB image (64, 64, 3) of uint8.
    """
    bits = Bits(seed, number)
    scene = _scene(bits)
    height, cover = _height_field(_placed(hand(label, bits), label, scene), scene)
    fine = _lit(height, cover, scene)
    pixels = _halved(fine)
    # Most of a camera's noise is common to the three colours.
    noise = 0.8 * bits.bell((SIZE, SIZE, 1)) + 0.6 * bits.bell((SIZE, SIZE, 3))
    pixels = pixels + scene.grain * noise
    return np.floor(np.clip(pixels, 0.0, 255.0) + 0.5).astype(np.uint8)


def _scene(bits: Bits) -> _Scene:
    tone = bits.uniform(0.0, len(_SKIN) - 1.001)
    first, part = int(tone), tone - int(tone)
    skin = tuple(
        a + part * (b - a) + bits.uniform(-5.0, 5.0)
        for a, b in zip(_SKIN[first], _SKIN[first + 1], strict=True)
    )
    grey = bits.uniform(165.0, 238.0)
    wall = tuple(grey + bits.uniform(-9.0, 9.0) for _ in range(3))
    lx, ly = bits.uniform(-0.7, 0.7), bits.uniform(0.1, 0.7)
    length = (lx * lx + ly * ly + 1.0) ** 0.5
    return _Scene(
        scale=bits.uniform(20.5, 25.5) * _FINE,
        centre=(
            _N / 2 + bits.uniform(-4.5, 4.5) * _FINE,
            _N / 2 + bits.uniform(-3.5, 3.5) * _FINE,
        ),
        turns=(
            bits.uniform(-16.0, 16.0),
            bits.uniform(-24.0, 24.0),
            bits.uniform(-20.0, 20.0),
        ),
        mirrored=bits.chance(0.5),
        skin=skin,
        wall=wall,
        wall_slope=(bits.uniform(-22.0, 22.0), bits.uniform(-22.0, 22.0)),
        light=(lx / length, ly / length, 1.0 / length),
        ambient=bits.uniform(0.38, 0.58),
        exposure=bits.uniform(0.86, 1.06),
        grain=bits.uniform(1.0, 3.5),
    )


def _placed(bones: list[Bone], label: int, scene: _Scene) -> list[Bone]:
    """The bones turned, scaled and moved into the image (y now points down)."""
    (cx, sx), (cy, sy), (cz, sz) = (turn(angle) for angle in scene.turns)
    # The middle of what is to be seen, which is where the image's centre comes to lie.
    middle = (-0.15, 0.80) if label == 0 else (-0.08, 0.99)
    flip = -1.0 if scene.mirrored else 1.0

    def place(point: Point) -> Point:
        x, y, z = point[0] - middle[0], point[1] - middle[1], point[2]
        y, z = cx * y - sx * z, sx * y + cx * z
        x, z = cy * x + sy * z, cy * z - sy * x
        x, y = cz * x - sz * y, sz * x + cz * y
        return (
            scene.centre[0] + flip * scene.scale * x,
            scene.centre[1] - scene.scale * y,
            scene.scale * z,
        )

    return [
        Bone(
            place(bone.start),
            place(bone.end),
            scene.scale * bone.start_radius,
            scene.scale * bone.end_radius,
            bone.soft,
        )
        for bone in bones
    ]


def _height_field(bones: list[Bone], scene: _Scene) -> tuple[Field, Field]:
    """Height of the hand's surface, and how much of each sub-pixel it covers."""
    height = np.full((_N, _N), _NOTHING)
    outside = np.full((_N, _N), 1.0)
    melt = 0.3 * scene.scale
    for bone in bones:
        rows, columns = _window(bone)
        if rows.start >= rows.stop or columns.start >= columns.stop:
            continue
        surface, distance = _capsule(bone, rows, columns)
        here = height[rows, columns]
        top = np.maximum(here, surface)
        if bone.soft:
            # A smooth maximum: round where the two surfaces are nearly level.
            near = np.maximum(melt - np.abs(here - surface), 0.0)
            top = top + near * near / (4.0 * melt)
        height[rows, columns] = np.where(top > _NOTHING / 2, top, _NOTHING)
        outside[rows, columns] = np.minimum(outside[rows, columns], distance)
    return height, np.clip(0.5 - outside, 0.0, 1.0)


def _window(bone: Bone) -> tuple[slice, slice]:
    reach = max(bone.start_radius, bone.end_radius) + 1.0

    def span(a: float, b: float) -> slice:
        low, high = min(a, b) - reach, max(a, b) + reach
        return slice(max(int(low), 0), max(min(int(high) + 1, _N), 0))

    return span(bone.start[1], bone.end[1]), span(bone.start[0], bone.end[0])


def _capsule(bone: Bone, rows: slice, columns: slice) -> tuple[Field, Field]:
    """Upper surface of a capsule, and the distance to its outline (inside < 0)."""
    ax, ay, az = bone.start
    bx, by, bz = bone.end[0] - ax, bone.end[1] - ay, bone.end[2] - az
    x = np.arange(columns.start, columns.stop)[None, :] + 0.5 - ax
    y = np.arange(rows.start, rows.stop)[:, None] + 0.5 - ay
    along = np.clip((x * bx + y * by) / (bx * bx + by * by + 1e-9), 0.0, 1.0)
    dx, dy = x - along * bx, y - along * by
    square = dx * dx + dy * dy
    radius = bone.start_radius + along * (bone.end_radius - bone.start_radius)
    inside = radius * radius - square
    # Half a sub-pixel of rim, so that the outline's soft edge has a height too.
    surface = az + along * bz + np.sqrt(np.maximum(inside, 0.0))
    distance = np.sqrt(square) - radius
    return np.where(distance < 0.5, surface, _NOTHING), distance


def _lit(height: Field, cover: Field, scene: _Scene) -> Field:
    """Colours (n, n, 3) of hand and wall, 0 to 255."""
    shade = _shade(height, scene)
    lx, ly, _ = scene.light
    flip = -1.0 if scene.mirrored else 1.0
    # The hand's shadow on the wall lies away from the lamp.
    shadow = _shifted(_blurred(cover, 5), int(-7 * ly * _FINE), int(7 * lx * _FINE))
    ramp = (np.arange(_N) + 0.5) / _N - 0.5
    slope = scene.wall_slope[0] * ramp[None, :] + scene.wall_slope[1] * ramp[:, None]
    layers = []
    # Light that went through skin is red: its shadows are less dark in that colour.
    for skin, wall, depth in zip(
        scene.skin, scene.wall, (0.82, 1.0, 1.06), strict=True
    ):
        flesh = skin * (1.0 - depth * (1.0 - shade))
        back = (wall + flip * slope) * (1.0 - 0.22 * shadow)
        layers.append((back + cover * (flesh - back)) * scene.exposure)
    return np.stack(layers, axis=-1)


def _shade(height: Field, scene: _Scene) -> Field:
    solid = height > _NOTHING / 2
    gy, gx = _slope(height, 0), _slope(height, 1)
    lx, ly, lz = scene.light
    facing = (-gx * lx + gy * ly + lz) / np.sqrt(gx * gx + gy * gy + 1.0)
    # Hollows between fingers get less of the room's light.
    floor = np.where(solid, height, -0.15 * scene.scale)
    hollow = np.clip((_blurred(floor, 4) - floor) / (0.30 * scene.scale), 0.0, 1.0)
    room = scene.ambient * (1.0 - 0.65 * hollow)
    return np.clip(room + (1.02 - scene.ambient) * np.maximum(facing, 0.0), 0.0, 1.1)


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


def _blurred(field: Field, reach: int) -> Field:
    """Two passes of a moving mean of 2 * reach + 1 along each axis."""
    for axis in (0, 1, 0, 1):
        field = _moving_mean(field, reach, axis)
    return field


def _moving_mean(field: Field, reach: int, axis: int) -> Field:
    sides = [(0, 0), (0, 0)]
    sides[axis] = (reach + 1, reach)
    # cumsum adds in order on every machine; np.mean may not.
    total = np.cumsum(np.pad(field, sides, mode="edge"), axis=axis)
    width = 2 * reach + 1
    if axis == 0:
        return (total[width:] - total[:-width]) / width
    return (total[:, width:] - total[:, :-width]) / width


def _shifted(field: Field, down: int, left: int) -> Field:
    reach = 16 * _FINE
    padded = np.pad(field, reach, mode="edge")
    top, start = reach + down, reach + left
    return padded[top : top + _N, start : start + _N]


def _halved(fine: Field) -> Field:
    rows = fine[0::2] + fine[1::2]
    return (rows[:, 0::2] + rows[:, 1::2]) * 0.25
