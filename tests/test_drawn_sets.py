"""Both drawn sets: the same everywhere, balanced, no test image nearly in training."""

import subprocess
import sys
from dataclasses import dataclass

import numpy as np
import pytest

from resnet_data._home import HOME
from resnet_data._layout import Images
from resnet_data.drawing import studio_set
from resnet_data.drawing.bits import Bits
from resnet_data.drawing.rendered import SEED, draw_image
from resnet_data.drawing.sets import TEST_PER_CLASS, TRAIN_PER_CLASS, checksum
from resnet_data.drawing.studio import RANGE, draw_in_studio, studio_scene, studio_view
from resnet_data.drawing.studio_set import People, Shot, people, shots
from resnet_data.drawing.varieties import VARIETIES
from tests.drawn import drawn_here

pytestmark = pytest.mark.slow

# Two pictures of one scene differ by their grain alone: the studio's has a deviation of
# at most 2 levels, the open set's of 4. That is a mean difference of 2.3 and 4.5.
NEAREST = {"studio": 3.5, "open": 5.5}
ONE_IMAGE = {
    "studio": """
from resnet_data.drawing.studio_set import SEED, people, shots
from resnet_data.drawing.studio import draw_in_studio
shot = shots(SEED, 0, 180, people().train)[40]
image = draw_in_studio(shot.label, SEED, shot.person, 40, 64)
""",
    "open": """
from resnet_data.drawing.rendered import SEED, draw_image
from resnet_data.drawing.sets import shuffled
image = draw_image(int(shuffled(SEED, 0, 1080)[40]) % 6, SEED, 40)
""",
}


@dataclass(frozen=True)
class Drawn:
    """A variety and its images."""

    name: str
    train: Images
    test: Images


@pytest.fixture(scope="module", params=list(VARIETIES))
def drawn(request: pytest.FixtureRequest) -> Drawn:
    kept = drawn_here(request.param)
    return Drawn(request.param, kept.train, kept.test)


@pytest.fixture(scope="module")
def chosen() -> People:
    return people()


def test_checksum_is_pinned(drawn: Drawn) -> None:
    told = "if the drawing is meant to change: python -m resnet_data.drawing --pin"
    found = checksum(drawn.train, drawn.test)
    assert found == VARIETIES[drawn.name].sha256, told


def test_counts_and_balance(drawn: Drawn) -> None:
    assert drawn.train.x.shape == (1080, 64, 64, 3)
    assert drawn.test.x.shape == (120, 64, 64, 3)
    assert drawn.train.x.dtype == drawn.test.x.dtype == np.uint8
    assert np.bincount(drawn.train.y).tolist() == [180] * 6
    assert np.bincount(drawn.test.y).tolist() == [20] * 6


def test_classes_are_shuffled(drawn: Drawn) -> None:
    # A batch of 32 in file order has to hold several classes.
    for start in range(0, 1080 - 32, 32):
        assert len(set(drawn.train.y[start : start + 32].tolist())) >= 4


def test_another_process_draws_the_same(drawn: Drawn) -> None:
    write = "import sys; sys.stdout.buffer.write(image.tobytes())"
    command = [sys.executable, "-c", ONE_IMAGE[drawn.name] + write]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout == drawn.train.x[40].tobytes()


def test_no_test_image_is_nearly_one_of_training(drawn: Drawn) -> None:
    train, test = _level(drawn.train.x), _level(drawn.test.x)
    for images in (test, test[:, :, ::-1]):
        for image in images:
            nearest = np.abs(train - image).mean(axis=(1, 2)).min()
            assert nearest > NEAREST[drawn.name]


def _level(x: np.ndarray) -> np.ndarray:
    """Grey images of mean 0 and a common contrast, every second pixel."""
    grey = x.mean(axis=3)[:, ::2, ::2].astype(np.float32)
    grey -= grey.mean(axis=(1, 2), keepdims=True)
    return grey * (30.0 / grey.std(axis=(1, 2), keepdims=True))


@pytest.mark.parametrize("drawn", ["open"], indirect=True)
def test_an_open_image_depends_on_its_number_alone(drawn: Drawn) -> None:
    train, test = drawn.train, drawn.test
    for number in (700, 3):
        image = draw_image(int(train.y[number]), SEED, number)
        assert np.array_equal(image, train.x[number])
    assert np.array_equal(draw_image(int(test.y[5]), SEED, 1085), test.x[5])


@pytest.mark.parametrize("drawn", ["studio"], indirect=True)
def test_a_studio_image_depends_on_person_and_number(
    drawn: Drawn, chosen: People
) -> None:
    seed = studio_set.SEED
    train = shots(seed, 0, TRAIN_PER_CLASS, chosen.train)
    test = shots(seed, len(train), TEST_PER_CLASS, chosen.test)
    for images, taken, first in ((drawn.train, train, 0), (drawn.test, test, 1080)):
        assert [shot.label for shot in taken] == images.y.tolist()
        shot = taken[77]
        image = draw_in_studio(shot.label, seed, shot.person, first + 77, 64)
        assert np.array_equal(image, images.x[77])


