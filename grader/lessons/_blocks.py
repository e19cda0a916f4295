"""The specification of the residual blocks and of ResNet50, layer by layer.

He et al. 2015 (arXiv:1512.03385), section 4.1 and table 1, with the names and the
order of the published assignment.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.judge.graph import Graph, Node
from grader.judge.spec import Line, Spec, SpecBuilder

_PARTS = {"2a": "first", "2b": "second", "2c": "third"}

#: Stage, filters, stride of its first block, letters of the blocks.
STAGES = (
    (2, (64, 64, 256), 1, "abc"),
    (3, (128, 128, 512), 2, "abcd"),
    (4, (256, 256, 1024), 2, "abcdef"),
    (5, (512, 512, 2048), 2, "abc"),
)
_PLACES = {"a": "first", "b": "second", "c": "third", "d": "fourth", "e": "fifth"}


class _Block:
    """Adds one block's layers to a builder."""

    def __init__(self, builder: SpecBuilder, stage: int | str, block: str, where: str):
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


def _identity(
    builder: SpecBuilder,
    x: int,
    f: int,
    filters: Sequence[int],
    block: _Block,
    given: bool,
) -> int:
    f1, f2, f3 = filters
    y = block.component(x, "2a", f1, 1, given=given)
    y = block.component(y, "2b", f2, f, padding="same")
    y = block.component(y, "2c", f3, 1, relu=False)
    return block.final(y, x)


def _convolutional(
    builder: SpecBuilder,
    x: int,
    f: int,
    filters: Sequence[int],
    block: _Block,
    s: int,
    given: bool,
) -> int:
    f1, f2, f3 = filters
    y = block.component(x, "2a", f1, 1, s, stride_text="(s, s)", given=given)
    y = block.component(y, "2b", f2, f, padding="same")
    y = block.component(y, "2c", f3, 1, relu=False)
    return block.final(y, block.projection(x, f3, s))


def identity_block(f: int, filters: Sequence[int], stage: int, block: str) -> Spec:
    """What `identity_block` builds: 10 layers, the first three given."""
    builder = SpecBuilder()
    output = _identity(
        builder, 0, f, filters, _Block(builder, stage, block, ""), given=True
    )
    return builder.build(output)


def convolutional_block(
    f: int, filters: Sequence[int], stage: int, block: str, s: int = 2
) -> Spec:
    """What `convolutional_block` builds: 12 layers, the first three given."""
    builder = SpecBuilder()
    output = _convolutional(
        builder, 0, f, filters, _Block(builder, stage, block, ""), s, given=True
    )
    return builder.build(output)


def of_call(call: Mapping[str, Any]) -> Spec:
    """What a recorded call of a block builds.

    Args:
        call: function, f, filters, stage, block and s, as the capture recorded them.
    """
    arguments = {name: call[name] for name in ("f", "filters", "stage", "block")}
    if call["function"] == "identity_block":
        return identity_block(**arguments)
    return convolutional_block(**arguments, s=call["s"])


def expand(graph: Graph) -> Graph:
    """Opens the recorded calls of blocks into the layers of their specification."""
    nodes: list[Node] = []
    moved: dict[int, int] = {}
    operations = max((node.operation for node in graph.nodes), default=0) + 1
    for index, node in enumerate(graph.nodes):
        inputs = tuple(moved[i] if isinstance(i, int) else i for i in node.inputs)
        if node.kind != "Block":
            nodes.append(replace(node, inputs=inputs))
        else:
            inner = of_call(node.attrs).graph
            places = {0: moved[node.sources[0]]}
            for number, layer in enumerate(inner.nodes[1:], start=1):
                sources = tuple(places[i] for i in layer.sources)
                layer = replace(layer, inputs=sources, operation=operations)
                operations += 1
                places[number] = len(nodes)
                nodes.append(layer)
        moved[index] = len(nodes) - 1
    return Graph(tuple(nodes), moved[graph.output])


