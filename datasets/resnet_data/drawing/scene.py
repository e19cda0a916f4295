"""A person before a wall in some light, and the picture that is taken of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from resnet_data.drawing.bits import Bits
from resnet_data.drawing.bones import Hand
from resnet_data.drawing.camera import Camera, taken
from resnet_data.drawing.field import halved
from resnet_data.drawing.hand import hand
from resnet_data.drawing.light import Light, light, shade, wall_shadow
from resnet_data.drawing.person import Person, person
from resnet_data.drawing.skin import coloured
from resnet_data.drawing.surface import surface
from resnet_data.drawing.view import HAND_LENGTH, View, seen
from resnet_data.drawing.wall import Wall, painted, wall

_FINE = 2  # sub-pixels along each side of a pixel


@dataclass(frozen=True)
class Scene:
    """What is before the camera, the hand's pose and place excepted."""

    person: Person
    wall: Wall
    light: Light


def scene(bits: Bits) -> Scene:
    """Choose a scene: anybody, anywhere."""
    return Scene(person(bits), wall(bits), light(bits))


def picture(
    label: int,
    scene: Scene,
    view: Callable[[Hand], View],
    camera: Callable[[float, Bits], Camera],
    bits: Bits,
    size: int,
) -> npt.NDArray[np.uint8]:
    """Draw a hand that shows `label`.

    Args:
        label: 0 to 5.
        scene: whose hand, and where.
        view: chooses where it is seen from.
        camera: chooses the camera's settings for a hand that takes this part of the
            frame's side.
        bits: where all else that varies comes from.
        size: pixels along each side.

    Returns:
        An RGB image (size, size, 3) of uint8.
    """
    fine = size * _FINE
    shown = hand(label, scene.person, bits)
    posed, scale = seen(shown, view(shown), fine)
    relief = surface(posed, scale, fine)
    flesh = coloured(relief, shade(relief, scale, scene.light), scene.person.skin, bits)
    left = wall_shadow(relief, scale, scene.light)
    layers = [
        halved(back * left + relief.cover * (front - back * left))
        for front, back in zip(flesh, painted(scene.wall, fine, bits), strict=True)
    ]
    return taken(layers, camera(scale * HAND_LENGTH / fine, bits), bits)
