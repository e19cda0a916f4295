"""The drawn hands: their poses, views, skins and walls."""

import itertools
from dataclasses import replace

import numpy as np
import pytest

from resnet_data.drawing.bits import Bits
from resnet_data.drawing.bones import Bone, Hand, Limb, Point, between, plus, unit
from resnet_data.drawing.digits import FINGER
from resnet_data.drawing.hand import FINGERS, RAISED, hand
from resnet_data.drawing.legible import fingers_legible, ring_legible
from resnet_data.drawing.person import person
from resnet_data.drawing.rendered import SEED, draw_image
from resnet_data.drawing.scene import scene
from resnet_data.drawing.skin import skin
from resnet_data.drawing.surface import surface
from resnet_data.drawing.view import View, seen, view

LABELS = range(6)


def test_another_seed_draws_other_images() -> None:
    one, two = draw_image(3, SEED, 0), draw_image(3, SEED + 1, 0)
    assert np.abs(one.astype(int) - two).mean() > 4


def _posed(label: int, number: int) -> Hand:
    bits = Bits(SEED, number)
    return hand(label, person(bits), bits)


def _skin(limb: Limb) -> list[Bone]:
    return [bone for bone in limb.bones if bone.paint is None]


def _apart(one: Limb, other: Limb) -> float:
    """The way from the skin of one finger's last bone to the other finger's skin."""
    return min(
        float(np.linalg.norm(np.subtract(p, q))) - a - b
        for p, a in _spheres(_skin(one)[-1:], 5)
        for q, b in _spheres(_skin(other), 9)
    )


def _spheres(bones: list[Bone], n: int) -> list[tuple[Point, float]]:
    return [
        (
            between(bone.start, bone.end, part),
            bone.start_radius + part * (bone.end_radius - bone.start_radius),
        )
        for bone in bones
        for part in np.linspace(0.0, 1.0, n).tolist()
    ]


@pytest.mark.parametrize("label", range(1, 6))
def test_raised_fingers_are_counted(label: int) -> None:
    for number in range(100):
        *fingers, thumb = (_skin(limb) for limb in _posed(label, number).limbs)
        for name, bones in zip(FINGERS, fingers, strict=True):
            up = bones[-1].end[1] - bones[0].start[1]
            assert up > 0.3 if name in RAISED[label] else up < -0.1
        # The index starts at x = -0.355 and is 0.12 thick on either side.
        x = thumb[-1].end[0]
        assert x < -0.5 if "thumb" in RAISED[label] else x > -0.45


@pytest.mark.parametrize("label", range(2, 6))
def test_raised_fingers_touch_or_are_spread(label: int) -> None:
    names = [name for name in FINGERS if name in RAISED[label]]
    ways = []
    for number in range(40):
        limbs = _posed(label, number).limbs[: len(names)]
        # Of two fingers the shorter is the second, or nearly so.
        ways.append([_apart(b, a) for a, b in itertools.pairwise(limbs)])
    widest, narrowest = np.max(ways, axis=1), np.min(ways, axis=1)
    # Of some hands all fingers touch, of others none.
    assert (widest < 0.04).mean() > 0.1
    assert (narrowest > 0.06).mean() > 0.1
    # Nor does one stand in another.
    assert narrowest.min() > -0.06


def test_the_thumb_of_five_is_wide_or_beside_the_index() -> None:
    ways = []
    for number in range(60):
        index, *_, thumb = _posed(5, number).limbs
        ways.append(_apart(thumb, index))
    assert min(ways) > -0.06
    assert 0.1 < np.mean(np.array(ways) < 0.12) < 0.4
    assert max(ways) > 0.6


def test_the_thumb_of_three_stands_off() -> None:
    ways, rises = [], []
    for number in range(60):
        index, *_, thumb = _posed(3, number).limbs
        ways.append(_apart(thumb, index))
        x, y, _ = np.subtract(thumb.bones[2].end, thumb.bones[1].start)
        rises.append(y / -x)
    assert min(ways) > 0.09
    # From nearly level to nearly upright.
    assert min(rises) < 0.5
    assert max(rises) > 1.3