def resnet50(classes: int, *, expanded: bool) -> Spec:
    """What `ResNet50` builds.

    Args:
        classes: of the output layer.
        expanded: whether each block is opened into its layers (176 beside the
            input, the rows of the published summary); otherwise a block is a node.
    """
    builder = SpecBuilder()
    x = _stem(builder)
    place = 0
    for stage, filters, stride, blocks in STAGES:
        for letter in blocks:
            add = _expanded_block if expanded else _block_call
            x = add(builder, x, stage, filters, stride, letter, place)
            place += 1
    return builder.build(_head(builder, x, classes))


def _stem(builder: SpecBuilder) -> int:
    where = "stage 1"
    x = builder.add(
        "ZeroPadding2D",
        {"padding": ((3, 3), (3, 3))},
        (0,),
        Line("the zero padding", "input", "Zeros pad the input by (3, 3).", True),
    )
    x = builder.conv(
        x,
        Line(
            "conv1",
            where,
            "The convolution has 64 filters of (7, 7), a stride of (2, 2), seed 0 and "
            "the name 'conv1'.",
            True,
            "conv1",
        ),
        "conv1",
        64,
        7,
        2,
    )
    sentence = "A batch normalisation of the channels axis follows, named 'bn_conv1'."
    x = builder.batch_norm(x, Line("bn_conv1", where, sentence, True), "bn_conv1")
    sentence = "A ReLU follows the batch normalisation."
    x = builder.activation(x, Line("the ReLU after bn_conv1", where, sentence, True))
    sentence = "Max pooling has a window of (3, 3) and a stride of (2, 2)."
    return builder.add(
        "MaxPooling2D",
        {"pool_size": (3, 3), "strides": (2, 2), "padding": "valid"},
        (x,),
        Line("the max pooling", where, sentence, True),
    )


def _head(builder: SpecBuilder, x: int, classes: int) -> int:
    sentence = "The average pooling has a window of (2, 2) and the name 'avg_pool'."
    x = builder.add(
        "AveragePooling2D",
        {"pool_size": (2, 2), "strides": (2, 2), "padding": "valid"},
        (x,),
        Line("avg_pool", "average pooling", sentence),
        "avg_pool",
    )
    sentence = "Flatten has no hyperparameters and no name."
    x = builder.add("Flatten", {}, (x,), Line("Flatten", "output", sentence, True))
    sentence = (
        "A dense layer gives one number a class, with seed 0 and the name "
        "'fc' + str(classes); softmax makes them probabilities."
    )
    name = f"fc{classes}"
    x = builder.add(
        "Dense",
        {"units": classes, "use_bias": True},
        (x,),
        Line(name, "output", sentence, True, "the dense layer of the output"),
        name,
    )
    label = "the softmax of the output"
    return builder.activation(x, Line(label, "output", sentence, True), "softmax")


def _plan_sentence(stage: int, filters: Sequence[int], stride: int, letter: str) -> str:
    if letter == "a":
        kind = f"starts with a convolutional block: f is 3, s is {stride}"
    else:
        kind = "goes on with identity blocks: f is 3"
    return f"Stage {stage} {kind}, filters {list(filters)}, block '{letter}'."


def _block_call(
    builder: SpecBuilder,
    x: int,
    stage: int,
    filters: Sequence[int],
    stride: int,
    letter: str,
    place: int,
) -> int:
    first = letter == "a"
    attrs = {
        "function": "convolutional_block" if first else "identity_block",
        "f": 3,
        "filters": tuple(filters),
        "stage": str(stage),
        "block": letter,
        "s": stride if first else 1,
        "place": place,
    }
    line = Line(
        f"block {stage}{letter}",
        f"stage {stage}",
        _plan_sentence(stage, filters, stride, letter),
        given=stage == 2,
    )
    return builder.add("Block", attrs, (x,), line)


def _expanded_block(
    builder: SpecBuilder,
    x: int,
    stage: int,
    filters: Sequence[int],
    stride: int,
    letter: str,
    place: int,
) -> int:
    block = _Block(builder, stage, letter, f"stage {stage}, block {letter}")
    start = len(builder.lines)
    if letter == "a":
        end = _convolutional(builder, x, 3, filters, block, stride, given=False)
    else:
        end = _identity(builder, x, 3, filters, block, given=False)
    if stage == 2:
        builder.lines[start:] = [replace(n, given=True) for n in builder.lines[start:]]
    return end
