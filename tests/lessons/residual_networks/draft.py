"""A function's tree taken apart into layers, and changed one thing at a time."""

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

from tests.lessons.residual_networks.solution import tree

_ORDER = {
    "Conv2D": ("filters", "kernel_size"),
    "Dense": ("units",),
    "Activation": ("activation",),
    "ZeroPadding2D": ("padding",),
    "MaxPooling2D": ("pool_size",),
    "AveragePooling2D": ("pool_size",),
    "Input": ("shape",),
    "identity_block": ("X", "f", "filters", "stage", "block"),
    "convolutional_block": ("X", "f", "filters", "stage", "block", "s"),
}
_PARTS = {"2a": "first", "2b": "second", "2c": "third"}
BLOCKS = ("identity_block", "convolutional_block")


@dataclass(frozen=True)
class Site:
    """A line `X = Layer(...)(X)` of a function.

    Attributes:
        function: where it stands.
        line: number of the statement in the function's body.
        kind: the layer's class, or the block that is called.
        part: "2a", "2b", "2c", "1", or the layer's name in ResNet50.
        words: how a report may name it.
    """

    function: str
    line: int
    kind: str
    part: str
    words: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.kind}-{self.part}"


class Draft:
    """A copy of a function that an operator changes."""

    def __init__(self, function: str):
        self.function = function
        self.tree = copy.deepcopy(tree(function))

    @property
    def body(self) -> list[ast.stmt]:
        return self.tree.body

    @property
    def text(self) -> str:
        return ast.unparse(ast.fix_missing_locations(self.tree))

    def value(self, site: Site) -> ast.Call:
        """The right side of a line: a layer's call on its tensor."""
        statement = self.body[site.line]
        assert isinstance(statement, ast.Assign)
        assert isinstance(statement.value, ast.Call)
        return statement.value

    def layer(self, site: Site) -> ast.Call:
        """The expression that makes a line's layer."""
        return maker(self.value(site))

    def target(self, site: Site) -> str:
        return ast.unparse(self.body[site.line].targets[0])  # type: ignore[attr-defined]

    def set(self, site: Site, argument: str, text: str | None) -> "Draft":
        """Gives an argument of a layer another value; None leaves it out."""
        call = self.layer(site)
        order = _ORDER.get(site.kind, ())
        if argument in order and order.index(argument) < len(call.args):
            assert text is not None
            call.args[order.index(argument)] = expression(text)
            return self
        call.keywords = [k for k in call.keywords if k.arg != argument]
        if text is not None:
            call.keywords.append(ast.keyword(argument, expression(text)))
        return self

    def replace(self, line: int, *texts: str) -> "Draft":
        """Puts other statements in a line's place; none deletes it."""
        self.body[line : line + 1] = [s for t in texts for s in ast.parse(t).body]
        return self

    def insert(self, line: int, text: str) -> "Draft":
        self.body[line:line] = ast.parse(text).body
        return self

    def swap(self, one: int, other: int) -> "Draft":
        body = self.body
        body[one], body[other] = body[other], body[one]
        return self


def expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def maker(value: ast.Call) -> ast.Call:
    return value.func if isinstance(value.func, ast.Call) else value


def sites(function: str) -> list[Site]:
    """The layers of a function, in the order of its lines."""
    return list(_sites(function))


def _sites(function: str) -> Iterator[Site]:
    before = ""
    for number, statement in enumerate(tree(function).body):
        value = getattr(statement, "value", None)
        if not isinstance(statement, ast.Assign) or not isinstance(value, ast.Call):
            continue
        call = maker(value)
        kind = ast.unparse(call.func)
        part, words = _named(function, kind, call, before)
        before = words[0]
        yield Site(function, number, kind, part, words)


def _named(function: str, kind: str, call: ast.Call, before: str) -> tuple[str, tuple[str, ...]]:
    arguments = {k.arg: k.value for k in call.keywords}
    if kind in BLOCKS:
        stage = ast.literal_eval(arguments["stage"])
        letter = ast.literal_eval(arguments["block"])
        return f"{stage}{letter}", (f"block {stage}{letter}",)
    if kind == "Activation":
        if before == "the addition":
            return "final", ("the final ReLU", "final step")
        role = before.replace("bn1a_branch", "")
        part = _PARTS.get(role, role)
        return role, (f"the ReLU after {before}", f"the ReLU of the {part}")
    if "name" not in arguments:
        label = {"Add": "the addition", "ZeroPadding2D": "the zero padding", "MaxPooling2D": "the max pooling"}.get(
            kind, kind
        )
        return label.split()[-1], (label,)
    name = arguments["name"]
    if function in BLOCKS:
        suffix = ast.literal_eval(name.right)  # type: ignore[attr-defined]
        base, long = ("res", "convolution") if kind == "Conv2D" else ("bn", "batch normalisation")
        where = f"{_PARTS[suffix]} component" if suffix in _PARTS else "shortcut path"
        return suffix, (f"{base}1a_branch{suffix}", f"the {long} of the {where}")
    if isinstance(name, ast.Constant):
        return str(name.value), (str(name.value),)
    return "fc", ("fc6", "dense layer of the output")
