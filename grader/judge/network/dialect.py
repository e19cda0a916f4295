"""How layers are spoken of: Keras's words, or another library's."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from grader.judge.network.draw import GLOROT
from grader.judge.network.graph import KERNELS, Node
from grader.judge.network.rows import Row, Table
from grader.judge.network.sentences import SENTENCES
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


KERAS = Dialect(
    library="Keras",
    sentences=SENTENCES,
    instead={
        "Add": "Add()([main, shortcut]), or main + shortcut",
        "relu": "Activation('relu')",
        "softmax": "Activation('softmax')",
    },
)
