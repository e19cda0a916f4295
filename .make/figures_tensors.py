"""The figures of lesson 3: scopes, padding, the bottleneck and ResNet-50's shapes."""

from svg import INK, MUTED, SHORTCUT, arrow, box, frame, page, plus, text

WEIGHT, POOL = "Conv2D", "pool"
#: Of figure 1: the scopes of one level, and what lies in them.
TREE = (
    ("conv1", ("kernel",)),
    ("bn1", ("beta, gamma,", "moving_mean,", "moving_variance")),
    ("block2", ()),
    ("block3, 4, 5", ("...",)),
    ("fc6", ("weight, bias",)),
)
INNER = (
    ("bottleneck1", ("conv_1 ... conv_4,", "bn_1 ... bn_4")),
    ("bottleneck2", ("conv_1 ... conv_3,", "bn_1 ... bn_3")),
    ("bottleneck3", ("...",)),
)


def scopes() -> str:
    """Figure 1: the tree of scopes of ResNet-50."""
    parts = [box(16, 160, 104, 40, ("resnet50",), "plain")]
    for number, (name, variables) in enumerate(TREE):
        y = 16 + 72 * number
        middle = y + 20
        parts.append(arrow((120, 180), (146, 180), (146, middle), (168, middle)))
        parts.append(box(170, y, 116, 40, (name,), "BatchNorm"))
        if variables:
            parts.append(arrow((286, middle), (312, middle)))
            top = middle - 9 * len(variables)
            for line, words in enumerate(variables):
                parts.append(text(376, top + 14 + 18 * line, words, 13, 400, MUTED))
    for number, (name, variables) in enumerate(INNER):
        y = 60 + 92 * number
        middle = y + 20
        parts.append(arrow((286, 180), (460, 180), (460, middle), (486, middle)))
        parts.append(box(488, y, 116, 40, (name,), "BatchNorm"))
        parts.append(arrow((604, middle), (630, middle)))
        top = middle - 9 * len(variables)
        for line, words in enumerate(variables):
            parts.append(text(704, top + 14 + 18 * line, words, 13, 400, MUTED))
    path = "resnet50/block2/bottleneck1/conv_1/kernel"
    parts.append(text(600, 350, path, 14, 600))
    return page(
        790,
        376,
        "The tree of scopes of ResNet-50",
        "resnet50 branches into conv1 with kernel, bn1 with beta, gamma, moving_mean "
        "and moving_variance, block2 with bottleneck1 to bottleneck3, which hold "
        "conv_1, bn_1 and so on, blocks 3 to 5, and fc6 with weight and bias.",
        "".join(parts),
    )


def _pixels(left: float, y: float, padded: int) -> list[str]:
    cells = []
    for place in range(6 + padded):
        kind = "Conv2D" if place < 6 else "plain"
        words = str(place + 1) if place < 6 else "0"
        cells.append(box(left + 48 * place, y, 44, 36, (words,), kind))
    return cells


def _window(left: float, y: float, start: int, number: int) -> str:
    """Returns a bracket under three pixels."""
    x, end = left + 48 * start + 4, left + 48 * (start + 3) - 8
    down = y + 46 + 10 * (number % 2)
    return (
        f'<polyline points="{x:g},{y + 40:g} {x:g},{down:g} {end:g},{down:g} '
        f'{end:g},{y + 40:g}" fill="none" stroke="{SHORTCUT}" stroke-width="2.4"/>'
        + text((x + end) / 2, y + 74, f"window {number + 1}", 13, 600, SHORTCUT)
    )


def padding() -> str:
    """Figure 2: 'VALID' and 'SAME' on six pixels."""
    left = 110
    parts = [text(52, 60, "'VALID'", 16, 600), text(52, 180, "'SAME'", 16, 600)]
    parts += _pixels(left, 36, 0)
    parts += [_window(left, 36, 2 * n, n) for n in range(2)]
    parts += _pixels(left, 156, 1)
    parts += [_window(left, 156, 2 * n, n) for n in range(3)]
    parts.append(text(540, 60, "2 numbers", 14, 600))
    parts.append(text(540, 180, "3 numbers", 14, 600))
    return page(
        600,
        250,
        "'VALID' and 'SAME' padding",
        "Six pixels, windows of three with stride two. 'VALID': two windows fit, and "
        "the sixth pixel is not seen. 'SAME': one zero stands at the end, and three "
        "windows fit.",
        "".join(parts),
    )


#: Of figure 4: boxes of the main path, their kinds and lines.
PATH = (
    (WEIGHT, ("conv_1", "1×1, h_out", "stride s")),
    ("BatchNorm", ("bn_1",)),
    ("ReLU", ("ReLU",)),
    (WEIGHT, ("conv_2", "3×3, h_out", "stride 1")),
    ("BatchNorm", ("bn_2",)),
    ("ReLU", ("ReLU",)),
    (WEIGHT, ("conv_3", "1×1, n_out", "stride 1")),
    ("BatchNorm", ("bn_3",)),
)


