"""How layers are spoken of: Keras's words, or another library's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grader.judge.network.rows import Of, Row, Table


@dataclass(frozen=True)
class Dialect:
    """The words for layers and hyperparameters.

    Attributes:
        key: its name.
    """

    key: str

    def bullet(self, row: Row, table: Table) -> str:
        """What a row asks for, as a notebook's list has it."""
        if row.sentence:
            return row.sentence
        said = _SENTENCES[row.kind](row)
        return f"{said}; its name is {_name(row, table)}" if row.name else said

    def sentence(self, row: Row, table: Table) -> str:
        """What a row asks for, as a report has it."""
        if row.sentence:
            return row.sentence
        said = self.bullet(row, table)
        if row.draw:
            said += f"; its kernel starts from {row.draw}(seed=0)"
        if row.mode:
            said += f"; it is called with {row.mode}={row.mode}"
        if row.note:
            said += f"; {row.note}"
        # a name of the learner's stays as it is
        said = said[0].upper() + said[1:]
        return said.replace("`", "") + "."


def _name(row: Row, table: Table) -> str:
    """A layer's name, as the notebook writes it."""
    for start, base in table.bases.items():
        if row.name.startswith(start):
            return f'`{base} + "{row.name.removeprefix(start)}"`'
    start, brace, argument = row.name.partition("{")
    if brace:
        return f'`"{start}" + str({argument.removesuffix("}")})`'
    return f'`"{row.name}"`'


def _said(row: Row, setting: str) -> str:
    value = row.settings[setting]
    return f"`{value.text}`" if isinstance(value, Of) else str(value)


def _window(row: Row, setting: str) -> str:
    side = _said(row, setting).strip("`")
    return f"{side}×{side}"


def _stride(row: Row) -> str:
    value = row.settings.get("strides", 1)
    if isinstance(value, Of):
        return f"({value.text}, {value.text})"
    return str(value)


def _conv(row: Row) -> str:
    padding = row.settings.get("padding")
    padded = f', padding `"{padding}"`' if padding else ""
    filters, window = _said(row, "filters"), _window(row, "kernel_size")
    return f"`Conv2D` with {filters} filters of {window}, stride {_stride(row)}{padded}"


def _norm(row: Row) -> str:
    axis = row.settings.get("axis")
    return "`BatchNormalization` of the channels" + (f", `axis={axis}`" if axis else "")


def _block(row: Row) -> str:
    assert row.calls is not None
    kinds = {argument.name: argument.kind for argument in row.calls.arguments}
    said = ", ".join(
        f"{name}={_written(value)}"
        for name, value in row.settings.items()
        if kinds[name] != "initializer"
    )
    return f"`{row.calls.name}` with {said}"


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return str(list(value))
    if isinstance(value, str) and value.isdigit():
        return value
    return value.text if isinstance(value, Of) else repr(value)


_SENTENCES: Mapping[str, Callable[[Row], str]] = {
    "Conv2D": _conv,
    "BatchNormalization": _norm,
    "ReLU": lambda row: "ReLU",
    "Softmax": lambda row: "softmax over the classes",
    "Add": lambda row: "the main path and the shortcut are added",
    "ZeroPadding2D": lambda row: f"zero padding by {row.settings['padding']}",
    "MaxPooling2D": lambda row: (
        f"max pooling over {_window(row, 'pool_size')} with stride {_stride(row)}"
    ),
    "AveragePooling2D": lambda row: f"average pooling over {_window(row, 'pool_size')}",
    "GlobalAveragePooling2D": lambda row: (
        "global average pooling over rows and columns"
    ),
    "Flatten": lambda row: "flattening",
    "Dense": lambda row: "`Dense` layer with one output per class",
    "Block": _block,
}
KERAS = Dialect("keras")
