"""What rows ask for in Keras's words, as a notebook's list has it."""

from collections.abc import Callable, Mapping

from grader.judge.network.graph import MERGES, ORDERED
from grader.judge.network.kinds import USUAL_SETTINGS
from grader.judge.network.rows import Of, Row, Table
from grader.judge.words import listed

#: Settings that a sentence has in words, and not as code.
_IN_WORDS = ("filters", "kernel_size", "strides", "padding")


def _name(row: Row, table: Table) -> str:
    """A layer's name, as the notebook writes it."""
    for start, base in table.bases.items():
        if row.name.startswith(start):
            return f'`{base} + "{row.name.removeprefix(start)}"`'
    start, brace, argument = row.name.partition("{")
    if brace:
        return f'`"{start}" + str({argument.removesuffix("}")})`'
    return f'`"{row.name}"`'


def said(row: Row, setting: str) -> str:
    """A setting as a notebook writes it."""
    value = row.settings[setting]
    return f"`{value.text}`" if isinstance(value, Of) else str(value)


def window(row: Row, setting: str) -> str:
    """A window: 3×3, or f×f."""
    value = row.settings[setting]
    if isinstance(value, tuple):
        return f"{value[0]}×{value[1]}"
    side = said(row, setting).strip("`")
    return f"{side}×{side}"


def _stride(row: Row, usual: object = 1) -> str:
    value = row.settings.get("strides", usual)
    if isinstance(value, Of):
        return f"({value.text}, {value.text})"
    return str(value)


def _padded(row: Row) -> str:
    padding = row.settings.get("padding")
    return f', padding `"{padding}"`' if padding else ""


def _code(row: Row, *without: str) -> str:
    """Settings as they are written in code, those that are not usual."""
    usual = USUAL_SETTINGS.get(row.kind, {})
    return ", ".join(
        f"`{name}={value.text if isinstance(value, Of) else repr(value)}`"
        for name, value in row.settings.items()
        if name not in without and value != usual.get(name, ...)
    )


def _conv(row: Row) -> str:
    filters, size = said(row, "filters"), window(row, "kernel_size")
    text = f"`{row.kind}` with {filters} filters of {size}, stride {_stride(row)}"
    return ", ".join(filter(None, [text + _padded(row), _code(row, *_IN_WORDS)]))


def _depthwise(row: Row) -> str:
    size = window(row, "kernel_size")
    text = f"`{row.kind}` of {size}, stride {_stride(row)}{_padded(row)}"
    return ", ".join(filter(None, [text, _code(row, *_IN_WORDS)]))


def _norm(row: Row) -> str:
    axis, more = row.settings.get("axis"), _code(row, "axis")
    text = "`BatchNormalization` of the channels" + (f", `axis={axis}`" if axis else "")
    return ", ".join(filter(None, [text, more]))


def _pooling(words: str, *, tell: bool) -> Callable[[Row], str]:
    """A pooling.

    Args:
        words: what it is.
        tell: whether its stride is told where it is the window's.
    """

    def sentence(row: Row) -> str:
        size = row.settings["pool_size"]
        text = f"{words} over {window(row, 'pool_size')}"
        if tell or row.settings.get("strides", size) != size:
            text += f" with stride {_stride(row, size)}"
        return text + _padded(row)

    return sentence


def _plain(words: str = "") -> Callable[[Row], str]:
    """A kind with its settings, as they are written in code."""

    def sentence(row: Row) -> str:
        text, told = words or f"`{row.kind}`", _code(row)
        return f"{text} with {told}" if told else text

    return sentence


def _activation(row: Row) -> str:
    more = _code(row, "activation")
    return f"activation {said(row, 'activation')}" + (f" with {more}" if more else "")


def block(row: Row) -> str:
    """The call of a block."""
    assert row.calls is not None
    kinds = {argument.name: argument.kind for argument in row.calls.arguments}
    passed = ", ".join(
        f"{name}={written(value)}"
        for name, value in row.settings.items()
        if kinds[name] != "initializer"
    )
    return f"`{row.calls.name}` with {passed}"


def written(value: object) -> str:
    """An argument of a call as Python writes it."""
    if isinstance(value, tuple):
        return str(list(value))
    if isinstance(value, str) and value.isdigit():
        return value
    return value.text if isinstance(value, Of) else repr(value)


def _dense(row: Row) -> str:
    units = said(row, "units")
    each = "one output per class" if units == "`classes`" else f"{units} outputs"
    text = f"`Dense` layer with {each}"
    return ", ".join(filter(None, [text, _code(row, "units")]))


_SENTENCES: Mapping[str, Callable[[Row], str]] = {
    **{kind: _plain() for kind in USUAL_SETTINGS},
    "Conv2D": _conv,
    "Conv2DTranspose": _conv,
    "SeparableConv2D": _conv,
    "DepthwiseConv2D": _depthwise,
    "BatchNormalization": _norm,
    "ReLU": _plain("ReLU"),
    "LeakyReLU": _plain("leaky ReLU"),
    "ELU": _plain("ELU"),
    "Activation": _activation,
    "Softmax": lambda row: "softmax over the classes",
    "Add": lambda row: "the main path and the shortcut are added",
    "Concatenate": lambda row: "`Concatenate`",
    "ZeroPadding2D": lambda row: f"zero padding by {said(row, 'padding')}",
    "MaxPooling2D": _pooling("max pooling", tell=True),
    "AveragePooling2D": _pooling("average pooling", tell=False),
    "GlobalAveragePooling2D": _plain("global average pooling over rows and columns"),
    "GlobalMaxPooling2D": _plain("global max pooling over rows and columns"),
    "Flatten": lambda row: "flattening",
    "Dense": _dense,
    "Block": block,
}


def _joined(row: Row, table: Table) -> str:
    """What a layer takes that takes several, if its kind does not say so."""
    if row.kind not in MERGES or row.kind == "Add":
        return ""
    labels = {"input": "the input"}
    labels |= {each.key: each.label or f"`{each.name}`" for each in table.rows}
    joined = [labels[keys.partition("|")[0]] for keys in row.after]
    order = ", in this order" if row.kind in ORDERED else ""
    return f" of {listed(joined)}{order}"


def _sentence(kind: str) -> Callable[[Row, Table], str]:
    """A kind's sentence, and the name after it."""

    def sentence(row: Row, table: Table) -> str:
        said = _SENTENCES[kind](row) + _joined(row, table)
        return f"{said}; its name is {_name(row, table)}" if row.name else said

    return sentence


#: For each kind of row, what it asks for.
SENTENCES: Mapping[str, Callable[[Row, Table], str]] = {
    kind: _sentence(kind) for kind in _SENTENCES
}