def bottleneck() -> str:
    """Figure 4: the bottleneck with its optional projection."""
    top, height = 190, 84
    middle, above = top + height / 2, 78
    parts, x, start = [text(18, middle + 5, "x", 16, 600)], 58, 28
    for kind, lines in PATH:
        width = 92 if kind == WEIGHT else 54
        parts.append(arrow((start, middle), (x - 1, middle)))
        parts.append(box(x, top, width, height, lines, kind))
        start, x = x + width, x + width + 22
    centre = x + 8
    parts.append(arrow((start, middle), (centre - 16, middle)))
    parts.append(plus(centre, middle))
    parts.append(arrow((centre + 15, middle), (centre + 35, middle)))
    parts.append(box(centre + 36, top, 54, height, ("ReLU",), "ReLU"))
    end = centre + 90
    parts.append(arrow((end, middle), (end + 26, middle)))
    fork, left = 42, 300
    parts.append(frame(left - 12, above - 56, 190, 112))
    parts.append(
        arrow((fork, middle), (fork, above), (left - 1, above), colour=SHORTCUT,
              width=2.4)
    )  # fmt: skip
    lines = ("conv_4", "1×1, n_out", "stride s")
    parts.append(box(left, above - 42, 92, 84, lines, WEIGHT))
    parts.append(arrow((left + 92, above), (left + 111, above)))
    parts.append(box(left + 112, above - 42, 54, 84, ("bn_4",), "BatchNorm"))
    parts.append(
        arrow((left + 166, above), (centre, above), (centre, middle - 16),
              colour=SHORTCUT, width=2.4)
    )  # fmt: skip
    note = "only where n_in is not n_out"
    parts.append(text(left + 84, above + 74, note, 13, 400, MUTED))
    parts.append(text(150, above - 12, "shortcut", 15, 600, SHORTCUT))
    return page(
        int(end + 38),
        300,
        "The bottleneck",
        "Main path: conv_1 (1x1, h_out, stride s), bn_1, ReLU, conv_2 (3x3, h_out), "
        "bn_2, ReLU, conv_3 (1x1, n_out), bn_3. The shortcut has conv_4 (1x1, n_out, "
        "stride s) and bn_4 where the channels change. Sum and ReLU follow.",
        "".join(parts),
    )


#: Of figure 5: boxes of each step, from top to bottom, and the shape after it.
STEPS = (
    ((("plain", ("input",)),), "224×224×3"),
    (((WEIGHT, ("conv1", "7×7, s 2")), ("BatchNorm", ("bn1",)), ("ReLU", ("ReLU",))),
     "112×112×64"),
    (((POOL, ("maxpool1", "3×3, s 2")),), "56×56×64"),
    (((WEIGHT, ("block2", "3 bottlenecks")),), "56×56×256"),
    (((WEIGHT, ("block3", "4 bottlenecks")),), "28×28×512"),
    (((WEIGHT, ("block4", "6 bottlenecks")),), "14×14×1024"),
    (((WEIGHT, ("block5", "3 bottlenecks")),), "7×7×2048"),
    (((POOL, ("avgpool5", "7×7")),), "1×1×2048"),
    (((WEIGHT, ("fc6",)), ("plain", ("softmax",))), "1000"),
)  # fmt: skip


def resnet50() -> str:
    """Figure 5: ResNet-50 with the shape after each step."""
    gap, middle = 18, 110
    parts, x, leaves = [], 14, middle
    for index, (boxes, shape) in enumerate(STEPS):
        wide = 72 if ("plain" in dict(boxes)) else 92
        tall = [48 if len(lines) > 1 else 36 for _, lines in boxes]
        y = middle - (sum(tall) + 18 * (len(boxes) - 1)) / 2
        # the data enter a step at its first box and leave it at its last
        enters = y + tall[0] / 2
        if index:
            turn = x - gap / 2 - 1
            way = [(turn, leaves), (turn, enters)] if leaves != enters else []
            parts.append(arrow((x - gap + 1, leaves), *way, (x - 1, enters), width=2))
        for place, ((kind, lines), height) in enumerate(zip(boxes, tall, strict=True)):
            parts.append(box(x, y, wide, height, lines, kind, 12))
            leaves = y + height / 2
            y += height
            if place + 1 < len(boxes):
                parts.append(arrow((x + wide / 2, y), (x + wide / 2, y + 17)))
                y += 18
        parts.append(text(x + wide / 2, 218, shape, 13, 600, INK))
        x += wide + gap
    end = x - gap + 14
    parts.append(text(end / 2, 242, "shape of an image after each step", 13, 400,
                      MUTED))  # fmt: skip
    return page(
        end,
        260,
        "ResNet-50 and the shape after each step",
        "Input 224x224x3; conv1, bn1 and ReLU to 112x112x64; maxpool1 to 56x56x64; "
        "block2 to 56x56x256; block3 to 28x28x512; block4 to 14x14x1024; block5 to "
        "7x7x2048; avgpool5 to 1x1x2048; fc6 and softmax to 1000 numbers.",
        "".join(parts),
    )


FIGURES = {
    "scopes.svg": scopes,
    "padding.svg": padding,
    "bottleneck.svg": bottleneck,
    "resnet50.svg": resnet50,
}