def test_the_thumb_of_four_reaches_every_finger() -> None:
    tips = [_posed(4, number).limbs[-1].bones[-1].end for number in range(200)]
    roots = [FINGER[name].knuckle[0] for name in FINGERS]
    nearest = [np.argmin([abs(tip[0] - x) for x in roots]) for tip in tips]
    assert np.bincount(nearest, minlength=4).min() > 8
    assert all(0.5 < y < 1.3 and z > 0.2 for _, y, z in tips)


def test_the_o_is_closed_or_nearly_so() -> None:
    gaps = []
    for number in range(100):
        limbs = _posed(0, number).limbs
        index, thumb = limbs[0].bones[2], limbs[-1].bones[-1]
        gap = float(np.linalg.norm(np.subtract(index.end, thumb.end)))
        gaps.append(gap / (index.end_radius + thumb.end_radius))
    # 1 where the tips touch.
    assert min(gaps) > 0.85
    assert max(gaps) < 1.8
    assert 0.6 < np.mean(np.array(gaps) < 1.15) < 0.9


def test_the_o_is_round_or_flat() -> None:
    """Flat: the index is bent at its knuckle more than at the next joint."""
    flat = []
    for number in range(100):
        first, second, _ = _posed(0, number).limbs[0].bones
        knuckle = _along(first)[1]
        flat.append(knuckle < float(np.dot(_along(first), _along(second))))
    assert 0.15 < np.mean(flat) < 0.5


def _along(bone: Bone) -> Point:
    return unit(plus(bone.end, bone.start, -1.0))


def _viewed(label: int, number: int) -> tuple[Hand, View]:
    bits = Bits(SEED, number)
    shown = hand(label, scene(bits).person, bits)
    return shown, view(label, shown, bits)


@pytest.mark.parametrize("label", LABELS)
def test_fingers_stay_in_the_frame_and_the_arm_leaves_it(label: int) -> None:
    for number in range(25):
        shown, seen_from = _viewed(label, number)
        posed, scale = seen(shown, seen_from, 128)
        bones = [bone for limb in posed.limbs for bone in limb.bones[1:]]
        if seen_from.cut == 0.0:
            bones += posed.palm.bones + [limb.bones[0] for limb in posed.limbs]
        for point, radius in _spheres(bones, 2):
            assert radius < min(point[:2])
            assert max(point[:2]) < 128 - radius
        cover = surface(posed, scale, 128).cover
        border = cover[[0, -1]].max(), cover[:, [0, -1]].max()
        assert max(border) == 1.0


@pytest.mark.parametrize("label", LABELS)
def test_views_reach_their_ranges(label: int) -> None:
    views = [_viewed(label, number)[1] for number in range(300)]
    whole = [v.span for v in views if v.cut == 0.0]
    assert 0.38 <= min(whole) < 0.48
    assert 0.88 < max(whole) <= 0.95
    leans = np.array([v.turns[2] for v in views])
    assert np.abs(leans).max() <= 60.0
    assert min(leans.max(), -leans.min()) > 50.0
    assert 0.6 < (np.abs(leans) < 25.0).mean() < 0.9
    assert 0.4 < np.mean([v.mirrored for v in views]) < 0.6
    cut = [v.cut for v in views if v.cut]
    assert 0.15 < len(cut) / len(views) < 0.45
    assert max(cut) > 0.35
    assert max(v.span for v in views if v.cut) > 1.15
    about_y = np.array([v.turns[0] for v in views])
    if label == 0:
        assert about_y.min() < 50.0
        assert 105.0 < about_y.max() < 117.0
    else:
        dorsal = np.array([v.dorsal for v in views])
        assert 0.2 < dorsal.mean() < 0.36
        aside = about_y - 180.0 * dorsal
        assert min(aside.max(), -aside.min()) > 25.0


@pytest.mark.parametrize("label", LABELS)
def test_the_gesture_can_be_told(label: int) -> None:
    told = fingers_legible if label else ring_legible
    ways = []
    for number in range(60):
        shown, seen_from = _viewed(label, number)
        ways.append(told(seen(shown, seen_from, 64)[0], 64))
    # A flat O may have no hole; it is seen from the thumb's side then.
    assert np.mean(ways) > 0.9 if label == 0 else all(ways)


