"""People left out in turn: each once, and nobody on both sides."""

import numpy as np
import pytest
from PIL import Image

pytest.importorskip("torch", reason="no PyTorch here: `make torch`")

from resnet_data._layout import Images
from resnet_data.importer.photos import File, folder_files, photos_with_people
from resnet_data.training.folds import FOLDS, MARGIN, parts

pytestmark = pytest.mark.slow


def numbered(people: np.ndarray) -> Images:
    """An image for each person, whose first pixel tells which."""
    x = np.zeros((len(people), 64, 64, 3), np.uint8)
    x[:, 0, 0, 0], x[:, 0, 0, 1] = people % 256, people // 256
    return Images(x, people % 6, np.arange(6))


def shown(images: Images) -> set[int]:
    low, high = images.x[:, 0, 0, 0].astype(int), images.x[:, 0, 0, 1].astype(int)
    return set((low + 256 * high).tolist())


def test_each_person_is_left_out_once():
    people = np.arange(1000, 2300)
    tested = [shown(test) for _, test in parts(numbered(people), people)]
    assert len(tested) == FOLDS
    assert sorted(n for each in tested for n in each) == people.tolist()


def test_nobody_near_is_learned_from():
    people = np.arange(1000, 2300)
    for train, test in parts(numbered(people), people):
        known, left_out = shown(train), shown(test)
        assert len(known) > 0.65 * len(people)
        near = {n + d for n in left_out for d in range(-MARGIN, MARGIN + 1)}
        assert not known & near


def test_labels_stay_with_their_images():
    people = np.arange(1000, 1300)
    for train, test in parts(numbered(people), people):
        for images in (train, test):
            for image, label in zip(images.x, images.y, strict=True):
                assert (int(image[0, 0, 0]) + 256 * int(image[0, 0, 1])) % 6 == label


def test_people_are_told_by_the_numbers_of_their_photographs(tmp_path):
    rng = np.random.default_rng(1)
    for label in range(6):
        folder = tmp_path / str(label)
        folder.mkdir()
        for name in (f"IMG_{1118 + label}.png", f"IMG_{1128 + label}.png", "x.png"):
            pixels = rng.integers(0, 256, (64, 64, 3), dtype=np.uint8)
            Image.fromarray(pixels).save(folder / name)
    files: list[File] = list(folder_files(tmp_path))
    images, people = photos_with_people(files)
    # a file without a number tells nobody's name
    assert len(images.x) == len(people) == 12
    assert np.bincount(people - 1118).tolist() == [6] + 9 * [0] + [6]
    for person in (1118, 1128):
        assert sorted(images.y[people == person].tolist()) == list(range(6))
