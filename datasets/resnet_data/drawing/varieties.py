"""The varieties of drawn hands: what each is called, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from resnet_data._layout import Images
from resnet_data.drawing import pins
from resnet_data.drawing.rendered import draw_open_set
from resnet_data.drawing.sets import Tell
from resnet_data.drawing.studio_set import draw_studio_set


@dataclass(frozen=True)
class Variety:
    """Training and test images that are drawn in one way.

    Attributes:
        title: where the hands are, in words.
        sha256: the checksum of all images and labels.
        draw: draws training and test images; what it is given is called after each.
    """

    title: str
    sha256: str
    draw: Callable[[Tell], tuple[Images, Images]]


# The first one is what the lessons learn from.
VARIETIES = {
    "studio": Variety("in a studio", pins.STUDIO, draw_studio_set),
    "open": Variety("in all kinds of places", pins.OPEN, draw_open_set),
}
DEFAULT = "studio"


def variety_of(name: str) -> Variety:
    """The variety of this name.

    Raises:
        ValueError: there is none.
    """
    if name not in VARIETIES:
        known = ", ".join(repr(each) for each in VARIETIES)
        raise ValueError(f"variety is one of {known}, not {name!r}")
    return VARIETIES[name]