@pytest.mark.parametrize("drawn", ["studio"], indirect=True)
def test_a_person_keeps_the_wall(drawn: Drawn, chosen: People) -> None:
    taken = shots(studio_set.SEED, 0, TRAIN_PER_CLASS, chosen.train)
    owner = np.array([shot.person for shot in taken])
    corners = drawn.train.x[:, :6, [0, 1, -2, -1]].mean(axis=(1, 2))
    middles = []
    for person in chosen.train:
        own = corners[owner == person]
        middles.append(np.median(own, axis=0))
        assert np.median(np.abs(own - middles[-1])) < 5
    assert np.ptp(middles, axis=0).min() > 20


def test_nobody_is_in_both_sets(chosen: People) -> None:
    assert len(chosen.train) == studio_set.TRAIN_PEOPLE
    assert len(chosen.test) == studio_set.TEST_PEOPLE
    everyone = (*chosen.train, *chosen.test)
    scenes = {studio_scene(studio_set.SEED, person) for person in everyone}
    assert len(scenes) == len(everyone)


def test_skins_and_walls_of_test_people_are_within_the_range_of_the_others(
    chosen: People,
) -> None:
    learned = np.array([_colours(person) for person in chosen.train])
    tested = np.array([_colours(person) for person in chosen.test])
    assert (learned.min(axis=0) <= tested).all()
    assert (tested <= learned.max(axis=0)).all()


def _colours(person: int) -> list[float]:
    scene = studio_scene(studio_set.SEED, person)
    return [*scene.person.skin.back, *scene.wall.colour]


def test_people_of_whom_too_few_are_alike() -> None:
    with pytest.raises(ValueError, match="within the range of 1: 0 of 1000 are"):
        people(train=1)


@pytest.mark.parametrize(("per_class", "count"), [(180, 18), (20, 6), (20, 7), (5, 8)])
def test_everybody_shows_everything_as_often(per_class: int, count: int) -> None:
    taken = shots(1, 0, per_class, tuple(range(100, 100 + count)))
    assert len(taken) == 6 * per_class
    table = np.array(
        [
            [taken.count(Shot(label, person)) for label in range(6)]
            for person in range(100, 100 + count)
        ]
    )
    assert table.sum(axis=0).tolist() == [per_class] * 6
    assert np.ptp(table, axis=0).max() <= 1
    assert np.ptp(table.sum(axis=1)) <= 1


def test_the_readme_tells_the_studio_as_it_is() -> None:
    text = (HOME / "README.md").read_text("utf-8")
    each = [6 * TRAIN_PER_CLASS // studio_set.TRAIN_PEOPLE]
    each += [6 * TEST_PER_CLASS // studio_set.TEST_PEOPLE]
    people = (
        f"{studio_set.TRAIN_PEOPLE} to learn from with {each[0]} images each, "
        f"{studio_set.TEST_PEOPLE} to test on with {each[1]} each"
    )
    assert f"| people | {people} |" in text
    assert f"| turned in the image | by up to {RANGE.degrees:.0f} degrees |" in text
    out = max(RANGE.aside, RANGE.nod)
    assert f"| turned out of it | by up to {out:.0f} degrees |" in text
    low, high = RANGE.span
    span = f"{100 * low:.0f} to {100 * high:.0f} % of the frame"
    assert f"| wrist to fingertip | {span} |" in text
    assert f"| hand | {'right or left' if RANGE.both else 'right'} |" in text


def test_the_studio_reaches_its_ranges() -> None:
    scenes = [studio_scene(7, person) for person in range(300)]
    _spans([each.person.skin.tone for each in scenes], *RANGE.tones)
    _spans([each.wall.colour[1] for each in scenes], *RANGE.walls)
    views = [studio_view(3, 0.0, Bits(7, number)) for number in range(300)]
    _spans([each.span for each in views], *RANGE.span)
    for turn, most in enumerate((RANGE.aside, RANGE.nod, RANGE.degrees)):
        _spans([each.turns[turn] for each in views], -most, most)
    low, high = 0.5 - 0.5 * RANGE.off, 0.5 + 0.5 * RANGE.off
    for side in (0, 1):
        _spans([each.place[side] for each in views], low, high)
    left = np.mean([each.mirrored for each in views])
    assert 0.4 < left < 0.6 if RANGE.both else left == 0.0


def _spans(values: list[float], low: float, high: float) -> None:
    """The values lie within a range and reach both of its ends, nearly."""
    margin = 0.1 * (high - low)
    assert low <= min(values) <= low + margin
    assert high - margin <= max(values) <= high
