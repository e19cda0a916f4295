"""Draws the static figures of lesson 5: a block's parts, padding, a kernel's axes."""

from svg import (
    INK,
    MUTED,
    NORM,
    RELU,
    SHORTCUT,
    arrow,
    box,
    conv,
    frame,
    page,
    plus,
    text,
)

_GAP = 8


def parts() -> str:
    """Figure 1: a bottleneck block, and how the lesson calls its parts."""
    components = (
        ("first", (conv("1×1", "F₁ filters"), NORM, RELU)),
        ("second", (conv("3×3", "F₂ filters"), NORM, RELU)),
        ("third", (conv("1×1", "F₃ filters"), NORM)),
    )
    top, height, above = 196, 92, 34
    middle, fork, x, start = top + height / 2, 44, 66, 32
    body = [text(20, middle + 5, "X", 16, 600)]
    for label, ops in components:
        width = sum(op.width for op in ops) + _GAP * (len(ops) - 1)
        body.append(frame(x - 8, top - 10, width + 16, height + 46))
        body.append(text(x + width / 2, top + height + 24, label, 14, 600, MUTED))
        body.append(arrow((start, middle), (x - 1, middle)))
        for op in ops:
            body.append(box(x, top, op.width, height, op.lines, op.kind))
            x += op.width + _GAP
        start = x - _GAP
        x = start + 34
    centre = x + 4
    body.append(arrow((start, middle), (centre - 16, middle)))
    body.append(plus(centre, middle))
    body.append(text(centre, top + height + 24, "merge", 14, 600, MUTED))
    body.append(arrow((centre + 15, middle), (centre + 45, middle)))
    body.append(box(centre + 46, top, RELU.width, height, RELU.lines, RELU.kind))
    end = centre + 46 + RELU.width
    body.append(text(end - RELU.width / 2, top + height + 24, "end", 14, 600, MUTED))
    body.append(arrow((end, middle), (end + 28, middle)))
    width = 86 + _GAP + NORM.width
    left = (fork + centre - width) / 2
    line = above + height / 2
    body.append(frame(left - 8, above - 10, width + 16, height + 46))
    body.append(
        text(left + width / 2, above + height + 24, "shortcut", 14, 600, SHORTCUT)
    )
    corner = [(fork, middle), (fork, line), (left - 9, line)]
    body.append(arrow(*corner, colour=SHORTCUT, width=2.4))
    op = conv("1×1", "F₃ filters")
    body.append(box(left, above, op.width, height, op.lines, op.kind))
    body.append(box(left + 86 + _GAP, above, NORM.width, height, NORM.lines, NORM.kind))
    right = [(left + width + 9, line), (centre, line), (centre, middle - 16)]
    body.append(arrow(*right, colour=SHORTCUT, width=2.4))
    body.append(text(left + width + 110, above + 34, "or X as it is", 14, 400, MUTED))
    return page(
        int(end + 40),
        340,
        "A bottleneck block and the names of its parts",
        "Main path: first is Conv2D 1x1, BatchNorm, ReLU; second is Conv2D 3x3, "
        "BatchNorm, ReLU; third is Conv2D 1x1, BatchNorm. The shortcut is a Conv2D "
        "1x1 and a BatchNorm, or the input as it is. Merge is a sum, end a ReLU.",
        "".join(body),
    )


def _pixels(left: float, title: str, zeros: tuple[int, int]) -> str:
    """Eight pixels with zeros before and after, and the windows over them."""
    size, top = 32, 74
    cells = ["0"] * zeros[0] + [str(n) for n in range(1, 9)] + ["0"] * zeros[1]
    out = [text(left + len(cells) * size / 2, 34, title, 16, 600)]
    for place, label in enumerate(cells):
        kind = "plain" if label == "0" else "Conv2D"
        x = left + place * size
        out.append(box(x + 1, top, size - 2, 34, ("",), kind))
        colour = MUTED if label == "0" else INK
        out.append(text(x + size / 2, top + 22, label, 14, 600, colour))
    for window in range((len(cells) - 3) // 2 + 1):
        x = left + 2 * window * size
        y = top + 50 + 22 * (window % 2)
        out.append(
            f'<path d="M{x + 4:g} {y:g}v6h{3 * size - 8:g}v-6" fill="none" '
            f'stroke="{SHORTCUT}" stroke-width="2"/>'
        )
    return "".join(out)


def same_padding() -> str:
    """Figure 4: where windows lie with stride 2, in Keras and in PyTorch."""
    return page(
        700,
        170,
        "Padding with a stride of 2, in Keras and in PyTorch",
        "Eight pixels, windows of three, stride two. Keras's same adds one zero at "
        "the end: windows begin at pixels 1, 3, 5 and 7. PyTorch's padding 1 adds a "
        "zero on both sides: windows begin at the first zero, at pixels 2, 4 and 6.",
        _pixels(24, 'Keras: "same"', (0, 1))
        + _pixels(356, "PyTorch: padding=1", (1, 1)),
    )


def kernel_axes() -> str:
    """Figure 5: where each axis of a kernel goes."""
    keras, torch = ("height", "width", "in", "out"), ("out", "in", "height", "width")
    wide, step, left, upper, lower = 96, 116, 130, 24, 134
    out = [
        text(64, upper + 25, "Keras", 16, 600),
        text(64, lower + 25, "PyTorch", 16, 600),
    ]
    for place, name in enumerate(keras):
        x = left + place * step
        kind = "Conv2D" if name in ("height", "width") else "BatchNorm"
        out.append(box(x, upper, wide, 38, (name,), kind))
        target = left + torch.index(name) * step
        start, end = (x + wide / 2, upper + 38), (target + wide / 2, lower - 1)
        colour = SHORTCUT if name in ("in", "out") else INK
        out.append(arrow(start, end, colour=colour, width=2))
    for place, name in enumerate(torch):
        kind = "Conv2D" if name in ("height", "width") else "BatchNorm"
        out.append(box(left + place * step, lower, wide, 38, (name,), kind))
    return page(
        left + 4 * step,
        196,
        "The axes of a convolution's kernel",
        "Keras: height, width, in, out. PyTorch: out, in, height, width. Arrows lead "
        "from each axis to its place in the other order.",
        "".join(out),
    )


FIGURES = {
    "parts.svg": parts,
    "same_padding.svg": same_padding,
    "kernel_axes.svg": kernel_axes,
}
