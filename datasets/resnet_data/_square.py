"""How a photograph becomes what the network sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

from resnet_data._colours import to_rgb

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import PIL.Image


def to_square(picture: PIL.Image.Image, size: int = 64) -> npt.NDArray[np.uint8]:
    """A picture upright on white, its central square, scaled with antialiasing.

    Training photographs and the learner's own picture both come through here:
    a network that is shown another scaling than it was trained on judges worse.

    Args:
        picture: an open picture of any mode, size and EXIF orientation; what
            `open_picture` returns is left as it is.
        size: height and width of the result, in pixels.

    Returns:
        uint8 array (size, size, 3), RGB.

    Raises:
        OSError: the picture is cut short or damaged.
        ValueError: it has no numbers, or is of a mode that has no colours.
    """
    import numpy as np
    from PIL import ImageOps

    square = ImageOps.fit(to_rgb(picture), (size, size))
    return np.asarray(square, dtype=np.uint8)
