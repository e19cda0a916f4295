"""Anybody's picture file, opened or refused in a sentence."""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from resnet_data import _kinds
from resnet_data._colours import FINE, to_rgb
from resnet_data._path import meant

if TYPE_CHECKING:
    import PIL.Image

#: bytes; a telephone's largest photographs have about 50 MB
LARGEST_FILE = 256 * 2**20
#: pixels that are decoded at most, at 4 bytes each
MOST_DECODED = 90_000_000
#: pixels of a JPEG, which is decoded smaller, and costs time only
MOST_PIXELS = 400_000_000
# What may be opened: Pillow knows formats that start other programs.
FORMATS = ("AVIF", "BMP", "GIF", "JPEG2000", "PNG", "PPM", "TIFF", "WEBP")


class PictureError(ValueError):
    """A picture that cannot be used; the text says why, and what to do."""


def open_picture(path: str | Path) -> PIL.Image.Image:
    """Reads a picture file, of an animation the first picture.

    Returns:
        The whole picture, upright, in mode RGB; a large one is made smaller.

    Raises:
        PictureError: it is missing, empty, too large, damaged or no picture.
    """
    try:
        with meant(path).open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except FileNotFoundError as error:
        raise PictureError(str(error)) from error
    except OSError as error:
        raise PictureError(f"{path} cannot be read: {error.strerror}.") from error
    return picture_of(data, str(path))


def picture_of(data: bytes, name: str) -> PIL.Image.Image:
    """As `open_picture`, from a file's bytes; `name` is what messages call it."""
    from PIL import Image

    if not data:
        raise PictureError(f"{name} is empty: save or copy it again.")
    if len(data) > LARGEST_FILE:
        raise PictureError(
            f"{name} has more than {LARGEST_FILE // 2**20} MB: save it as JPEG."
        )
    kind = _kinds.told(data)
    if kind is not None:
        raise PictureError(f"{name} is {kind}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with _opened(data) as picture:
                if _is_too_large(picture):
                    raise Image.DecompressionBombError
                return to_rgb(picture, picture.info.get("icc_profile"))
    except (Image.DecompressionBombError, MemoryError) as error:
        raise PictureError(
            f"{name} has too many pixels: cut out the hand, or save it smaller."
        ) from error
    except Image.UnidentifiedImageError as error:
        raise PictureError(
            f"{name} cannot be read as a picture: save it as JPEG or PNG."
        ) from error
    except Exception as error:  # upon damaged files, decoders raise whatever they like
        raise PictureError(
            f"{name} cannot be read as a picture, it is damaged or of a rare kind: "
            "save it once more, as JPEG or PNG."
        ) from error


def _opened(data: bytes) -> PIL.Image.Image:
    from PIL import Image
    from PIL.JpegImagePlugin import JpegImageFile

    # Image.open refuses by the pixels of the file, not of what is decoded. Where
    # a file holds several JPEGs, this is the first.
    if data.startswith(b"\xff\xd8\xff"):
        return JpegImageFile(io.BytesIO(data))
    Image.init()
    formats = [each for each in FORMATS if each in Image.OPEN]
    return Image.open(io.BytesIO(data), formats=formats)


def _is_too_large(picture: PIL.Image.Image) -> bool:
    """Whether it would fill the memory or take minutes."""
    width, height = picture.size
    # A progressive one is held whole while it is decoded
    if not picture.info.get("progressive"):
        picture.draft(None, (FINE, FINE))
    decoded = picture.size[0] * picture.size[1]
    return decoded > MOST_DECODED or width * height > MOST_PIXELS
