"""The specification of the residual blocks in today's idiom: no names, but arguments.

He et al. 2015 (arXiv:1512.03385), section 4.1, with the arguments of the assignment's
version for TensorFlow 2: how kernels start, and the mode of batch normalisation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.judge.network.draw import Draw
from grader.judge.network.policy import Policy
from grader.judge.network.spec import Line, Spec, SpecBuilder

#: Which check pays for what concerns the arguments.
POLICY = Policy(checks={"training": "training", "weight": "weights"})
#: What the blocks take where they are told no initializer.
DEFAULTS = {
    "identity_block": Draw("random_uniform"),
    "convolutional_block": Draw("glorot_uniform"),
}
_NUMBERS = {"first": "F1", "second": "F2", "third": "F3"}


@dataclass
class Block:
    """Adds one block's layers to a builder.

    Attributes:
        builder: what they are added to.
        draw: how the kernels start.
        training: what the block passes on to batch normalisation.
        prefix: which block it is, in a network.
    """

    builder: SpecBuilder
    draw: Draw
    training: bool | None = None
    prefix: str = ""

    def _where(self, part: str) -> str:
        return f"{self.prefix}, {part}" if self.prefix else part

    def component(
        self,
        x: int,
        part: str,
        filters: int,
        kernel: int = 1,
        strides: int = 1,
        *,
        strided: bool = False,
        given: bool = False,
    ) -> int:
        """Convolution, batch normalisation and, but for the third, ReLU."""
        where = self._where(f"{part} component of the main path")
        number, window = _NUMBERS[part], "f" if part == "second" else "1"
        stride = "s" if strided else "1"
        padding = "same" if part == "second" else "valid"
        symbols = {"filters": number}
        if part == "second":
            symbols["kernel_size"] = "(f, f)"
        if strided:
            symbols["strides"] = "(s, s)"
        x = self._conv(
            x,
            Line(
                f"the {part} convolution",
                where,
                f"The {part} convolution has {number} filters of {window}×{window}, a "
                f"stride of {stride}, padding '{padding}' and kernels that start from "
                "initializer(seed=0).",
                given,
                f"the convolution of the {where}",
                symbols=symbols,
            ),
            filters,
            kernel,
            strides,
            padding,
        )
        ending = " No ReLU follows in this component." if part == "third" else ""
        x = self._norm(
            x,
            Line(
                f"the {part} batch normalisation",
                where,
                "A batch normalisation of the channels axis follows, which is called "
                f"with training=training.{ending}",
                given,
                f"the batch normalisation of the {where}",
            ),
        )
        if part == "third":
            return x
        label = f"the ReLU of the {part} component"
        text = f"A ReLU closes the {part} component."
        return self._relu(
            x, Line(label, where, text, given, f"the ReLU of the {where}")
        )

    def projection(self, x: int, filters: int, strides: int) -> int:
        """The convolution and batch normalisation on the shortcut."""
        where = self._where("shortcut path")
        x = self._conv(
            x,
            Line(
                "the shortcut's convolution",
                where,
                "The shortcut has a convolution of F3 filters of 1×1, a stride of s, "
                "padding 'valid' and a kernel that starts from initializer(seed=0).",
                role="the convolution of the shortcut path",
                branch=True,
                symbols={"filters": "F3", "strides": "(s, s)"},
            ),
            filters,
            1,
            strides,
            "valid",
        )
        return self._norm(
            x,
            Line(
                "the shortcut's batch normalisation",
                where,
                "A batch normalisation of the channels axis follows on the shortcut, "
                "which is called with training=training.",
                role="the batch normalisation of the shortcut path",
                branch=True,
            ),
        )

    def final(self, main: int, shortcut: int) -> int:
        """The addition and the ReLU after it."""
        where = self._where("final step")
        label = f"the addition of {self.prefix}" if self.prefix else "the addition"
        text = "The shortcut is added to the main path."
        total = self.builder.add("Add", {}, (main, shortcut), Line(label, where, text))
        text = "A ReLU follows the addition."
        return self.builder.activation(total, Line("the final ReLU", where, text))

    def _labelled(self, line: Line) -> Line:
        """In a network, the label says of which block."""
        if not self.prefix:
            return line
        return replace(line, label=f"{line.label} of {self.prefix}")

    def _conv(
        self, x: int, line: Line, filters: int, kernel: int, strides: int, padding: str
    ) -> int:
        return self.builder.conv(
            x, self._labelled(line), "", filters, kernel, strides, padding, self.draw
        )

    def _norm(self, x: int, line: Line) -> int:
        return self.builder.batch_norm(x, self._labelled(line), "", self.training)

    def _relu(self, x: int, line: Line) -> int:
        return self.builder.activation(x, self._labelled(line))


def add_identity(
    block: Block, x: int, f: int, filters: Sequence[int], *, given: bool
) -> int:
    """Adds an identity block's layers; `given`: those of its first component are."""
    f1, f2, f3 = filters
    y = block.component(x, "first", f1, given=given)
    y = block.component(y, "second", f2, f)
    y = block.component(y, "third", f3)
    return block.final(y, x)


def add_convolutional(
    block: Block, x: int, f: int, filters: Sequence[int], s: int, *, given: bool
) -> int:
    """Adds a convolutional block's layers, as `add_identity` does."""
    f1, f2, f3 = filters
    y = block.component(x, "first", f1, 1, s, strided=True, given=given)
    y = block.component(y, "second", f2, f)
    y = block.component(y, "third", f3)
    return block.final(y, block.projection(x, f3, s))


def draw_of(asked: Any, function: str) -> Draw:
    """How kernels start.

    Args:
        asked: the call's initializer as a challenge writes it; None for the default.
        function: the block that is called.
    """
    if asked is None:
        return DEFAULTS[function]
    if isinstance(asked, str):
        return Draw(asked)
    return Draw(asked["kind"], value=asked.get("value", 0.0))


def identity_block(
    f: int, filters: Sequence[int], initializer: Any = None, training: Any = None
) -> Spec:
    """What `identity_block` builds: 10 layers, the first three given."""
    draw = draw_of(initializer, "identity_block")
    block = Block(SpecBuilder(), draw, training)
    end = add_identity(block, 0, f, filters, given=True)
    return block.builder.build(end, POLICY)


def convolutional_block(
    f: int,
    filters: Sequence[int],
    s: int = 2,
    initializer: Any = None,
    training: Any = None,
) -> Spec:
    """What `convolutional_block` builds: 12 layers, the first three given."""
    draw = draw_of(initializer, "convolutional_block")
    block = Block(SpecBuilder(), draw, training)
    end = add_convolutional(block, 0, f, filters, s, given=True)
    return block.builder.build(end, POLICY)


def of_call(call: Mapping[str, Any]) -> Spec:
    """What a recorded call of a block builds.

    Args:
        call: function, f, filters, s and training, as the capture recorded them.
    """
    f, filters, training = call["f"], call["filters"], call["training"]
    if call["function"] == "identity_block":
        return identity_block(f, filters, training=training)
    return convolutional_block(f, filters, call["s"], training=training)
