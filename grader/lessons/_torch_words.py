"""What the judge says of a layer graph, in PyTorch's words."""

import re
from dataclasses import replace

from grader.judge.finding import Finding
from grader.judge.verdict import Verdict

_PHRASES = (
    (
        r"padding is 'valid', the specification asks for 'same'",
        "padding is 0, the specification asks for 1",
    ),
    (
        r"padding is 'same', the specification asks for 'valid'",
        "padding is more than 0, the specification asks for none",
    ),
    (
        r"is called with training=True, which fixes its mode; the specification "
        r"leaves the mode to the call of the model",
        "takes the batch's own mean and variance in eval mode, too (does it track "
        "running statistics?)",
    ),
    (r"has no name of its own \(Keras called it ('[^']*')\),", r"the name is \1;"),
    (r"\bfilters (is|are) (?=[\d(])", r"out_channels \1 "),
    (r"\bits number of filters does\b", "its out_channels do"),
    (r"\bthere is one layer more than the specification has: ZeroPadding2D "
     r"'padding=(\([^)]*\)) of ([^']*)'", r"the image is padded, by padding=\1 of \2"),
    (r"\bstrides is\b", "stride is"),
    (r"\bs is (?=\d)", "stride is "),
    (r"\bits s does\b", "its stride does"),
    (r"\bepsilon\b", "eps"),
    (r"\buse_bias is False, the specification asks for True",
     "bias is False, the specification asks for a bias"),
    (r"\bunits\b", "out_features"),
    (r"\bpool_size\b", "kernel_size"),
    (r"\bhas trainable=False, so that it would never learn",
     "has a parameter with requires_grad=False, so that it would never learn"),
    (r"use Add\(\)\(\[main, shortcut\]\), or main \+ shortcut", "use main + shortcut"),
    (r"build it from Keras's own layers", "build it from PyTorch's own layers"),
    (r"use Activation\('relu'\)", "use nn.ReLU()"),
    (r"use a (\w+) layer", r"use \1"),
    (r"\bUnknown '([^']*)'", r"\1"),
    (
        r"raises MemoryError: the module has ([\d,]+) parameters",
        r"has \1 parameters, a ResNet-50 some 25 million: count those of each layer",
    ),
    (r"\bConv2D\b", "Conv2d"),
    (r"\bBatchNormalization\b", "BatchNorm2d"),
    (r"\bGlobalAveragePooling2D\b", "AdaptiveAvgPool2d(1)"),
    (r"\bGlobalMaxPooling2D\b", "AdaptiveMaxPool2d(1)"),
    (r"\bAveragePooling2D\b", "AvgPool2d"),
    (r"\bMaxPooling2D\b", "MaxPool2d"),
    (r"\bZeroPadding2D\b", "padding"),
    (r"\bConcatenate\b", "torch.cat"),
    (r"\bDense\b", "Linear"),
    (r"\bPermute\b", "flattening of an image"),
)  # fmt: skip


def _say(text: str) -> str:
    for pattern, words in _PHRASES:
        text = re.sub(pattern, words, text)
    return text


def _finding(finding: Finding) -> Finding:
    message, layer = _say(finding.message), _say(finding.layer)
    return replace(finding, message=message, layer=layer)


def in_torch_words(verdict: Verdict) -> Verdict:
    """The same verdict; layers and hyperparameters have PyTorch's names."""
    return replace(
        verdict,
        findings=tuple(_finding(finding) for finding in verdict.findings),
        notes=tuple(_say(note) for note in verdict.notes),
    )
