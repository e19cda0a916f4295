"""The studio set: some people's hands to learn from, and other people's to test on."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from resnet_data._layout import CLASSES, SIZE, Images
from resnet_data.drawing import pins
from resnet_data.drawing.sets import (
    TEST_PER_CLASS,
    TRAIN_PER_CLASS,
    Tell,
    draw_set,
    shuffled,
    silent,
)
from resnet_data.drawing.studio import RANGE, Range, draw_in_studio, studio_scene

SEED = 2014
TRAIN_PEOPLE, TEST_PEOPLE = 18, 6
SHA256 = pins.STUDIO
# Of so many strangers some are like those that are learned from.
_STRANGERS = 1000


@dataclass(frozen=True)
class People:
    """Who is in the studio, by the numbers that `draw_in_studio` takes.

    Attributes:
        train: those whose hands are learned from.
        test: others, no lighter and no darker than they are, nor are their walls.
    """

    train: tuple[int, ...]
    test: tuple[int, ...]


@dataclass(frozen=True)
class Shot:
    """One image of a set.

    Attributes:
        label: what the hand shows.
        person: whose hand it is.
    """

    label: int
    person: int


def people(
    seed: int = SEED,
    train: int = TRAIN_PEOPLE,
    test: int = TEST_PEOPLE,
    limits: Range = RANGE,
) -> People:
    """Choose people to learn from, and others to test on.

    Raises:
        ValueError: so few people to learn from span too little for the others.
    """
    known = np.array([_colours(seed, person, limits) for person in range(train)])
    lowest, highest = known.min(axis=0), known.max(axis=0)

    def within(person: int) -> bool:
        colours = _colours(seed, person, limits)
        return bool((lowest <= colours).all() and (colours <= highest).all())

    strangers = filter(within, range(train, train + _STRANGERS))
    others = tuple(itertools.islice(strangers, test))
    if len(others) < test:
        raise ValueError(
            f"{test} people are to be tested within the range of {train}: "
            f"{len(others)} of {_STRANGERS} are"
        )
    return People(tuple(range(train)), others)


def _colours(seed: int, person: int, limits: Range) -> npt.NDArray[np.float64]:
    """Red, green and blue of a person's skin and wall, 0 to 255."""
    scene = studio_scene(seed, person, limits)
    return np.array([*scene.person.skin.back, *scene.wall.colour])


def shots(seed: int, first: int, per_class: int, who: tuple[int, ...]) -> list[Shot]:
    """Who shows what in the set whose first image has the number `first`.

    Returns:
        `per_class` images of each class, in random order. Everybody is in as many
        images as anybody else, of each class and of all, or in one more.
    """
    order = shuffled(seed, first, CLASSES * per_class)
    # Class by class, people take turns.
    return [Shot(int(at) // per_class, who[int(at) % len(who)]) for at in order]


def draw_studio_set(tell: Tell = silent) -> tuple[Images, Images]:
    """Draw the training and the test images.

    Args:
        tell: called after each image.

    Returns:
        1,080 training images (180 a class) and 120 test images (20 a class) of other
        people, each set in random order.
    """
    chosen = people()
    train = shots(SEED, 0, TRAIN_PER_CLASS, chosen.train)
    test = shots(SEED, len(train), TEST_PER_CLASS, chosen.test)
    return _draw_set(train, 0, tell), _draw_set(test, len(train), tell)


def _draw_set(shots: list[Shot], first: int, tell: Tell) -> Images:
    def draw(place: int) -> npt.NDArray[np.uint8]:
        shot = shots[place]
        return draw_in_studio(shot.label, SEED, shot.person, first + place, SIZE)

    return draw_set(np.array([shot.label for shot in shots]), draw, tell)
