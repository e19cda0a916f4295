"""Numbers of channels of the hidden calls of blocks."""

from typing import Any

#: None of those that the lessons show.
_WIDTHS = (3, 5, 7, 8, 9, 10)
_EVEN = (8, 10, 12, 14)


def draw_widths(rng: Any, *, like_shown: bool) -> list[int]:
    """Draws numbers of channels, no two alike.

    Args:
        rng: of the challenge.
        like_shown: whether they are even, as those that the lessons show. A slip that
            halves channels, such as two groups, then does not stop every hidden call.

    Returns:
        F1, F2, F3 and the channels of the input.
    """
    drawn = rng.permutation(_EVEN if like_shown else _WIDTHS)
    return [int(width) for width in drawn[:4]]
