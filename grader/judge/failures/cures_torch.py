"""Exceptions of PyTorch."""

import re

from grader.judge.failures.cure import Cure

#: Keras's keywords, and others, where PyTorch has its own
_TORCH = {
    "filters": "out_channels",
    "strides": "stride",
    "use_bias": "bias",
    "epsilon": "eps",
    "units": "out_features",
    "pool_size": "kernel_size",
    "kernel_initializer": "",
}


def _keyword(match: re.Match[str], line: str) -> str:
    """A keyword that is not there: it has another name in this library."""
    layer, keyword = match[1], match[2]
    name = f"gives {layer} the argument `{keyword}`, which it does not have"
    now = _TORCH.get(keyword)
    return f"{name}: in PyTorch it is called `{now}`" if now else name


CURES = (
    Cure(
        "MemoryError",
        r"the module has ([\d,]+) parameters(?:, ([\d,]+) of them in ([\w.]+))?",
        lambda match, line: (
            f"has {match[1]} parameters, a ResNet-50 some 25 million: "
            + (
                f"`{match[3]}` alone has {match[2]}"
                if match[3]
                else "count those of each layer"
            )
        ),
        quoted=False,
    ),
    Cure(
        "NotImplementedError",
        r'missing the required "forward"',
        "has no method `forward(self, x)`, or it is not indented as a method is",
        quoted=False,
    ),
    Cure(
        "RuntimeError",
        r"size of tensor a .* must match the size of tensor b",
        "adds tensors of different shapes",
        "Compare the strides, the padding and the number of channels of the two paths "
        "that meet in the sum",
    ),
    Cure(
        "RuntimeError",
        r"expected input.* to have \d+ channels, but got",
        "hands a convolution another number of channels than its in_channels: it takes "
        "as many as the layer before gives",
    ),
    Cure(
        "RuntimeError",
        r"running_mean should contain",
        "hands a batch normalisation another number of channels than it was made for: "
        "BatchNorm2d takes as many as the layer before gives",
    ),
    Cure(
        "RuntimeError",
        r"mat1 and mat2 shapes cannot be multiplied",
        "hands a linear layer another number of features than its in_features",
        "Is the image averaged and flattened before?",
    ),
    Cure(
        "AttributeError",
        r"cannot assign module before Module\.__init__",
        "sets a layer before `super().__init__()` was called: that is the first line "
        "of __init__",
        quoted=False,
    ),
    Cure(
        "AttributeError",
        r"module 'torch\.nn[\w.]*' has no attribute",
        "looks for a name in torch.nn that is not there",
        "PyTorch's layers are "
        "nn.Conv2d, nn.BatchNorm2d, nn.ReLU, nn.MaxPool2d, nn.AvgPool2d and nn.Linear",
        quoted=False,
    ),
    Cure(
        "TypeError",
        r"forward\(\) takes \d+ positional arguments? but",
        "has a method forward that does not take the tensor: it begins with "
        "`def forward(self, x)`",
        quoted=False,
    ),
    Cure(
        "TypeError",
        r"(Conv2d|BatchNorm2d|Linear|\w+Pool2d|ReLU|Module)\.__init__\(\) got an "
        r"unexpected keyword argument '(\w+)'",
        _keyword,
        quoted=False,
    ),
    Cure(
        "RuntimeError",
        r"Kernel size can't be greater|Output size is too small",
        "shrinks the image until nothing is left for the next window",
        "Compare strides and padding with the specification",
    ),
)
