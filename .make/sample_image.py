"""Draws the image that lesson 1 ships for its last section.

    python .make/sample_image.py

A hand of the open drawing, of another seed than those that anything is learned from
or tested on, enlarged to the size of a small photograph. JPEG encoders differ: remake
it only to change it.
"""

from pathlib import Path

from PIL import Image

from resnet_data.drawing.rendered import draw_image

LABEL, SEED, NUMBER = 3, 1, 8
DRAWN, PIXELS = 144, 432
ROOT = Path(__file__).resolve().parents[1]
PATH = ROOT / "solutions" / "01_residual_networks" / "images" / "my_image.jpg"

if __name__ == "__main__":
    PATH.parent.mkdir(parents=True, exist_ok=True)
    small = Image.fromarray(draw_image(LABEL, SEED, NUMBER, DRAWN))
    large = small.resize((PIXELS, PIXELS), Image.Resampling.BICUBIC)
    large.save(PATH, quality=90)
