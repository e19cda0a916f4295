"""A picture of any kind as red, green and blue, upright.

Cameras, scanners and drawing programs write pictures in many ways. Each is brought to
what a person sees: turned as its EXIF data say, transparent parts on white, values of
16 bits or of fractions scaled by their range, colours by their profile.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    import PIL.Image

#: the shorter side of a large picture is made smaller, but not below this, in pixels
FINE = 1024
#: pixels that are worked upon at a time: what comes between is large
_STRIP = 2**21
#: the largest values of pictures: fractions, 8 bits, and what cameras put into 16
_RANGES = (1, 255, 1023, 4095, 65535)
# EXIF's and TIFF's numbers
_ORIENTATION, _PHOTOMETRIC, _WHITE_IS_ZERO = 0x0112, 0x0106, 0
_BITS, _PLANES, _APART = 0x0102, 0x011C, 2


def to_rgb(picture: PIL.Image.Image, profile: bytes | None = None) -> PIL.Image.Image:
    """An open picture of any mode, upright and in mode RGB.

    Where both sides are at least twice `FINE`, it is made smaller by a whole number.

    Args:
        picture: of an animation, the picture that it is at.
        profile: the ICC profile to bring its colours to sRGB by, if any; an unsound
            one changes nothing.

    Raises:
        OSError: it is cut short or damaged.
        ValueError: it has no numbers, or is of a mode that has no colours.
    """
    from PIL import Image

    # A JPEG is decoded to a half, a quarter or an eighth, in a fraction of the time
    picture.draft(None, (FINE, FINE))
    picture.load()
    wide = _range(picture) if _is_wide(picture) else None
    managed = _by_profile(profile, picture.mode)
    width, height = picture.size
    by = max(1, min(width, height) // FINE)
    whole = Image.new("RGB", (-(-width // by), -(-height // by)))
    for top, strip in _strips(picture, by):
        shown = _on_white(strip) if wide is None else Image.fromarray(wide.grey(strip))
        whole.paste(managed(shown).convert("RGB").reduce(by), (0, top // by))
    return _turned(whole, picture)


def _strips(
    picture: PIL.Image.Image, by: int = 1
) -> Iterator[tuple[int, PIL.Image.Image]]:
    """The picture in strips of its width, whose heights are multiples of `by`."""
    width, height = picture.size
    rows = max(1, _STRIP // (width * by)) * by
    for top in range(0, height, rows):
        yield top, picture.crop((0, top, width, min(top + rows, height)))


def _on_white(picture: PIL.Image.Image) -> PIL.Image.Image:
    from PIL import Image

    if not picture.has_transparency_data:
        return picture
    cut_out = picture.convert("RGBA")
    white = Image.new("RGBA", cut_out.size, "white")
    return Image.alpha_composite(white, cut_out)


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


def _by_profile(
    profile: bytes | None, mode: str
) -> Callable[[PIL.Image.Image], PIL.Image.Image]:
    """What brings colours of this mode to sRGB, by an ICC profile that fits them."""
    from PIL import ImageCms, ImageMode

    def as_they_are(picture: PIL.Image.Image) -> PIL.Image.Image:
        return picture

    if not profile:
        return as_they_are
    base = mode if mode == "CMYK" else ImageMode.getmode(mode).basemode
    base = "RGB" if base == "P" else base
    try:
        found = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        srgb = ImageCms.createProfile("sRGB")
        transform = ImageCms.buildTransform(found, srgb, base, "RGB")
    # One for other colours, or damaged; or Pillow lacks its colour library
    except (ImageCms.PyCMSError, OSError, ImportError):
        return as_they_are
    return lambda picture: transform.apply(picture.convert(base))


def _is_wide(picture: Any) -> bool:
    """Whether its values are of 16 bits, whole numbers or fractions.

    Raises:
        ValueError: a TIFF of more than 8 bits whose colours lie apart, which Pillow
            takes for one of 8 bits.
    """
    tags = getattr(picture, "tag_v2", {})
    if tags.get(_PLANES) == _APART and max(tags.get(_BITS, (8,))) > 8:
        raise ValueError("more than 8 bits, and colours apart")
    return picture.mode.startswith(("I", "F"))


@dataclass(frozen=True)
class _Range:
    """How values become greys from 0 to 255.

    Attributes:
        low: the smallest finite value.
        high: the largest finite value.
        black: the value that is black.
        white: how far above it white is.
        inverted: whether black is white and white is black.
        hidden: the value that is transparent; NaN where none is.
    """

    low: float
    high: float
    black: float
    white: float
    inverted: bool
    hidden: float

    def grey(self, picture: PIL.Image.Image) -> npt.NDArray[np.uint8]:
        values = np.asarray(picture).astype(np.float32)
        hidden = values == self.hidden
        values = np.nan_to_num(values, nan=self.low, posinf=self.high, neginf=self.low)
        values = (values - np.float32(self.black)) / np.float32(self.white)
        if self.inverted:
            values = 1 - values
        values[hidden] = 1
        return np.rint(values * 255).astype(np.uint8)


def _range(picture: PIL.Image.Image) -> _Range:
    """The range that holds all values.

    Raises:
        ValueError: none of the values is a finite number.
    """
    low, high = np.inf, -np.inf
    for _, strip in _strips(picture):
        values = np.asarray(strip).astype(np.float32)
        finite = values[np.isfinite(values)]
        low = min(low, float(finite.min(initial=np.inf)))
        high = max(high, float(finite.max(initial=-np.inf)))
    if low > high:
        raise ValueError("no finite numbers")
    black, white = 0.0, next((each for each in _RANGES if high <= each), None)
    if low < 0 or white is None:
        black, white = low, high - low or 1.0
    tags: Any = getattr(picture, "tag_v2", {})
    return _Range(
        low,
        high,
        black,
        white,
        inverted=tags.get(_PHOTOMETRIC) == _WHITE_IS_ZERO,
        hidden=picture.info.get("transparency", np.nan),
    )
