"""Who is photographed: what stays the same from one picture to the next."""

from __future__ import annotations

from dataclasses import dataclass

from resnet_data.drawing.arm import Dress, dress
from resnet_data.drawing.bits import Bits
from resnet_data.drawing.digits import Build
from resnet_data.drawing.skin import Skin, skin


@dataclass(frozen=True)
class Person:
    """One person.

    Attributes:
        build: of the hand.
        skin: its colours.
        dress: what is worn on the arm.
    """

    build: Build
    skin: Skin
    dress: Dress


def person(bits: Bits) -> Person:
    """Choose a person."""
    build = Build(long=bits.uniform(0.92, 1.08), thick=bits.uniform(0.86, 1.12))
    return Person(build, skin(bits), dress(bits))
