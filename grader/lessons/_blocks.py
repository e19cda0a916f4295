"""The specification of the residual blocks and of ResNet50, layer by layer.

He et al. 2015 (arXiv:1512.03385), section 4.1 and table 1, with the names and the
order of the published assignment.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from grader.judge.network.spec import Line, Spec, SpecBuilder

_PARTS = {"2a": "first", "2b": "second", "2c": "third"}


class Block:
    """Adds one block's layers to a builder."""

    def __init__(
        self, builder: SpecBuilder, stage: int | str, block: str, where: str = ""
    ):
        self.builder = builder
        self.conv_base = f"res{stage}{block}_branch"
        self.bn_base = f"bn{stage}{block}_branch"
        self.prefix = where

    def _where(self, part: str) -> str:
        text = f"{_PARTS[part]} component of the main path"
        return f"{self.prefix}, {text}" if self.prefix else text

    def component(
        self,
        x: int,
        part: str,
        filters: int,
        kernel: int,
        strides: int = 1,
        *,
        padding: str = "valid",
        relu: bool = True,
        stride_text: str = "(1, 1)",
        given: bool = False,
    ) -> int:
        """Convolution, batch normalisation and, but for the third, ReLU."""
        where = self._where(part)
        window = "(f, f)" if part == "2b" else "(1, 1)"
        number = {"2a": "F1", "2b": "F2", "2c": "F3"}[part]
        written = {"filters": number, "kernel_size": window, "strides": stride_text}
        symbols = {k: v for k, v in written.items() if v != "(1, 1)"}
        conv, norm = self.conv_base + part, self.bn_base + part
        x = self.builder.conv(
            x,
            Line(
                conv,
                where,
                f"The {_PARTS[part]} convolution has {number} filters of {window}, a "
                f"stride of {stride_text}, padding '{padding}', seed 0 and the name "
                f"conv_name_base + '{part}'.",
                given,
                f"the convolution of the {where}",
                symbols=symbols,
            ),
            conv,
            filters,
            kernel,
            strides,
            padding,
        )
        ending = "" if relu else " No ReLU follows in this component."
        x = self.builder.batch_norm(
            x,
            Line(
                norm,
                where,
                "A batch normalisation of the channels axis follows, named "
                f"bn_name_base + '{part}'.{ending}",
                given,
                f"the batch normalisation of the {where}",
            ),
            norm,
        )
        if relu:
            label = f"the ReLU after {norm}"
            text = f"A ReLU closes the {_PARTS[part]} component."
            role = f"the ReLU of the {where}"
            x = self.builder.activation(x, Line(label, where, text, given, role))
        return x

    def projection(self, x: int, filters: int, strides: int) -> int:
        """The convolution and batch normalisation on the shortcut."""
        where = f"{self.prefix}, shortcut path" if self.prefix else "shortcut path"
        conv, norm = self.conv_base + "1", self.bn_base + "1"
        x = self.builder.conv(
            x,
            Line(
                conv,
                where,
                "The shortcut has a convolution of F3 filters of (1, 1), a stride of "
                "(s, s), padding 'valid', seed 0 and the name conv_name_base + '1'.",
                role="the convolution of the shortcut path",
                branch=True,
                symbols={"filters": "F3", "strides": "(s, s)"},
            ),
            conv,
            filters,
            1,
            strides,
        )
        return self.builder.batch_norm(
            x,
            Line(
                norm,
                where,
                "A batch normalisation of the channels axis follows on the shortcut, "
                "named bn_name_base + '1'.",
                role="the batch normalisation of the shortcut path",
                branch=True,
            ),
            norm,
        )

    def final(self, main: int, shortcut: int) -> int:
        """The addition and the ReLU after it."""
        where = f"{self.prefix}, final step" if self.prefix else "final step"
        label = (
            f"the addition of {self.conv_base[:-7]}" if self.prefix else "the addition"
        )
        total = self.builder.add(
            "Add",
            {},
            (main, shortcut),
            Line(label, where, "The shortcut is added to the main path."),
        )
        text = "A ReLU follows the addition."
        return self.builder.activation(total, Line("the final ReLU", where, text))


def add_identity(
    block: Block, x: int, f: int, filters: Sequence[int], *, given: bool
) -> int:
    """Adds an identity block's layers; `given`: those of its first component are."""
    f1, f2, f3 = filters
    y = block.component(x, "2a", f1, 1, given=given)
    y = block.component(y, "2b", f2, f, padding="same")
    y = block.component(y, "2c", f3, 1, relu=False)
    return block.final(y, x)


def add_convolutional(
    block: Block, x: int, f: int, filters: Sequence[int], s: int, *, given: bool
) -> int:
    """Adds a convolutional block's layers, as `add_identity` does."""
    f1, f2, f3 = filters
    y = block.component(x, "2a", f1, 1, s, stride_text="(s, s)", given=given)
    y = block.component(y, "2b", f2, f, padding="same")
    y = block.component(y, "2c", f3, 1, relu=False)
    return block.final(y, block.projection(x, f3, s))


def identity_block(f: int, filters: Sequence[int], stage: int, block: str) -> Spec:
    """What `identity_block` builds: 10 layers, the first three given."""
    layers = Block(SpecBuilder(), stage, block)
    return layers.builder.build(add_identity(layers, 0, f, filters, given=True))


def convolutional_block(
    f: int, filters: Sequence[int], stage: int, block: str, s: int = 2
) -> Spec:
    """What `convolutional_block` builds: 12 layers, the first three given."""
    layers = Block(SpecBuilder(), stage, block)
    return layers.builder.build(add_convolutional(layers, 0, f, filters, s, given=True))


def of_call(call: Mapping[str, Any]) -> Spec:
    """What a recorded call of a block builds.

    Args:
        call: function, f, filters, stage, block and s, as the capture recorded them.
    """
    arguments = {name: call[name] for name in ("f", "filters", "stage", "block")}
    if call["function"] == "identity_block":
        return identity_block(**arguments)
    return convolutional_block(**arguments, s=call["s"])
