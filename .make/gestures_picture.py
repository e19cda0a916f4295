"""Draws the six gestures in lesson 1, a small picture each.

python .make/gestures_picture.py            writes them
python .make/gestures_picture.py --check    fails where those on disk are stale
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from resnet_data.drawing.arm import dress
from resnet_data.drawing.bits import Bits
from resnet_data.drawing.camera import Camera
from resnet_data.drawing.digits import Build
from resnet_data.drawing.light import Light, Shadow
from resnet_data.drawing.person import Person
from resnet_data.drawing.scene import Scene, picture
from resnet_data.drawing.skin import skin
from resnet_data.drawing.view import View
from resnet_data.drawing.wall import Wall

PIXELS, GAP, LABEL = 96, 8, 26
SEED = 11
# Of a skin from light to dark, one a gesture
TONES = (0.15, 0.7, 0.4, 0.9, 0.25, 0.55)
ROOT = Path(__file__).resolve().parents[1]
PATH = ROOT / "solutions" / "01_residual_networks" / "figures" / "gestures.png"


def gesture(label: int) -> npt.NDArray[np.uint8]:
    """A near, upright hand before a light wall, as the lesson asks for one."""
    bits = Bits(SEED, label)
    person = Person(Build(long=1.0, thick=1.0), skin(bits, TONES[label]), dress(bits))
    wall = Wall(colour=(226.0, 226.0, 222.0), slope=(0.03, 0.03), cloud=0.0, edge=None)
    shadow = Shadow(away=(-0.15, -0.15), soft=0.2, strength=0.12)
    lamp = Light((0.41, 0.41, 0.815), 0.55, 0.9, 0.2, (shadow,))
    about_y = 78.0 if label == 0 else 0.0
    view = View((about_y, 0.0, 0.0), False, 0.86, (0.5, 0.5), depth=0.06)
    scene = Scene(person, wall, lamp)
    return picture(label, scene, lambda _: view, _camera, bits, PIXELS)


def _camera(span: float, bits: Bits) -> Camera:
    del span, bits
    return Camera(1.0, (1.0, 1.0), 0.2, 0.0, 0.3, (0, 0), 0.3, 0.5)


def row() -> Image.Image:
    """All gestures in a row, each below its number."""
    width = len(TONES) * (PIXELS + GAP) + GAP
    whole = Image.new("RGB", (width, LABEL + PIXELS + GAP), "white")
    font = ImageFont.load_default(18)
    for label in range(len(TONES)):
        left = GAP + label * (PIXELS + GAP)
        whole.paste(Image.fromarray(gesture(label)), (left, LABEL))
        middle = (left + PIXELS / 2, LABEL / 2)
        ImageDraw.Draw(whole).text(middle, str(label), "black", font, "mm")
    return whole


def is_stale(drawn: Image.Image) -> bool:
    """Whether the picture on disk shows other hands; numbers depend on the font."""
    if not PATH.is_file():
        return True
    with Image.open(PATH) as there:
        hands = (0, LABEL, *drawn.size)
        return there.size != drawn.size or not np.array_equal(
            np.asarray(there.crop(hands)), np.asarray(drawn.crop(hands))
        )


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--check", action="store_true")
    drawn = row()
    if not parser.parse_args().check:
        drawn.save(PATH, optimize=True)
    elif is_stale(drawn):
        print(f"{PATH.relative_to(ROOT)} is stale: make figures")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
