"""One file that should be a photograph, looked at before it is used."""

from __future__ import annotations

import hashlib
import io
import warnings
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from resnet_data._colours import to_rgb
from resnet_data._layout import SIZE
from resnet_data._square import to_square

LARGEST_FILE = 20 * 2**20  # bytes; a telephone's photograph has about 5 MB
# What may be opened: Pillow knows formats that start other programs.
FORMATS = ("JPEG", "PNG", "TIFF", "BMP", "WEBP")
ENDINGS = frozenset((".jpg", ".jpeg", ".jpe", ".png", ".webp", ".tif", ".tiff", ".bmp"))
MODES = {
    "1": "black and white",
    "L": "greyscale",
    "LA": "greyscale with transparency",
    "P": "a palette of colours",
    "PA": "a palette of colours",
    "RGBA": "RGB with transparency",
    "CMYK": "CMYK, for printing",
}


class Unusable(Exception):
    """A file that cannot be used.

    Args:
        kind: "unreadable", "odd-sized", "not RGB", "duplicate" or "not an image".
        reason: what was found, in words.
    """

    def __init__(self, kind: str, reason: str) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason


@dataclass(frozen=True)
class Picture:
    """A photograph as the network sees it.

    Attributes:
        image: uint8 array (64, 64, 3), RGB.
        bytes_hash: SHA-256 of the file.
        pixels_hash: SHA-256 of the whole picture's pixels, upright, and its size.
    """

    image: npt.NDArray[np.uint8]
    bytes_hash: str
    pixels_hash: str


def read_picture(data: bytes) -> Picture:
    """Read a square RGB photograph of at least 64 x 64 pixels.

    Args:
        data: the bytes of the file.

    Raises:
        Unusable: it is no such photograph.
    """
    from PIL import Image

    if not data:
        raise Unusable("unreadable", "an empty file")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Pillow only warns of a picture that would fill the memory
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                _check(picture.mode, *picture.size)
                upright = to_rgb(picture)
                image = to_square(upright, SIZE)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise Unusable("unreadable", "more pixels than memory is safe for") from error
    except Image.UnidentifiedImageError as error:
        raise Unusable(
            "unreadable", "not JPEG, PNG, WebP, TIFF or BMP, or damaged"
        ) from error
    except Unusable:
        raise
    except Exception as error:  # upon damaged files, decoders raise whatever they like
        raise Unusable("unreadable", "damaged or cut short") from error
    whole = hashlib.sha256(repr(upright.size).encode())
    whole.update(upright.tobytes())
    return Picture(image, hashlib.sha256(data).hexdigest(), whole.hexdigest())


def _check(mode: str, width: int, height: int) -> None:
    if mode != "RGB":
        raise Unusable("not RGB", MODES.get(mode, f"Pillow's mode {mode}"))
    if width != height:
        raise Unusable("odd-sized", f"{width} x {height} pixels, not square")
    if width < SIZE:
        raise Unusable(
            "odd-sized", f"{width} x {height} pixels, less than {SIZE} x {SIZE}"
        )