@pytest.mark.parametrize(
    ("label", "turns"),
    [
        # The fingers behind each other, and pointing at the viewer.
        (4, (90.0, 0.0, 0.0)),
        (5, (90.0, 0.0, 0.0)),
        (1, (0.0, 80.0, 0.0)),
        (2, (0.0, 80.0, 0.0)),
        # The thumb before the palm.
        (3, (75.0, 0.0, 0.0)),
    ],
)
def test_a_view_that_hides_a_finger_is_not_legible(
    label: int, turns: tuple[float, float, float]
) -> None:
    for number in range(10):
        there = View(turns, False, 0.9, (0.5, 0.5), 0.06)
        front = replace(there, turns=(0.0, 0.0, 0.0))
        shown = _posed(label, number)
        assert not fingers_legible(seen(shown, there, 64)[0], 64)
        assert fingers_legible(seen(shown, front, 64)[0], 64)


def test_a_ring_seen_from_the_back_is_not_legible_nor_is_an_open_hand() -> None:
    front = View((0.0, 0.0, 0.0), False, 0.9, (0.5, 0.5), 0.06)
    back = replace(front, turns=(180.0, 0.0, 0.0))
    for number in range(10):
        assert not ring_legible(seen(_posed(0, number), back, 64)[0], 64)
        assert not ring_legible(seen(_posed(5, number), front, 64)[0], 64)


def test_touching_fingers_are_not_legible_far_away() -> None:
    far = View((0.0, 0.0, 0.0), False, 0.4, (0.5, 0.5), 0.06)
    near = replace(far, span=0.9)
    told = []
    for number in range(40):
        shown = _posed(2, number)
        index, middle, *_ = shown.limbs
        if _apart(index, middle) < 0.03:
            told.append(
                [fingers_legible(seen(shown, v, 64)[0], 64) for v in (far, near)]
            )
    assert len(told) > 3
    assert all(pair == [False, True] for pair in told)


def test_a_cut_hand_leaves_the_frame_below_by_no_more() -> None:
    whole = View((0.0, 0.0, 0.0), False, 1.1, (0.5, 1.0), 0.06)
    shown = _posed(1, 0)
    tall = seen(shown, whole, 64)[1]
    posed, scale = seen(shown, replace(whole, cut=0.3), 64)
    assert scale > tall
    # The wrist is the origin of the hand's bones.
    lowest = max(bone.start[1] for bone in posed.palm.bones)
    assert 64.0 + 0.1 * scale < lowest < 64.0 + 0.3 * scale


def test_skins_go_from_light_to_dark() -> None:
    green = [skin(Bits(SEED, number)).back[1] for number in range(400)]
    assert min(green) < 55.0
    assert max(green) > 205.0
    # No part of the range is rare.
    assert np.histogram(green, bins=4, range=(45.0, 215.0))[0].min() > 50


@pytest.mark.parametrize("label", LABELS)
def test_hand_differs_from_the_wall(label: int) -> None:
    for number in range(15):
        shown, scale = seen(*_viewed(label, number), 128)
        cover = surface(shown, scale, 128).cover[::2, ::2]
        image = draw_image(label, SEED, number).astype(float)
        inside, outside = image[cover == 1.0], image[cover == 0.0]
        assert np.abs(np.median(inside, axis=0) - np.median(outside, axis=0)).max() > 8


def test_bits_are_those_of_philox() -> None:
    bits = Bits(1, 2)
    raw = np.random.Philox(counter=[0, 0, 0, 2], key=1).random_raw(3)
    assert bits.uniform(0.0, 1.0) == int(raw[0] >> np.uint64(40)) / 2**24
    noise = Bits(1, 2).bell((200, 200))
    assert abs(noise.mean()) < 0.02
    assert abs(noise.std() - 1.0) < 0.02
    assert sorted(Bits(1, 2).permutation(50).tolist()) == list(range(50))
