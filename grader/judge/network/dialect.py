"""How layers are spoken of: Keras's words, or another library's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from grader.judge.network.draw import GLOROT
from grader.judge.network.graph import KERNELS, Node
from grader.judge.network.rows import Of, Row, Table
from grader.judge.words import shorten, value


@dataclass(frozen=True, eq=False)
class Dialect:
    """The words for layers and hyperparameters. Each is equal to itself alone.

    Attributes:
        library: whose layers they are.
        sentences: for each kind of row, what it asks for.
        kinds: what a kind is called, where the graph has another word.
        settings: the same of hyperparameters.
        says: a difference that is not told as "a is b, c is asked for": by the
            hyperparameter and what was found, as Python writes it.
        values: what values of hyperparameters are called.
        instead: of a kind, or an activation, what to use instead of a layer that hides
            its work.
        any_layer: the same of other kinds.
        extra: of a kind, what to say of a layer too many.
        names_itself: whether layers without a name get one, such as "conv2d_3".
    """

    library: str
    sentences: Mapping[str, Callable[[Row, Table], str]]
    kinds: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    says: Mapping[tuple[str, str], str] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)
    any_layer: str = "{} layer"
    extra: Mapping[str, str] = field(default_factory=dict)
    names_itself: bool = True

    def bullet(self, row: Row, table: Table) -> str:
        """What a row asks for, as a notebook's list has it."""
        return self.sentences[row.kind](row, table)

    def sentence(self, row: Row, table: Table, *, seeded: bool) -> str:
        """What a row asks for, as a report has it.

        Args:
            row: of the table.
            table: that it is in.
            seeded: whether initial weights are looked at.
        """
        said = self.bullet(row, table)
        if seeded and row.kind in KERNELS:
            start = f"{row.draw or GLOROT.kind}(seed=0)"
            said += f"; it starts from `kernel_initializer={start}`"
        if row.mode:
            said += f"; it is called with {row.mode}={row.mode}"
        if row.note:
            said += f"; {row.note}"
        return f"{said[0].upper()}{said[1:]}."

    def kind(self, kind: object) -> str:
        """What a kind is called."""
        return self.kinds.get(str(kind), str(kind))

    def a_kind(self, kind: object) -> str:
        """The same with "a" or "an"; nn begins with a vowel when it is read."""
        said = self.kind(kind)
        vowel = said[0] in "AEIOU" or said.startswith("nn.")
        return f"an {said}" if vowel else f"a {said}"

    def setting(self, name: str, kind: str) -> str:
        """What a hyperparameter of a kind is called; blocks have the learner's."""
        if kind == "Block" and name == "filters":
            return name
        return self.settings.get(name, name)

    def value(self, found: object) -> str:
        """A value of a hyperparameter; of a border alike on both sides each once."""
        if isinstance(found, tuple) and found and all(map(_alike, found)):
            found = tuple(side[0] for side in found)
        return self.values.get(str(found)) or value(found)

    def block(self, node: Node) -> str:
        """What the call of a block is called: "identity block"."""
        return shorten(str(node.attrs.get("function")).replace("_", " "))

    def label(self, node: Node) -> str:
        """How a message names a captured layer."""
        if node.kind == "Block":
            called = f"a call of {shorten(str(node.attrs.get('function')))}"
            return called if self.names_itself else f"{called}, {shorten(node.name)!r}"
        kind = self.kinds.get(node.kind)
        if kind is None:
            return node.label
        if not kind or node.kind in self.extra:
            return node.name
        return f"{kind} {node.name!r}" if node.name else kind


def _alike(side: object) -> bool:
    return isinstance(side, tuple) and len(side) == 2 and side[0] == side[1]


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
    side = said(row, setting).strip("`")
    return f"{side}×{side}"


def _stride(row: Row) -> str:
    value = row.settings.get("strides", 1)
    if isinstance(value, Of):
        return f"({value.text}, {value.text})"
    return str(value)


def _conv(row: Row) -> str:
    padding = row.settings.get("padding")
    padded = f', padding `"{padding}"`' if padding else ""
    filters, size = said(row, "filters"), window(row, "kernel_size")
    return f"`Conv2D` with {filters} filters of {size}, stride {_stride(row)}{padded}"


def _norm(row: Row) -> str:
    axis = row.settings.get("axis")
    return "`BatchNormalization` of the channels" + (f", `axis={axis}`" if axis else "")


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
    return f"`Dense` layer with {each}"


_SENTENCES: Mapping[str, Callable[[Row], str]] = {
    "Conv2D": _conv,
    "BatchNormalization": _norm,
    "ReLU": lambda row: "ReLU",
    "Activation": lambda row: f"activation {said(row, 'activation')}",
    "Softmax": lambda row: "softmax over the classes",
    "Add": lambda row: "the main path and the shortcut are added",
    "Concatenate": lambda row: "`Concatenate`",
    "ZeroPadding2D": lambda row: f"zero padding by {row.settings['padding']}",
    "MaxPooling2D": lambda row: (
        f"max pooling over {window(row, 'pool_size')} with stride {_stride(row)}"
    ),
    "AveragePooling2D": lambda row: f"average pooling over {window(row, 'pool_size')}",
    "GlobalAveragePooling2D": lambda row: (
        "global average pooling over rows and columns"
    ),
    "Flatten": lambda row: "flattening",
    "Dense": _dense,
    "Block": block,
}


def _order(row: Row, table: Table) -> str:
    """What is put one after the other, if it is."""
    if row.kind != "Concatenate":
        return ""
    labels = {"input": "the input"}
    labels |= {each.key: each.label or f"`{each.name}`" for each in table.rows}
    joined = [labels[keys.partition("|")[0]] for keys in row.after]
    return f" of {' and '.join(joined)}, in this order"


def _sentence(kind: str) -> Callable[[Row, Table], str]:
    """A kind's sentence, and the name after it."""

    def sentence(row: Row, table: Table) -> str:
        said = _SENTENCES[kind](row) + _order(row, table)
        return f"{said}; its name is {_name(row, table)}" if row.name else said

    return sentence


KERAS = Dialect(
    library="Keras",
    sentences={kind: _sentence(kind) for kind in _SENTENCES},
    instead={
        "Add": "Add()([main, shortcut]), or main + shortcut",
        "relu": "Activation('relu')",
        "softmax": "Activation('softmax')",
    },
)
