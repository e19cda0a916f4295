"""The drawn hands: the same everywhere, balanced, and no test image in training."""

import numpy as np
import pytest

from datasets._bits import Bits
from datasets._hand import hand
from datasets._layout import Images
from datasets._rendered import SEED, SHA256, checksum, draw_image, draw_rendered


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


def test_no_two_images_are_nearly_equal(drawn: tuple[Images, Images]) -> None:
    # A mean difference under 4 levels is about the noise of one image alone.
    x = np.concatenate([images.x for images in drawn]).reshape(1200, -1)
    small = x.astype(np.int16)[:, ::7]
    for index in range(1, len(small)):
        assert np.abs(small[:index] - small[index]).mean(axis=1).min() > 4


def test_hand_covers_a_good_part_and_is_not_cut_above(
    drawn: tuple[Images, Images],
) -> None:
    train, _ = drawn
    # Skin is redder than blue against a wall that is nearly grey.
    redness = train.x[..., 0].astype(int) - train.x[..., 2]
    wall = np.median(redness[:, :6, :].reshape(len(redness), -1), axis=1)
    skin = redness > wall[:, None, None] + 12
    assert 0.1 < np.median(skin.mean(axis=(1, 2))) < 0.5
    assert (skin[:, 0].sum(axis=1) > 6).mean() < 0.05


def test_another_seed_draws_other_images() -> None:
    one, two = draw_image(3, SEED, 0), draw_image(3, SEED + 1, 0)
    assert np.abs(one.astype(int) - two).mean() > 4


@pytest.mark.parametrize("label", range(6))
def test_raised_fingers_are_counted(label: int) -> None:
    bones = hand(label, Bits(SEED, 1))
    joints = {bone.start for bone in bones}
    tips = [bone.end for bone in bones if not bone.soft and bone.end not in joints]
    assert len(tips) == 5
    # The O's fingertips all come down to the thumb.
    stand = [x for x, y, _ in tips if y > 1.35 or x < -0.55]
    assert len(stand) == label if label else max(y for _, y, _ in tips) < 1.2


def test_bits_are_those_of_philox() -> None:
    bits = Bits(1, 2)
    raw = np.random.Philox(counter=[0, 0, 0, 2], key=1).random_raw(3)
    assert bits.uniform(0.0, 1.0) == int(raw[0] >> np.uint64(40)) / 2**24
    noise = Bits(1, 2).bell((200, 200))
    assert abs(noise.mean()) < 0.02
    assert abs(noise.std() - 1.0) < 0.02
    assert sorted(Bits(1, 2).permutation(50).tolist()) == list(range(50))
