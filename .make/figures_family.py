"""The static figures of lesson 4."""

from svg import (
    MUTED,
    NORM,
    RELU,
    SHORTCUT,
    Op,
    arrow,
    block,
    box,
    conv,
    frame,
    page,
    text,
)

_SHORTCUT = Op("plain", ("shortcut", "A, B or C"), 110)


def shortcuts() -> str:
    """Figure 2: the three options, where dimensions change and where they do not."""

    def row(y: float, name: str, words: str, boxes: list[tuple[str, str]]) -> str:
        parts = [text(34, y + 6, name, 22, 600, SHORTCUT)]
        parts.append(arrow((58, y), (89, y), colour=SHORTCUT, width=2.4))
        x = 90
        for kind, lines in boxes:
            parts.append(box(x, y - 30, 120, 60, lines.split("|"), kind))
            parts.append(arrow((x + 120, y), (x + 149, y), colour=SHORTCUT, width=2.4))
            x += 150
        left = x + 6
        for place, line in enumerate(words.split("|")):
            parts.append(
                f'<text x="{left:g}" y="{y - 2 + 18 * place:g}" font-size="14" '
                f'fill="{MUTED}">{line}</text>'
            )
        return "".join(parts)

    projection = [
        ("Conv2D", "Conv2D|1×1, stride s"),
        ("BatchNorm", "Batch|Norm"),
    ]
    body = frame(84, 22, 282, 252)
    body += text(225, 16, "where dimensions change", 14, 600, MUTED)
    body += text(500, 16, "elsewhere", 14, 600, MUTED)
    zeros = [("pool", "MaxPool|1×1, stride s"), ("plain", "zeros as|new channels")]
    body += row(64, "A", "X as it is|no parameters anywhere", zeros)
    body += row(148, "B", "X as it is|parameters where it changes", projection)
    body += row(232, "C", "the same projection|parameters in each block", projection)
    return page(
        620,
        286,
        "Three shortcuts",
        "Option A: max pooling with window 1 and stride s, then zeros as new channels; "
        "X as it is elsewhere. Option B: a 1x1 convolution with stride s and a batch "
        "normalisation; X as it is elsewhere. Option C: that projection everywhere.",
        body,
    )


def basic_block() -> str:
    """Figure 3: the block of ResNet-18 and ResNet-34."""
    return block(
        "Basic block",
        "Main path: Conv2D 3x3 with stride s, BatchNorm, ReLU, then Conv2D 3x3, "
        "BatchNorm, with the same number of filters. The shortcut of option A, B or C "
        "is added, and a ReLU follows the sum.",
        (
            ("first component", (conv("3×3, same", "filters", "stride s"), NORM, RELU)),
            ("second component", (conv("3×3, same", "filters"), NORM)),
        ),
        (_SHORTCUT,),
        "X",
    )


def bottleneck_block() -> str:
    """Figure 4: the block of ResNet-50, ResNet-101 and ResNet-152."""
    return block(
        "Bottleneck block",
        "Main path: Conv2D 1x1 with stride s, BatchNorm, ReLU, then Conv2D 3x3, "
        "BatchNorm, ReLU, then Conv2D 1x1 with four times as many filters, BatchNorm. "
        "The shortcut is added, and a ReLU follows the sum.",
        (
            ("first component", (conv("1×1", "filters", "stride s"), NORM, RELU)),
            ("second component", (conv("3×3, same", "filters"), NORM, RELU)),
            ("third component", (conv("1×1", "4 × filters"), NORM)),
        ),
        (_SHORTCUT,),
        "X",
    )


_DEPTHS = (18, 34, 50, 101, 152)
_REPEATS = ((2, 2, 2, 2), (3, 4, 6, 3), (3, 4, 6, 3), (3, 4, 23, 3), (3, 8, 36, 3))
_SIZES = ("56×56", "28×28", "14×14", "7×7")


def plan() -> str:
    """Figure 5: table 1 of the paper, a column a network, a row a stage or step."""
    wide, step, left, top = 130, 144, 130, 46
    parts = [text(60, 28, "stage, size", 14, 600, MUTED)]
    for column, depth in enumerate(_DEPTHS):
        centre = left + step * column + wide / 2
        parts.append(text(centre, 28, f"{depth} layers", 16, 600))
    across = step * (len(_DEPTHS) - 1) + wide
    stem = (
        ("112×112", "Conv2D 7×7, 64 filters, stride 2", "Conv2D"),
        ("56×56", "MaxPool 3×3, stride 2", "pool"),
    )
    parts.append(text(26, top + 53, "1", 15, 600))
    y = top
    for size, words, kind in stem:
        parts.append(text(80, y + 25, size, 13, 400, MUTED))
        parts.append(box(left, y, across, 40, [words], kind))
        y += 48
    y += 10
    for stage, size in enumerate(_SIZES):
        parts.append(text(26, y + 42, str(stage + 2), 15, 600))
        parts.append(text(80, y + 42, size, 13, 400, MUTED))
        filters = 64 * 2**stage
        for column, repeats in enumerate(_REPEATS):
            is_basic = column < 2
            kind = "Conv2D" if is_basic else "ReLU"
            name = "basic" if is_basic else "bottleneck"
            widths = f"{filters}" if is_basic else f"{filters} → {4 * filters}"
            lines = [f"{repeats[stage]} × {name}", widths]
            parts.append(box(left + step * column, y, wide, 74, lines, kind))
        y += 92
    head = ["global average pooling, Dense with softmax"]
    parts.append(text(80, y + 29, "1×1", 13, 400, MUTED))
    parts.append(box(left, y, across, 48, head, "pool"))
    return page(
        left + across + 14,
        y + 62,
        "Five networks from one plan",
        "A column for each of 18, 34, 50, 101 and 152 layers. All begin with Conv2D "
        "7x7 and max pooling, and end with global average pooling and a dense layer. "
        "Stages 2 to 5 have 2, 2, 2, 2 basic blocks for 18 layers; 3, 4, 6, 3 for 34; "
        "bottleneck blocks 3, 4, 6, 3 for 50; 3, 4, 23, 3 for 101; 3, 8, 36, 3 for "
        "152, with 64, 128, 256 and 512 filters.",
        "".join(parts),
    )


FIGURES = {
    "shortcuts.svg": shortcuts,
    "basic_block.svg": basic_block,
    "bottleneck_block.svg": bottleneck_block,
    "plan.svg": plan,
}
