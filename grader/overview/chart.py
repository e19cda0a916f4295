"""Bar charts as SVG that stands in a page: text that can be read, told in words too."""

from collections.abc import Sequence
from dataclasses import dataclass

from grader import escape

_WIDTH, _HEIGHT = 640, 230
_LEFT, _RIGHT, _TOP, _BOTTOM = 12, 12, 24, 46


@dataclass(frozen=True)
class Bar:
    """A bar.

    Attributes:
        label: below it.
        value: how high it is.
        more: what stands on it, hatched.
    """

    label: str
    value: int
    more: int = 0


def bars(title: str, told: str, below: str, columns: Sequence[Bar]) -> str:
    """Draws bars beside each other.

    Args:
        title: its name.
        told: the same in words, for who does not see it.
        below: what the labels are.
        columns: the bars, from left to right.
    """
    width = (_WIDTH - _LEFT - _RIGHT) / max(1, len(columns))
    room = _HEIGHT - _TOP - _BOTTOM
    high = max((bar.value + bar.more for bar in columns), default=0) or 1
    ground = _HEIGHT - _BOTTOM
    every = -(-len(columns) // 12)
    parts = [
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" class="chart" '
        f'aria-label="{escape.html(f"{title}. {told}")}">',
        '<defs><pattern id="hatch" width="6" height="6" '
        'patternTransform="rotate(45)" patternUnits="userSpaceOnUse">'
        '<rect width="6" height="6" class="paper"/>'
        '<rect width="3" height="6" class="bar"/></pattern></defs>',
    ]
    for number, bar in enumerate(columns):
        left, middle = _LEFT + number * width, _LEFT + (number + 0.5) * width
        lower, upper = (room * part / high for part in (bar.value, bar.more))
        box = f'x="{left + width * 0.08:.1f}" width="{width * 0.84:.1f}"'
        if bar.value:
            parts.append(
                f'<rect {box} y="{ground - lower:.1f}" height="{lower:.1f}" '
                'class="bar"/>'
            )
        if bar.more:
            parts.append(
                f'<rect {box} y="{ground - lower - upper:.1f}" height="{upper:.1f}" '
                'class="bar more" fill="url(#hatch)"/>'
            )
        if bar.value + bar.more:
            above = ground - lower - upper - 6
            parts.append(_text(middle, above, str(bar.value + bar.more)))
        if number % every == 0:
            parts.append(_text(middle, ground + 16, bar.label))
    parts.append(
        f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{ground}" y2="{ground}" '
        'class="axis"/>'
    )
    parts.append(_text(_WIDTH / 2, _HEIGHT - 8, below))
    return "".join([*parts, "</svg>"])


def _text(x: float, y: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}">{escape.html(text)}</text>'


def share(reached: float, most: float) -> str:
    """Draws how much of something was reached; beside it stands the number."""
    width = 100 * max(0.0, min(1.0, reached / most if most else 0.0))
    return (
        '<svg viewBox="0 0 100 10" preserveAspectRatio="none" class="share" '
        'aria-hidden="true"><rect width="100" height="10" class="paper"/>'
        f'<rect width="{width:.1f}" height="10" class="bar"/></svg>'
    )
