"""Words and names for the layers of a draft."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from grader.judge.network.graph import Graph, Node
from grader.judge.network.kinds import ACTIVATIONS, KINDS, options
from grader.judge.network.primitives import PRIMITIVES

#: What layers are called in labels, where their kind is no word for it.
_WORDS: Mapping[str, str] = {
    "Conv2D": "convolution",
    "DepthwiseConv2D": "depthwise convolution",
    "SeparableConv2D": "separable convolution",
    "Conv2DTranspose": "transposed convolution",
    "Dense": "dense layer",
    "BatchNormalization": "batch normalisation",
    "LayerNormalization": "layer normalisation",
    "GroupNormalization": "group normalisation",
    "Add": "addition",
    "Subtract": "subtraction",
    "Multiply": "multiplication",
    "Average": "average",
    "Maximum": "maximum",
    "Minimum": "minimum",
    "Concatenate": "concatenation",
    "ZeroPadding2D": "zero padding",
    "Cropping2D": "cropping",
    "UpSampling2D": "upsampling",
    "MaxPooling2D": "max pooling",
    "AveragePooling2D": "average pooling",
    "GlobalAveragePooling2D": "global average pooling",
    "GlobalMaxPooling2D": "global max pooling",
    "Flatten": "flattening",
    "Reshape": "reshaping",
    "Dropout": "dropout",
    "SpatialDropout2D": "spatial dropout",
    "Softmax": "softmax",
}
#: The same of activations.
_FUNCTIONS = {
    "relu6": "ReLU6",
    "gelu": "GELU",
    "selu": "SELU",
    "silu": "SiLU",
    "hard_silu": "hard SiLU",
    "hard_sigmoid": "hard sigmoid",
}
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh")
_OTHER_NAMES = ("activation=", "add", "relu", "softmax")


def labels_of(graph: Graph) -> dict[int, str]:
    """A label for each node, in words: "the second convolution"."""
    nouns = {index: _noun(graph.nodes[index]) for index in graph.order}
    every = list(nouns.values())
    counts: dict[str, int] = {}
    labels = {}
    for index, noun in nouns.items():
        counts[noun] = number = counts.get(noun, 0) + 1
        if every.count(noun) == 1:
            labels[index] = f"the {noun}"
        elif number <= len(_ORDINALS):
            labels[index] = f"the {_ORDINALS[number - 1]} {noun}"
        else:
            labels[index] = f"the {noun} no. {number}"
    return labels


def _noun(node: Node) -> str:
    kind = kind_of(node)
    if kind == "Activation":
        function = str(node.attrs.get("activation"))
        return _FUNCTIONS.get(function, function)
    return _WORDS.get(kind, kind)


def kind_of(node: Node) -> str:
    """The kind of row that a layer is."""
    if node.kind == "Unknown":
        return str(node.attrs.get("class", node.kind))
    if node.kind == "Activation":
        function = str(node.attrs.get("activation"))
        kinds = {own: kind for kind, own in ACTIVATIONS.items()}
        beside = node.attrs.keys() - {"activation"} - options(function).keys()
        return node.kind if beside else kinds.get(function, node.kind)
    return node.kind


def _snake(kind: str) -> str:
    """What Keras calls layers of a kind."""
    text = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", kind)
    return re.sub("([a-z])([A-Z])", r"\1_\2", text).lower()


_AUTOMATIC = {_snake(kind) for kind in (*KINDS, *PRIMITIVES, "PReLU", "Divide")}


def name_of(nodes: Sequence[Node], arguments: Sequence[Mapping[str, Any]]) -> str:
    """A layer's name, with arguments in braces; "" for one that Keras made."""
    names = [node.name for node in nodes]
    stem = re.sub(r"_\d+$", "", names[0])
    if stem in _AUTOMATIC | {_snake(nodes[0].kind), *_OTHER_NAMES}:
        return ""
    if names[0].startswith(_OTHER_NAMES[0]):
        return ""
    return _template(names, arguments) or names[0]


def _template(
    names: Sequence[str], arguments: Sequence[Mapping[str, Any]]
) -> str | None:
    """A text that gives each name with the arguments of its call.

    What all names have in common stays as it is; None if there is no such text.
    """
    if not any(names):
        return ""
    if all(names) and len({name[0] for name in names}) == 1:
        rest = _template([name[1:] for name in names], arguments)
        if rest is not None:
            return names[0][0] + rest
    for argument in arguments[0]:
        given = [str(each[argument]) for each in arguments]
        pairs = list(zip(names, given, strict=True))
        if all(text and name.startswith(text) for name, text in pairs):
            rest = _template([n[len(text) :] for n, text in pairs], arguments)
            if rest is not None:
                return f"{{{argument}}}{rest}"
    return None
