"""How a photograph becomes what the network sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import PIL.Image


def to_square(picture: PIL.Image.Image, size: int = 64) -> npt.NDArray[np.uint8]:
    """A picture upright, its central square, scaled down with antialiasing.

    Training photographs and the learner's own picture both come through here:
    a network that is shown another scaling than it was trained on judges worse.

    Args:
        picture: an open picture of any mode, size and EXIF orientation.
        size: height and width of the result, in pixels.

    Returns:
        uint8 array (size, size, 3), RGB.

    Raises:
        OSError: the picture is cut short or damaged.
    """
    import numpy as np
    from PIL import ImageOps

    upright = ImageOps.exif_transpose(picture).convert("RGB")
    return np.asarray(ImageOps.fit(upright, (size, size)), dtype=np.uint8)
