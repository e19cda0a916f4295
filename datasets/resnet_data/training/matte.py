"""Cuts hands out of photographs taken before a plain light wall.

A hand that is cut out can be put before other walls, in other light, larger or
smaller, which teaches a network more than turning the whole photograph does.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Distances from the wall's colour, in levels of 255, at which a pixel is half hand:
# skin is redder than a wall, and darker.
_REDDER, _DARKER = 14.0, 45.0
_ROUNDS = 8


def cut_out(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """Separate the hand from the wall.

    The wall is a cubic polynomial of the place for each colour, fitted to the
    pixels that it explains; it begins at the upper edges, where no forearm is.

    Args:
        image: photograph (n, n, 3), RGB.

    Returns:
        An image (n, n, 4): colours already multiplied by alpha, and alpha, 0 to 255.
    """
    n = len(image)
    colours = image.reshape(-1, 3).astype(np.float64)
    terms = _terms(n)
    wall_pixels = _upper_edges(n).ravel()
    wall, away = colours, np.zeros(n * n)
    for _ in range(_ROUNDS):
        fitted = np.linalg.lstsq(terms[wall_pixels], colours[wall_pixels], rcond=None)
        wall = terms @ fitted[0]
        away = _distance(colours - wall)
        wall_pixels = away < 1.0
    alpha = np.clip((away - 0.9) / 0.8, 0.0, 1.0)[:, None]
    # What shines through at the outline is the old wall: take it away.
    hand = np.clip(colours - (1.0 - alpha) * wall, 0.0, 255.0 * alpha)
    layers = np.concatenate([hand, 255.0 * alpha], axis=1)
    return np.rint(layers).astype(np.uint8).reshape(n, n, 4)


def _distance(rest: Floats) -> Floats:
    redder = np.maximum(rest[:, 0] - rest[:, 2], 0.0) / _REDDER
    darker = np.minimum(rest.mean(axis=1), 0.0) / _DARKER
    return np.hypot(redder, darker)


def _terms(n: int) -> Floats:
    """The ten monomials of a cubic in x and y at each pixel, (n * n, 10)."""
    y, x = (np.mgrid[0:n, 0:n] / (n - 1) * 2.0 - 1.0).reshape(2, -1)
    powers = [(i, j) for i in range(4) for j in range(4 - i)]
    return np.stack([x**i * y**j for i, j in powers], axis=1)


def _upper_edges(n: int) -> npt.NDArray[np.bool_]:
    width, low = n // 12, 3 * n // 5
    edges = np.zeros((n, n), dtype=bool)
    edges[:width] = True
    edges[:low, :width] = True
    edges[:low, -width:] = True
    return edges


def hand_box(alpha: npt.NDArray[np.uint8]) -> tuple[float, float, float]:
    """Where a cut-out hand is.

    Args:
        alpha: (n, n), 0 to 255.

    Returns:
        Its middle x and y, and half of its longer side, in pixels.
    """
    solid = alpha > 127
    # Single pixels of the wall's texture are no hand.
    rows = np.flatnonzero(solid.sum(axis=1) > 1)
    columns = np.flatnonzero(solid.sum(axis=0) > 1)
    if not rows.size or not columns.size:
        return len(alpha) / 2.0, len(alpha) / 2.0, len(alpha) / 2.0
    top, bottom, left, right = rows[0], rows[-1] + 1, columns[0], columns[-1] + 1
    half = max(bottom - top, right - left) / 2.0
    return (left + right) / 2.0, (top + bottom) / 2.0, half
