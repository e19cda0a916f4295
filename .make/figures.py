"""Draws the static figures of the lessons: `python .make/figures.py`.

python .make/figures.py            writes them
python .make/figures.py --check    fails where one on disk is stale
"""

import argparse
import sys
from pathlib import Path

import figures_almost
import figures_family
import figures_tensors
import figures_training
from svg import (
    MUTED,
    NORM,
    RELU,
    SHORTCUT,
    arrow,
    block,
    box,
    conv,
    frame,
    page,
    plus,
    text,
)

ROOT = Path(__file__).resolve().parents[1]
LESSON_1 = ROOT / "solutions" / "01_residual_networks" / "figures"
LESSON_2 = ROOT / "solutions" / "02_training_resnets" / "figures"
LESSON_3 = ROOT / "solutions" / "03_resnet_from_tensors" / "figures"
LESSON_4 = ROOT / "solutions" / "04_resnet_family" / "figures"
LESSON_5 = ROOT / "solutions" / "05_almost_a_resnet" / "figures"


def shortcut() -> str:
    """Figure 2: the same two layers, plain and with a shortcut."""

    def column(centre: float, name: str, has_shortcut: bool) -> str:
        left = centre - 70
        boxes = [
            (70, 40, ("weight layer",), "Conv2D"),
            (135, 34, ("ReLU",), "ReLU"),
            (194, 40, ("weight layer",), "Conv2D"),
            (318, 34, ("ReLU",), "ReLU"),
        ]
        parts = [text(centre, 28, name, 16, 600), text(centre - 14, 56, "x", 15)]
        parts += [box(left, y, 140, h, words, kind) for y, h, words, kind in boxes]
        parts += [
            arrow((centre, 42), (centre, 69)),
            arrow((centre, 110), (centre, 134)),
        ]
        parts += [arrow((centre, 169), (centre, 193))]
        parts += [arrow((centre, 352), (centre, 388))]
        if not has_shortcut:
            parts.append(arrow((centre, 234), (centre, 317)))
            parts.append(text(centre + 26, 258, "F(x)", 15))
            return "".join(parts)
        parts.append(arrow((centre, 234), (centre, 260)))
        parts.append(plus(centre, 276))
        parts.append(arrow((centre, 291), (centre, 317)))
        side = centre + 118
        parts.append(
            arrow(
                (centre, 55),
                (side, 55),
                (side, 276),
                (centre + 16, 276),
                colour=SHORTCUT,
                width=2.4,
            )
        )
        parts.append(text(centre - 28, 254, "F(x)", 15))
        parts.append(text(centre - 42, 308, "F(x) + x", 15))
        parts.append(text(side + 52, 162, "shortcut", 15, 600, SHORTCUT))
        parts.append(text(side + 52, 182, "carries x", 14, 400, SHORTCUT))
        return "".join(parts)

    return page(
        620,
        400,
        "Two layers, plain and residual",
        "Left, a plain pair of weight layers with ReLUs. Right, the same pair with "
        "a shortcut that carries the input x past both and adds it to F(x) before "
        "the last ReLU.",
        column(140, "plain", False) + column(400, "residual", True),
    )


def identity_block_two() -> str:
    """Figure 3: an identity block whose shortcut skips two layers."""
    return block(
        "Identity block that skips two layers",
        "Main path: Conv2D, BatchNorm, ReLU, then Conv2D, BatchNorm. The shortcut "
        "adds the unchanged input X, and a last ReLU follows the sum.",
        (
            ("first component", (conv(), NORM, RELU)),
            ("second component", (conv(), NORM)),
        ),
    )


def identity_block() -> str:
    """Figure 4: the identity block that the learner writes."""
    return block(
        "Identity block that skips three layers",
        "Main path: 2a is Conv2D 1x1 with F1 filters, BatchNorm, ReLU; 2b is Conv2D "
        "f x f with F2 filters and same padding, BatchNorm, ReLU; 2c is Conv2D 1x1 "
        "with F3 filters, BatchNorm. The shortcut adds the unchanged input X, and a "
        "last ReLU follows the sum.",
        (
            ("component 2a", (conv("1×1", "F₁ filters"), NORM, RELU)),
            ("component 2b", (conv("f×f, same", "F₂ filters"), NORM, RELU)),
            ("component 2c", (conv("1×1", "F₃ filters"), NORM)),
        ),
    )


def convolutional_block() -> str:
    """Figure 5: the convolutional block that the learner writes."""
    return block(
        "Convolutional block",
        "The main path of the identity block, its first Conv2D with stride s. The "
        "shortcut has a Conv2D 1x1 with F3 filters and stride s and a BatchNorm, "
        "without a ReLU; sum and ReLU follow.",
        (
            ("component 2a", (conv("1×1", "F₁ filters", "stride s"), NORM, RELU)),
            ("component 2b", (conv("f×f, same", "F₂ filters"), NORM, RELU)),
            ("component 2c", (conv("1×1", "F₃ filters"), NORM)),
        ),
        (conv("1×1", "F₃ filters", "stride s"), NORM),
    )


