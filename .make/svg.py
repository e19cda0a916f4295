"""Boxes, arrows, blocks and pages as SVG text, for the figures of the lessons.

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


def frame(x: float, y: float, width: float, height: float) -> str:
    """Returns the pale, dashed ground behind boxes that belong together."""
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{width:g}" height="{height:g}" rx="8" '
        'fill="#fafbfc" stroke="#c9ced6" stroke-dasharray="4 3"/>'
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


def block(
    title: str,
    description: str,
    components: tuple[tuple[str, tuple[Op, ...]], ...],
    branch: tuple[Op, ...] = (),
    branch_label: str = "shortcut, branch 1",
) -> str:
    """Draws a residual block from left to right, its shortcut above.

    Args:
        title: of the figure.
        description: in words, for those who do not see it.
        components: of the main path, each a label and its operations.
        branch: operations on the shortcut, none for an identity.
        branch_label: what is written at the shortcut's beginning, if it has any.
    """
    height, top, gap = 92, 178, 8
    middle = top + height / 2
    above = 78 if branch else 134
    parts, x = [text(20, middle + 5, "X", 16, 600)], 66
    fork = 44
    start = 32
    for label, ops in components:
        width = sum(op.width for op in ops) + gap * (len(ops) - 1)
        parts.append(frame(x - 8, top - 10, width + 16, height + 46))
        parts.append(text(x + width / 2, top + height + 24, label, 14, 600, MUTED))
        parts.append(arrow((start, middle), (x - 1, middle)))
        for op in ops:
            parts.append(box(x, top, op.width, height, op.lines, op.kind))
            x += op.width + gap
        start = x - gap
        x = start + 34
    centre = x + 4
    parts.append(arrow((start, middle), (centre - 16, middle)))
    parts.append(plus(centre, middle))
    parts.append(arrow((centre + 15, middle), (centre + 35, middle)))
    parts.append(box(centre + 36, top, RELU.width, height, RELU.lines, RELU.kind))
    end = centre + 36 + RELU.width
    parts.append(arrow((end, middle), (end + 28, middle)))
    parts.append(text(centre + 30, top + height + 24, "final step", 14, 600, MUTED))
    label = branch_label if branch else "shortcut: X as it is"
    if branch:
        width = sum(op.width for op in branch) + gap * (len(branch) - 1)
        left = (fork + centre - width) / 2
        parts.append(
            arrow(
                (fork, middle),
                (fork, above),
                (left - 1, above),
                colour=SHORTCUT,
                width=2.4,
            )
        )
        right = left
        for op in branch:
            parts.append(box(right, above - 46, op.width, 92, op.lines, op.kind))
            right += op.width + gap
        parts.append(
            arrow(
                (right - gap, above),
                (centre, above),
                (centre, middle - 16),
                colour=SHORTCUT,
                width=2.4,
            )
        )
        parts.append(text((fork + left) / 2, above - 12, label, 15, 600, SHORTCUT))
    else:
        parts.append(
            arrow(
                (fork, middle),
                (fork, above),
                (centre, above),
                (centre, middle - 16),
                colour=SHORTCUT,
                width=2.4,
            )
        )
        parts.append(text((fork + centre) / 2, above - 12, label, 15, 600, SHORTCUT))
    body = "".join(parts)
    shift = 0 if branch else 88
    page_width, page_height = int(end + 40), 324 - shift
    return page(
        page_width,
        page_height,
        title,
        description,
        f'<g transform="translate(0,{-shift})">{body}</g>',
    )
