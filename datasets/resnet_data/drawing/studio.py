"""Hands in a studio: few people, each before a wall of their own in soft light.

The pictures that a network can learn from in twenty epochs: a person keeps their wall,
lamp and skin, and the hand is near, upright and in the middle, or nearly so.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from resnet_data.drawing.arm import dress
from resnet_data.drawing.bits import Bits, turn
from resnet_data.drawing.bones import Hand
from resnet_data.drawing.camera import Camera
from resnet_data.drawing.digits import Build
from resnet_data.drawing.light import Light, Shadow
from resnet_data.drawing.person import Person
from resnet_data.drawing.scene import Scene, picture
from resnet_data.drawing.skin import skin
from resnet_data.drawing.view import View, first_legible
from resnet_data.drawing.wall import Wall

# Streams of random numbers that no image's number reaches.
_PEOPLE = 2**33


@dataclass(frozen=True)
class Range:
    """How far hands in the studio differ.

    Attributes:
        degrees: how far a hand leans to either side.
        aside: how far it is turned about its own length, to either side, degrees.
        nod: how far it is bent towards the camera or away, degrees.
        span: the smallest and the largest part of the frame from wrist to fingertip.
        off: how far from the middle it may be, 0 to 1 of the free room.
        both: whether left hands come, too.
        tones: the lightest and the darkest skin, 0 to 1.
        walls: the darkest and the lightest wall, 0 to 255.
    """

    degrees: float = 10.0
    aside: float = 8.0
    nod: float = 8.0
    span: tuple[float, float] = (0.8, 0.95)
    off: float = 0.25
    both: bool = False
    tones: tuple[float, float] = (0.0, 0.75)
    walls: tuple[float, float] = (200.0, 240.0)


RANGE = Range()


def draw_in_studio(
    label: int, seed: int, person: int, number: int, size: int, limits: Range = RANGE
) -> npt.NDArray[np.uint8]:
    """Draw image `number` of this seed as this person's hand that shows `label`.

    Returns:
        An RGB image (size, size, 3) of uint8.
    """
    bits = Bits(seed, number)
    scene = studio_scene(seed, person, limits)

    def view(shown: Hand) -> View:
        return first_legible(
            label, shown, lambda easy: studio_view(label, easy, bits, limits)
        )

    return picture(label, scene, view, _camera, bits, size)


def studio_scene(seed: int, person: int, limits: Range = RANGE) -> Scene:
    """This person of this seed, before their wall and in their light."""
    own = Bits(seed, _PEOPLE + person)
    build = Build(long=own.uniform(0.94, 1.06), thick=own.uniform(0.9, 1.1))
    anybody = Person(build, skin(own, own.uniform(*limits.tones)), dress(own))
    grey, tint = own.uniform(*limits.walls), own.uniform(-5.0, 5.0)
    wall = Wall(
        colour=(grey + tint, grey, grey - tint),
        slope=(own.uniform(-0.06, 0.06), own.uniform(-0.06, 0.06)),
        cloud=own.uniform(0.0, 0.01),
        edge=None,
    )
    return Scene(anybody, wall, _light(own))


def _light(own: Bits) -> Light:
    """Soft light from the left and above, as from a window."""
    c, s = turn(own.uniform(115.0, 145.0))
    low = own.uniform(0.4, 0.8)
    length = math.sqrt(low * low + 1.0)
    far = own.uniform(0.1, 0.3)
    shadow = Shadow(
        away=(-far * c, -far * s),
        soft=0.08 + far * own.uniform(0.3, 0.5),
        strength=own.uniform(0.06, 0.2),
    )
    return Light(
        lamp=(low * c / length, low * s / length, 1.0 / length),
        ambient=own.uniform(0.45, 0.6),
        hollow=own.uniform(0.7, 1.0),
        rim=own.uniform(0.15, 0.35),
        shadows=(shadow,),
    )


def studio_view(label: int, easy: float, bits: Bits, limits: Range = RANGE) -> View:
    """Near, nearly upright and nearly in the middle; wholly so where easy is 1."""
    hard = 1.0 - easy
    aside, nod = hard * bits.uniform(-1.0, 1.0), hard * bits.uniform(-1.0, 1.0)
    about_y = limits.aside * aside + (84.0 if label == 0 else 0.0)
    middle = 0.5 - 0.5 * limits.off
    small, large = limits.span
    return View(
        turns=(about_y, limits.nod * nod, limits.degrees * bits.uniform(-1.0, 1.0)),
        mirrored=limits.both and bits.chance(0.5),
        span=bits.uniform(small + easy * (large - small), large),
        place=(
            middle + limits.off * bits.uniform(0.0, 1.0),
            middle + limits.off * bits.uniform(0.0, 1.0),
        ),
        depth=0.06,
    )


def _camera(span: float, bits: Bits) -> Camera:
    del span
    return Camera(
        exposure=bits.uniform(0.97, 1.03),
        balance=(1.0, 1.0),
        contrast=0.2,
        vignette=0.06,
        blur=bits.uniform(0.2, 0.5),
        motion=(0, 0),
        sharpen=0.2,
        grain=bits.uniform(0.5, 2.0),
    )
