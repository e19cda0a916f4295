"""A picture of what a source holds: a row of images for each class."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from resnet_data._layout import SIZE, Images

if TYPE_CHECKING:
    from PIL.Image import Image

_GAP = 4
_MARGIN = 28


def montage(images: Images, each: int = 10, zoom: int = 2) -> Image:
    """Draw the first images of each class in a row, the class beside it.

    Args:
        images: the set to show.
        each: images a class, fewer where the set has fewer.
        zoom: screen pixels along each side of a pixel.
    """
    from PIL import Image, ImageDraw, ImageFont

    side = SIZE * zoom
    pitch = side + _GAP
    rows = [np.flatnonzero(images.y == name)[:each] for name in images.classes]
    width = _MARGIN + max(len(row) for row in rows) * pitch + _GAP
    picture = Image.new("RGB", (width, len(rows) * pitch + _GAP), "white")
    pen = ImageDraw.Draw(picture)
    font = ImageFont.load_default(18)
    for down, row in enumerate(rows):
        top = _GAP + down * pitch
        middle = (_MARGIN / 2, top + side / 2)
        text = str(images.classes[down])
        pen.text(middle, text, fill="black", font=font, anchor="mm")
        for right, index in enumerate(row):
            tile = Image.fromarray(images.x[index])
            tile = tile.resize((side, side), Image.Resampling.NEAREST)
            picture.paste(tile, (_MARGIN + right * pitch, top))
    return picture


def save_png(picture: Image, path: Path) -> None:
    """Write a picture as PNG.

    Raises:
        OSError: the file cannot be written.
    """
    buffer = io.BytesIO()
    picture.save(buffer, format="PNG")
    path.write_bytes(buffer.getvalue())