# Of figure 6: title, boxes (kind and lines, split at "|"), lines below.
Column = tuple[str, list[tuple[str, str]], str]


def _stage(name: str, repeats: int, shape: str) -> Column:
    boxes = [("Conv2D", "conv block"), ("ReLU", f"ID block × {repeats}")]
    return name, boxes, shape


COLUMNS = [
    ("", [("plain", "input"), ("plain", "zero|padding")], "64×64×3|70×70×3"),
    (
        "stage 1",
        [
            ("Conv2D", "Conv2D|7×7, 64"),
            ("BatchNorm", "BatchNorm"),
            ("ReLU", "ReLU"),
            ("pool", "MaxPool|3×3"),
        ],
        "15×15×64",
    ),
    _stage("stage 2", 2, "15×15×256"),
    _stage("stage 3", 3, "8×8×512"),
    _stage("stage 4", 5, "4×4×1024"),
    _stage("stage 5", 2, "2×2×2048"),
    (
        "",
        [("pool", "AvgPool|2×2"), ("plain", "Flatten"), ("Conv2D", "Dense|softmax")],
        "6 numbers",
    ),
]


def resnet50() -> str:
    """Figure 6: ResNet50 by stages, with the shape after each."""
    parts, x = [], 16
    top, bottom, wide = 50, 300, 104
    for index, (name, ops, shapes) in enumerate(COLUMNS):
        parts.append(text(x + wide / 2, 32, name, 15, 600))
        tall = [48 if "|" in lines else 40 for _, lines in ops]
        space = 20
        y = (top + bottom - sum(tall) - space * (len(ops) - 1)) / 2
        parts.append(frame(x - 6, top - 8, wide + 12, bottom - top + 16))
        for place, ((kind, lines), h) in enumerate(zip(ops, tall, strict=True)):
            parts.append(box(x, y, wide, h, lines.split("|"), kind))
            y += h
            if place + 1 < len(ops):
                parts.append(arrow((x + wide / 2, y), (x + wide / 2, y + space - 1)))
                y += space
        for line, shape in enumerate(shapes.split("|")):
            parts.append(
                text(x + wide / 2, bottom + 30 + 18 * line, shape, 13, 400, MUTED)
            )
        if index + 1 < len(COLUMNS):
            parts.append(arrow((x + wide + 7, 175), (x + wide + 21, 175), width=2))
        x += wide + 28
    return page(
        x + 4 - 14,
        360,
        "ResNet50 by stages",
        "Input 64x64x3, zero padding to 70x70x3, stage 1 (Conv2D 7x7, BatchNorm, "
        "ReLU, MaxPool) to 15x15x64, stages 2 to 5 with one convolutional block "
        "each and 2, 3, 5 and 2 identity blocks, to 15x15x256, 8x8x512, 4x4x1024 "
        "and 2x2x2048, then AvgPool, Flatten and Dense with softmax to 6 numbers.",
        "".join(parts),
    )


FIGURES = {
    LESSON_1 / "shortcut.svg": shortcut,
    LESSON_1 / "identity_block_two.svg": identity_block_two,
    LESSON_1 / "identity_block.svg": identity_block,
    LESSON_1 / "convolutional_block.svg": convolutional_block,
    LESSON_1 / "resnet50.svg": resnet50,
    LESSON_2 / "resnet50.svg": resnet50,
    **{LESSON_2 / name: draw for name, draw in figures_training.FIGURES.items()},
    **{LESSON_3 / name: draw for name, draw in figures_tensors.FIGURES.items()},
    **{LESSON_4 / name: draw for name, draw in figures_family.FIGURES.items()},
    **{LESSON_5 / name: draw for name, draw in figures_almost.FIGURES.items()},
}


def stale() -> list[Path]:
    """Returns the figures on disk that differ from what this file draws."""
    return [
        path
        for path, draw in FIGURES.items()
        if not path.exists() or path.read_text(encoding="utf-8") != draw()
    ]


def main() -> int:
    """Writes the figures, or with `--check` names the stale ones."""
    parser = argparse.ArgumentParser(description="draws the lessons' static figures")
    parser.add_argument("--check", action="store_true", help="write nothing")
    if parser.parse_args().check:
        for path in stale():
            print(f"stale: {path.relative_to(ROOT)} (run: python .make/figures.py)")
        return 1 if stale() else 0
    for path, draw in FIGURES.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(draw(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
