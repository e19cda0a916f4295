"""PyTorch's words for layers and hyperparameters."""

from collections.abc import Callable, Mapping

from grader.judge.network.dialect import Dialect
from grader.judge.network.rows import Row
from grader.judge.network.sentences import block, said, window


def _own(row: Row) -> str:
    """The layer's name within its module."""
    return f"`{row.name.removeprefix('{path}')}`"


def _conv(row: Row) -> str:
    size, stride = window(row, "kernel_size"), row.settings.get("strides", 1)
    found = f"{_own(row)}: `nn.Conv2d` to {said(row, 'filters')} channels, {size}"
    if stride != 1:
        found += f", stride={said(row, 'strides')}"
    return found + (", padding=1" if row.settings.get("padding") == "same" else "")


_SENTENCES: Mapping[str, Callable[[Row], str]] = {
    "Conv2D": _conv,
    "BatchNormalization": lambda row: f"{_own(row)}: `nn.BatchNorm2d` with `eps=1e-3`",
    "ReLU": lambda row: "ReLU",
    "Softmax": lambda row: "softmax over the classes, `dim=1`",
    "Add": lambda row: "the main path and the shortcut are added",
    "ZeroPadding2D": lambda row: f"padding by {row.settings['padding']} on each side",
    "MaxPooling2D": lambda row: (
        f"max pooling over {window(row, 'pool_size')} with stride "
        f"{row.settings['strides']}, without padding"
    ),
    "GlobalAveragePooling2D": lambda row: (
        "global average pooling: the mean over height and width"
    ),
    "Dense": lambda row: f"{_own(row)}: `nn.Linear` to one number a class",
    "Block": lambda row: f"{_own(row)}: {block(row)}",
}
TORCH = Dialect(
    library="PyTorch",
    sentences={
        kind: lambda row, table, say=say: say(row) for kind, say in _SENTENCES.items()
    },
    kinds={
        "Conv2D": "Conv2d",
        "BatchNormalization": "BatchNorm2d",
        "GlobalAveragePooling2D": "AdaptiveAvgPool2d(1)",
        "GlobalMaxPooling2D": "AdaptiveMaxPool2d(1)",
        "AveragePooling2D": "AvgPool2d",
        "MaxPooling2D": "MaxPool2d",
        "ZeroPadding2D": "padding",
        "Concatenate": "torch.cat",
        "Dense": "Linear",
        "Permute": "flattening of an image",
        "Unknown": "",
    },
    settings={
        "filters": "out_channels",
        "strides": "stride",
        "s": "stride",
        "epsilon": "eps",
        "center": "affine",
        "scale": "affine",
        "use_bias": "bias",
        "axis": "dim",
        "units": "out_features",
        "pool_size": "kernel_size",
        "max_value": "",
        "negative_slope": "",
        "threshold": "",
    },
    says={
        ("padding", "'same'"): (
            ": padding is more than 0, the specification asks for none"
        ),
        ("training", "True"): (
            " takes the batch's own mean and variance in eval mode, too (does it track "
            "running statistics?)"
        ),
        ("use_bias", "False"): (": bias is False, the specification asks for a bias"),
        ("trainable", "False"): (
            " has a parameter with requires_grad=False, so that it would never learn"
        ),
    },
    values={"same": "1", "valid": "0"},
    instead={
        "Add": "main + shortcut",
        "relu": "nn.ReLU()",
        "softmax": "torch.softmax(..., dim=1)",
    },
    any_layer="{}",
    extra={"ZeroPadding2D": "the image is padded, by {}"},
    names_itself=False,
)
