"""Anybody's picture file as an upright picture in colours.

Cameras, scanners and drawing programs write pictures in many ways. Each is brought to
what a person sees: turned as its EXIF data say, transparent parts on white, and values
of 16 bits or of fractions scaled by their range.
"""

from __future__ import annotations

import io
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import PIL.Image

LARGEST_FILE = 20 * 2**20  # bytes; a telephone's photograph has about 5 MB
# What may be opened: Pillow knows formats that start other programs.
FORMATS = ("AVIF", "BMP", "GIF", "JPEG", "MPO", "PNG", "PPM", "TIFF", "WEBP")
# The first bytes of what iPhones write, after four bytes of length
_HEIC = tuple(b"ftyp" + kind for kind in (b"hei", b"hev", b"mif1", b"msf1"))
#: the largest values of pictures: fractions, 8 bits, and what cameras put into 16
_RANGES = (1, 255, 1023, 4095, 65535)
_ORIENTATION, _PHOTOMETRIC, _WHITE_IS_ZERO = 0x0112, 0x0106, 0


class PictureError(ValueError):
    """A picture that cannot be used; the text says why, and what to do."""


def open_picture(path: str | Path) -> PIL.Image.Image:
    """Reads a picture file, of an animation the first picture.

    Returns:
        The whole picture, upright, in mode RGB.

    Raises:
        PictureError: it is missing, empty, too large, damaged or no picture.
    """
    path = Path(path)
    if not path.is_file():
        raise PictureError(f"There is no file {path}: check folder and spelling.")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise PictureError(f"{path} cannot be read: {error.strerror}.") from error
    return picture_of(data, str(path))


def picture_of(data: bytes, name: str) -> PIL.Image.Image:
    """As `open_picture`, from a file's bytes; `name` is what messages call it."""
    from PIL import Image

    if not data:
        raise PictureError(f"{name} is empty: save or copy it again.")
    if len(data) > LARGEST_FILE:
        raise PictureError(f"{name} has more than 20 MB: save it smaller first.")
    if data[4:12].startswith(_HEIC):
        raise PictureError(
            f"{name} is an HEIC picture, as iPhones take them: save it as JPEG first."
        )
    Image.init()
    formats = [each for each in FORMATS if each in Image.OPEN]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # Pillow only warns of a picture that would fill the memory
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=formats) as picture:
                return to_rgb(picture)
    except (
        Image.DecompressionBombWarning,
        Image.DecompressionBombError,
        MemoryError,
    ) as error:
        raise PictureError(f"{name} has too many pixels: scale it down.") from error
    except Image.UnidentifiedImageError as error:
        raise PictureError(
            f"{name} cannot be read as a picture: save it as JPEG or PNG."
        ) from error
    except Exception as error:  # upon damaged files, decoders raise whatever they like
        raise PictureError(
            f"{name} cannot be read as a picture, it is damaged or of a rare kind: "
            "save it once more, as JPEG or PNG."
        ) from error


def to_rgb(picture: PIL.Image.Image) -> PIL.Image.Image:
    """An open picture of any mode, upright and in mode RGB.

    Raises:
        OSError: it is cut short or damaged.
        ValueError: it has no numbers, or is of a mode that has no colours.
    """
    from PIL import Image

    picture.load()
    # 16 bits, whole numbers, fractions
    if picture.mode.startswith(("I", "F")):
        shown = Image.fromarray(_eight_bits(picture))
    elif picture.has_transparency_data:
        cut_out = picture.convert("RGBA")
        white = Image.new("RGBA", cut_out.size, "white")
        shown = Image.alpha_composite(white, cut_out)
    else:
        shown = picture
    upright = _turned(shown, picture).convert("RGB")
    # it is turned and opaque now: who reads on must not do so once more
    upright.info.clear()
    return upright


def _turned(shown: PIL.Image.Image, original: PIL.Image.Image) -> PIL.Image.Image:
    """The picture as its EXIF data say; as it is where they say nothing sensible."""
    from PIL import Image

    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_270,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_90,
    }
    try:
        turn = turns.get(original.getexif().get(_ORIENTATION, 1))
    except Exception:  # programs write what they like, and some cut it off
        turn = None
    return shown if turn is None else shown.transpose(turn)


def _eight_bits(picture: Any) -> npt.NDArray[np.uint8]:
    """Grey values from 0 to 255, scaled by the range that holds them.

    Raises:
        ValueError: none of the values is a finite number.
    """
    values = np.asarray(picture).astype(np.float32)
    hidden = values == picture.info.get("transparency", np.nan)
    finite = values[np.isfinite(values)]
    if not finite.size:
        raise ValueError("no finite numbers")
    low, high = float(finite.min()), float(finite.max())
    values = np.nan_to_num(values, nan=low, posinf=high, neginf=low)
    largest = next((each for each in _RANGES if high <= each), None)
    if low < 0 or largest is None:
        values, largest = values - low, high - low or 1.0
    values = values / np.float32(largest)
    if getattr(picture, "tag_v2", {}).get(_PHOTOMETRIC) == _WHITE_IS_ZERO:
        values = 1 - values
    values[hidden] = 1
    return np.rint(values * 255).astype(np.uint8)
