"""The drawn hands: the same everywhere, varied, and no test image in training."""

import subprocess
import sys

import numpy as np
import pytest

from resnet_data._layout import Images
from resnet_data.drawing.bits import Bits
from resnet_data.drawing.bones import Bone, Hand
from resnet_data.drawing.hand import FINGERS, RAISED, hand
from resnet_data.drawing.rendered import (
    SEED,
    SHA256,
    checksum,
    draw_image,
    draw_rendered,
)
from resnet_data.drawing.skin import skin
from resnet_data.drawing.surface import surface
from resnet_data.drawing.view import seen, view

LABELS = range(6)


@pytest.fixture(scope="module")
def drawn() -> tuple[Images, Images]:
    return draw_rendered()


def test_checksum_is_pinned(drawn: tuple[Images, Images]) -> None:
    assert checksum(*drawn) == SHA256, "if the drawing is meant to change, pin this"


def test_counts_and_balance(drawn: tuple[Images, Images]) -> None:
    train, test = drawn
    assert train.x.shape == (1080, 64, 64, 3)
    assert test.x.shape == (120, 64, 64, 3)
    assert train.x.dtype == test.x.dtype == np.uint8
    assert np.bincount(train.y).tolist() == [180] * 6
    assert np.bincount(test.y).tolist() == [20] * 6


def test_classes_are_shuffled(drawn: tuple[Images, Images]) -> None:
    # A batch of 32 in file order has to hold several classes.
    for start in range(0, 1080 - 32, 32):
        assert len(set(drawn[0].y[start : start + 32].tolist())) >= 4


def test_an_image_depends_on_its_number_alone(drawn: tuple[Images, Images]) -> None:
    train, test = drawn
    for number in (700, 3):
        image = draw_image(int(train.y[number]), SEED, number)
        assert np.array_equal(image, train.x[number])
    assert np.array_equal(draw_image(int(test.y[5]), SEED, 1085), test.x[5])


def test_another_process_draws_the_same(drawn: tuple[Images, Images]) -> None:
    code = (
        "import sys; from resnet_data.drawing.rendered import draw_image;"
        "sys.stdout.buffer.write(draw_image(int(sys.argv[1]), 2015, 40).tobytes())"
    )
    label = str(drawn[0].y[40])
    command = [sys.executable, "-c", code, label]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout == drawn[0].x[40].tobytes()


def test_no_test_image_is_nearly_one_of_training(
    drawn: tuple[Images, Images],
) -> None:
    # Two pictures of one scene differ by their noise alone: its deviation is at most
    # 4 levels, which is a mean difference of about 4.5 between two pictures.
    train, test = (_level(images.x) for images in drawn)
    for images in (test, test[:, :, ::-1]):
        for image in images:
            assert np.abs(train - image).mean(axis=(1, 2)).min() > 5.5


def _level(x: np.ndarray) -> np.ndarray:
    """Grey images of mean 0 and a common contrast, every second pixel."""
    grey = x.mean(axis=3)[:, ::2, ::2].astype(np.float32)
    grey -= grey.mean(axis=(1, 2), keepdims=True)
    return grey * (30.0 / grey.std(axis=(1, 2), keepdims=True))


def test_another_seed_draws_other_images() -> None:
    one, two = draw_image(3, SEED, 0), draw_image(3, SEED + 1, 0)
    assert np.abs(one.astype(int) - two).mean() > 4


@pytest.mark.parametrize("label", range(1, 6))
@pytest.mark.parametrize("number", range(12))
def test_raised_fingers_are_counted(label: int, number: int) -> None:
    shown = hand(label, Bits(SEED, number))
    *fingers, thumb = [
        [bone for bone in limb.bones if bone.paint is None] for limb in shown.limbs
    ]
    for name, bones in zip(FINGERS, fingers, strict=True):
        stands = bones[-1].end[1] - bones[0].start[1] > 0.5
        assert stands == (name in RAISED[label])
    assert (thumb[-1].end[0] < -0.6) == ("thumb" in RAISED[label])


@pytest.mark.parametrize("number", range(12))
def test_thumb_and_index_close_the_ring(number: int) -> None:
    shown = hand(0, Bits(SEED, number))
    index, thumb = shown.limbs[0].bones[2], shown.limbs[-1].bones[-1]
    gap = np.linalg.norm(np.subtract(index.end, thumb.end))
    assert gap < 1.7 * (index.end_radius + thumb.end_radius)


@pytest.mark.parametrize("label", LABELS)
def test_fingers_stay_in_the_frame_and_the_arm_leaves_it(label: int) -> None:
    for number in range(15):
        bits = Bits(SEED, number)
        shown, scale = seen(hand(label, bits), view(label, bits), 128)
        for bone in _hand_alone(shown):
            for point, radius in (
                (bone.start, bone.start_radius),
                (bone.end, bone.end_radius),
            ):
                assert radius < min(point[:2])
                assert max(point[:2]) < 128 - radius
        cover = surface(shown, scale, 128).cover
        border = cover[[0, -1]].max(), cover[:, [0, -1]].max()
        assert max(border) == 1.0


def _hand_alone(shown: Hand) -> list[Bone]:
    return [bone for limb in (shown.palm, *shown.limbs) for bone in limb.bones]


@pytest.mark.parametrize("label", LABELS)
def test_views_reach_their_ranges(label: int) -> None:
    views = [view(label, Bits(SEED, number)) for number in range(400)]
    spans = [v.span for v in views]
    assert 0.38 <= min(spans) < 0.45
    assert 0.88 < max(spans) <= 0.95
    leans = np.array([v.turns[2] for v in views])
    assert np.abs(leans).max() <= 60.0
    assert min(leans.max(), -leans.min()) > 50.0
    assert 0.6 < (np.abs(leans) < 25.0).mean() < 0.9
    assert 0.4 < np.mean([v.mirrored for v in views]) < 0.6
    if label:
        assert 0.2 < np.mean([v.dorsal for v in views]) < 0.34


def test_skins_go_from_light_to_dark() -> None:
    green = [skin(Bits(SEED, number)).back[1] for number in range(400)]
    assert min(green) < 55.0
    assert max(green) > 205.0
    # No part of the range is rare.
    assert np.histogram(green, bins=4, range=(45.0, 215.0))[0].min() > 50


@pytest.mark.parametrize("label", LABELS)
def test_hand_differs_from_the_wall(label: int) -> None:
    for number in range(15):
        bits = Bits(SEED, number)
        shown, scale = seen(hand(label, bits), view(label, bits), 128)
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
