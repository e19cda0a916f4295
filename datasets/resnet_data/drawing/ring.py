"""The O of thumb and fingers."""

from __future__ import annotations

from resnet_data.drawing.bits import Bits
from resnet_data.drawing.bones import Limb, Point, plus
from resnet_data.drawing.digits import FINGER, Build, digit, finger, radii
from resnet_data.drawing.thumb import thumb_to


def ring(build: Build, bits: Bits) -> tuple[list[Limb], Point]:
    """Four fingers and the thumb bent to an O: round, oval, flat or pinched.

    It lies in the plane of y and z: it is seen from the left.

    Returns:
        The fingers and the thumb, and the thumb's first joint.
    """
    flat = bits.chance(0.3)
    bends = _flat_bends(bits) if flat else _round_bends(bits)
    # The further fingers lie behind the first, or open outwards.
    fan = bits.uniform(-1.5, 1.5) if bits.chance(0.4) else bits.uniform(-6.5, 3.0)
    limbs: list[Limb] = []
    tip: Point = (0.0, 0.0, 0.0)
    side: Point = (0.0, 0.0, 1.0)
    for place, name in enumerate(FINGER):
        looser = fan * place + bits.uniform(-3.0, 3.0)
        own = (bends[0] + looser, bends[1] + 0.3 * looser, bends[2])
        lean = (-4.0, -1.0, 3.0, 8.0)[place]
        points, palmar = finger(name, build, lean, own)
        limbs.append(digit(points, palmar, radii(name, build), True, bits))
        if place == 0:
            tip, side = points[-1], palmar[-1]
    # Tip on tip, or not quite.
    gap = bits.uniform(0.20, 0.29) if bits.chance(0.25) else bits.uniform(0.15, 0.19)
    touch = plus(tip, side, gap * build.thick)
    touch = (touch[0] + 0.06, touch[1], touch[2])
    joint: Point = (
        bits.uniform(-0.36, -0.30),
        bits.uniform(0.52, 0.66),
        bits.uniform(0.38, 0.48) if flat else bits.uniform(0.34, 0.46),
    )
    limbs.append(thumb_to(touch, joint, build).limb(True, build, bits))
    return limbs, joint


def _round_bends(bits: Bits) -> tuple[float, float, float]:
    return bits.uniform(8.0, 50.0), bits.uniform(46.0, 78.0), bits.uniform(18.0, 52.0)


def _flat_bends(bits: Bits) -> tuple[float, float, float]:
    """Like a beak: bent at the knuckles, nearly straight from there."""
    return bits.uniform(40.0, 62.0), bits.uniform(20.0, 42.0), bits.uniform(4.0, 20.0)
