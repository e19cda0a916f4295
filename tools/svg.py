"""Boxes, arrows and pages as SVG text, for the figures of the lessons.

SVG is written as text, so that each run gives the same bytes. Every page stands
on a white ground (a notebook may be dark) and bears a title and a description
for those who do not see it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from xml.sax.saxutils import escape

INK, MUTED, SHORTCUT = "#1f2430", "#5b6270", "#b3246b"
FILL = {
    "Conv2D": ("#d6e6fb", "#2f66a8"),
    "BatchNorm": ("#ffe9c7", "#b0731b"),
    "ReLU": ("#d9f0da", "#2f7d34"),
    "pool": ("#e8def7", "#6b42a0"),
    "plain": ("#f1f3f6", "#6b7280"),
}


@dataclass(frozen=True)
class Op:
    """One operation of a path: its kind and the lines written in its box."""

    kind: str
    lines: tuple[str, ...]
    width: int


def conv(*lines: str) -> Op:
    return Op("Conv2D", ("Conv2D", *lines), 86)


NORM = Op("BatchNorm", ("Batch", "Norm"), 58)
RELU = Op("ReLU", ("ReLU",), 50)


def text(x: float, y: float, words: str, size=14, weight=400, fill=INK) -> str:
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size}" font-weight="{weight}" '
        f'fill="{fill}" text-anchor="middle">{escape(words)}</text>'
    )


def box(x, y, width, height, lines: Iterable[str], kind: str, size=14) -> str:
    """Returns a rounded box; its name is bold, its settings are not."""
    fill, stroke = FILL[kind]
    lines = list(lines)
    top = y + height / 2 - (len(lines) - 1) * 9 + 5
    names = len(lines) if kind in ("BatchNorm", "plain") else 1
    written = [
        text(x + width / 2, top + 18 * i, line, size, 600 if i < names else 400)
        for i, line in enumerate(lines)
    ]
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="6" '
        f'fill="{fill}" stroke="{stroke}" stroke-width="1.5"/>' + "".join(written)
    )


def arrow(*points: tuple[float, float], colour=INK, width=1.6) -> str:
    """Returns a line through `points` with a head at its end."""
    path = " ".join(f"{x:g},{y:g}" for x, y in points)
    head = "head-shortcut" if colour == SHORTCUT else "head"
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" '
        f'stroke-width="{width}" stroke-linejoin="round" marker-end="url(#{head})"/>'
    )


def plus(x: float, y: float) -> str:
    """Returns the sign of a sum, centred on (x, y)."""
    return (
        f'<circle cx="{x:g}" cy="{y:g}" r="15" fill="#ffffff" stroke="{INK}" '
        f'stroke-width="1.6"/><path d="M{x - 8:g} {y:g}H{x + 8:g}M{x:g} {y - 8:g}'
        f'V{y + 8:g}" stroke="{INK}" stroke-width="1.6"/>'
    )


def page(width: int, height: int, title: str, description: str, body: str) -> str:
    """Returns the SVG document."""
    heads = "".join(
        f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" '
        f'markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" '
        f'orient="auto"><path d="M0 0L10 5L0 10z" fill="{colour}"/></marker>'
        for name, colour in (("head", INK), ("head-shortcut", SHORTCUT))
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" role="img" '
        'font-family="Helvetica, Arial, DejaVu Sans, sans-serif">'
        f"<title>{escape(title)}</title><desc>{escape(description)}</desc>"
        f"<defs>{heads}</defs>"
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>'
        f"{body}</svg>\n"
    ).replace("><", ">\n<")
