"""The figures that only lesson 2 has."""

from svg import MUTED, NORM, RELU, arrow, block, box, conv, frame, page, text


def identity_block() -> str:
    """Figure 3: the identity block, its components without names."""
    return block(
        "Identity block",
        "Main path: the first component is Conv2D 1x1 with F1 filters, BatchNorm, "
        "ReLU; the second Conv2D f x f with F2 filters and same padding, BatchNorm, "
        "ReLU; the third Conv2D 1x1 with F3 filters, BatchNorm. The shortcut adds the "
        "unchanged input X, and a last ReLU follows the sum.",
        (
            ("first component", (conv("1×1", "F₁ filters"), NORM, RELU)),
            ("second component", (conv("f×f, same", "F₂ filters"), NORM, RELU)),
            ("third component", (conv("1×1", "F₃ filters"), NORM)),
        ),
    )


def convolutional_block() -> str:
    """Figure 4: the convolutional block, its components without names."""
    return block(
        "Convolutional block",
        "The main path of the identity block, its first Conv2D with stride s. The "
        "shortcut has a Conv2D 1x1 with F3 filters and stride s and a BatchNorm, "
        "without a ReLU; sum and ReLU follow.",
        (
            ("first component", (conv("1×1", "F₁ filters", "stride s"), NORM, RELU)),
            ("second component", (conv("f×f, same", "F₂ filters"), NORM, RELU)),
            ("third component", (conv("1×1", "F₃ filters"), NORM)),
        ),
        (conv("1×1", "F₃ filters", "stride s"), NORM),
    )


def batch_norm_modes() -> str:
    """Figure 2: what normalises in training, and what in inference."""
    parts = []
    for top, name in ((20, "training mode"), (210, "inference mode")):
        training = name == "training mode"
        parts.append(frame(10, top, 700, 165))
        parts.append(text(80, top + 28, name, 15, 600))
        parts.append(box(25, top + 92, 110, 44, ("batch",), "plain"))
        parts.append(
            box(
                300, top + 92, 170, 44, ("normalise, then", "scale and shift"),
                "BatchNorm",
            )
        )  # fmt: skip
        parts.append(box(590, top + 92, 100, 44, ("output",), "plain"))
        parts.append(arrow((135, top + 114), (299, top + 114)))
        parts.append(arrow((470, top + 114), (589, top + 114)))
        parts.append(
            box(
                520, top + 14, 170, 44, ("moving averages", "of mean, variance"),
                "pool",
            )
        )  # fmt: skip
        if training:
            lines = ("mean, variance", "of this batch")
            parts.append(box(215, top + 14, 150, 44, lines, "Conv2D"))
            parts.append(arrow((80, top + 91), (80, top + 42), (214, top + 42)))
            parts.append(arrow((290, top + 58), (350, top + 91)))
            parts.append(arrow((365, top + 30), (519, top + 30)))
            parts.append(text(442, top + 22, "1 % a step", 13, 400, MUTED))
        else:
            parts.append(arrow((560, top + 58), (440, top + 91)))
    return page(
        720,
        395,
        "Batch normalisation in its two modes",
        "In training mode mean and variance of the batch normalise it, and one "
        "hundredth of them goes into the moving averages at each step. In inference "
        "mode the moving averages normalise the batch and stay as they are.",
        "".join(parts),
    )


FIGURES = {
    "batch_norm_modes.svg": batch_norm_modes,
    "identity_block.svg": identity_block,
    "convolutional_block.svg": convolutional_block,
}
