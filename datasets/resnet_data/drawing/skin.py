"""Colours of hands."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resnet_data.drawing.bits import Bits
from resnet_data.drawing.bones import Colour
from resnet_data.drawing.field import Field, smoothed
from resnet_data.drawing.surface import Surface

# From light to dark, 0 to 255; a hand lies somewhere between two neighbours.
_TONES = (
    (246, 214, 196),
    (236, 194, 166),
    (224, 172, 137),
    (202, 147, 108),
    (170, 115, 80),
    (128, 82, 56),
    (90, 59, 43),
    (62, 42, 34),
)
# Light that went through skin is red: its shadows are less dark in that colour.
_DEPTH = (0.84, 1.0, 1.06)


@dataclass(frozen=True)
class Skin:
    """One person's skin.

    Attributes:
        tone: 0 for the lightest, 1 for the darkest.
        back: the colour of the back of the hand, 0 to 255.
        palm: the colour of the palm.
        blush: how much redder joints and fingertips are.
        crease: how dark creases are.
        mottle: how uneven the colour is.
        varnish: of the nails, None for bare ones.
    """

    tone: float
    back: Colour
    palm: Colour
    blush: float
    crease: float
    mottle: float
    varnish: Colour | None


def skin(bits: Bits, tone: float | None = None) -> Skin:
    """Choose a skin.

    Args:
        bits: where it comes from.
        tone: 0 for the lightest, 1 for the darkest; None for any.
    """
    if tone is None:
        tone = bits.uniform(0.0, 1.0)
    red, green, blue = _tone(tone * (len(_TONES) - 1))
    warm, bright = bits.uniform(-7.0, 7.0), bits.uniform(-8.0, 8.0)
    # Some skins are nearly grey in a cheap camera.
    dull, grey = bits.uniform(0.0, 0.4), (red + green + blue) / 3.0
    red, green, blue = (a + dull * (grey - a) for a in (red, green, blue))
    back = (red + bright + warm, green + bright, blue + bright - warm)
    # Palms of dark hands are much lighter than their backs.
    lighter = bits.uniform(0.02, 0.12) + 0.2 * tone * tone
    toward = (238.0, 184.0, 158.0)
    palm = tuple(a + lighter * (b - a) for a, b in zip(back, toward, strict=True))
    varnish = None
    if bits.chance(0.08):
        varnish = (
            bits.uniform(30.0, 210.0),
            bits.uniform(10.0, 70.0),
            bits.uniform(20.0, 110.0),
        )
    return Skin(
        tone=tone,
        back=back,
        palm=(palm[0], palm[1], palm[2]),
        blush=bits.uniform(0.02, 0.16),
        crease=bits.uniform(0.12, 0.42),
        mottle=bits.uniform(0.0, 0.035),
        varnish=varnish,
    )


def _tone(at: float) -> Colour:
    first = min(int(at), len(_TONES) - 2)
    part = at - first
    red, green, blue = (
        a + part * (b - a)
        for a, b in zip(_TONES[first], _TONES[first + 1], strict=True)
    )
    return red, green, blue


def coloured(surface: Surface, shade: Field, skin: Skin, bits: Bits) -> list[Field]:
    """Red, green and blue of the hand and what it wears, 0 to 255."""
    side = len(shade)
    uneven = 1.0 + skin.mottle * smoothed(bits.bell((8, 8)), side)
    lines = 1.0 - skin.crease * surface.crease
    layers = []
    for place in range(3):
        back, palm = skin.back[place], skin.palm[place]
        flesh = back + surface.pale * (palm - back)
        # Green and blue sink where blood shines through.
        flesh = flesh * (1.0 - (0.2, 1.0, 0.9)[place] * skin.blush * surface.blush)
        if skin.varnish is not None:
            flesh = flesh + surface.nail * (skin.varnish[place] - flesh)
        else:
            pale = (250.0, 224.0, 214.0)[place]
            flesh = flesh + 0.22 * surface.nail * (pale - flesh)
        flesh = flesh * uneven * lines
        lit = 1.0 - _DEPTH[place] * (1.0 - shade)
        if surface.colours:
            cloth = np.array([0.0, *(colour[place] for colour in surface.colours)])
            worn = surface.paint > 0.5
            cloth_here = cloth[surface.paint.astype(np.int64)]
            layers.append(np.where(worn, cloth_here * shade, flesh * lit))
        else:
            layers.append(flesh * lit)
    return layers
