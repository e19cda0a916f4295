"""What lesson 5 asks of the PyTorch modules, as the judge's layer graph.

A convolution with padding is "same" where that is the same: a stride of 1 and half
the window on each side. Elsewhere the padding is a layer of its own.
"""

from collections.abc import Sequence
from typing import Any

from grader.judge.network.graph import Graph, Node
from grader.judge.network.policy import Policy
from grader.judge.network.rewrites import opened
from grader.judge.network.spec import Line, Spec, SpecBuilder

#: Stage, channels in, filters, stride of its first block, number of blocks.
STAGES = (
    (2, 64, (64, 64, 256), 1, 3),
    (3, 256, (128, 128, 512), 2, 4),
    (4, 512, (256, 256, 1024), 2, 6),
    (5, 1024, (512, 512, 2048), 2, 3),
)
#: Prices are those of lesson 1; initial weights are PyTorch's own.
BLOCK = Policy(seeded=False, scale=20 / 30, module=True)
NETWORK = Policy(
    seeded=False,
    scale=15 / 40,
    checks={"trainable": "plan"},
    follows=("in_channels",),
    module=True,
)
_PARTS = {"2a": "first", "2b": "second", "2c": "third"}


class _Module:
    """Adds the layers of a bottleneck block to a builder."""

    def __init__(self, builder: SpecBuilder, path: str = ""):
        self.builder = builder
        self.path = path

    def _where(self, part: str) -> str:
        place = (
            f"{_PARTS[part]} component of the main path"
            if part in _PARTS
            else "shortcut path"
        )
        return f"{self.path[:-1]}, {place}" if self.path else place

    def pair(
        self, x: int, part: str, filters: int, window: int, stride: int, asked: str
    ) -> int:
        """A convolution and its batch normalisation."""
        where, conv, norm = self._where(part), f"conv{part}", f"bn{part}"
        shortcut = part not in _PARTS
        symbols = {"filters": {"2a": "F1", "2b": "F2"}.get(part, "F3")}
        if "stride" in asked:
            symbols["strides"] = "(stride, stride)"
        x = self.builder.conv(
            x,
            Line(
                self.path + conv,
                where,
                f"{conv} is an nn.Conv2d {asked}",
                role=f"the convolution of the {where}",
                branch=shortcut,
                symbols=symbols,
            ),
            self.path + conv,
            filters,
            window,
            stride,
            "same" if window > 1 else "valid",
        )
        return self.builder.batch_norm(
            x,
            Line(
                self.path + norm,
                where,
                f"{norm}, an nn.BatchNorm2d with eps=1e-3, follows {conv}.",
                role=f"the batch normalisation of the {where}",
                branch=shortcut,
            ),
            self.path + norm,
        )

    def relu(self, x: int, part: str) -> int:
        """The ReLU that closes a component."""
        where = self._where(part)
        label = f"the ReLU after {self.path}bn{part}"
        text = f"A ReLU closes the {_PARTS[part]} component."
        return self.builder.activation(
            x, Line(label, where, text, role=f"the ReLU of the {where}")
        )

    def final(self, main: int, shortcut: int) -> int:
        """The addition and the ReLU after it."""
        where = f"{self.path[:-1]}, final step" if self.path else "final step"
        label = f"the addition of {self.path[:-1]}" if self.path else "the addition"
        sentence = "The shortcut is added to the main path."
        total = self.builder.add(
            "Add", {}, (main, shortcut), Line(label, where, sentence)
        )
        sentence = "A ReLU follows the addition."
        return self.builder.activation(total, Line("the final ReLU", where, sentence))

    def bottleneck(
        self, x: int, filters: Sequence[int], stride: int, project: bool
    ) -> int:
        """All of a block."""
        f1, f2, f3 = filters
        asked = "from in_channels to F1 channels, 1x1, with the stride that is asked."
        y = self.pair(x, "2a", f1, 1, stride, asked)
        y = self.relu(y, "2a")
        y = self.pair(y, "2b", f2, 3, 1, "from F1 to F2 channels, 3x3, padding 1.")
        y = self.relu(y, "2b")
        y = self.pair(y, "2c", f3, 1, 1, "from F2 to F3 channels, 1x1.")
        if project:
            asked = "from in_channels to F3 channels, 1x1, with the stride of conv2a."
            x = self.pair(x, "1", f3, 1, stride, asked)
        else:
            self._leave_out()
        return self.final(y, x)

    def _leave_out(self) -> None:
        """Two numbers that nothing has, so that blocks of both kinds count alike.

        What is wrong at one place, seen in both kinds, is then one mistake.
        """
        for _ in range(2):
            line = Line("nothing", "shortcut path", "", given=True)
            self.builder.add("Identity", {}, (), line)


def bottleneck(
    in_channels: int, filters: Sequence[int], stride: int = 1, project: bool = False
) -> Spec:
    """What `Bottleneck` computes; `in_channels` shows in the shape of its kernels."""
    builder = SpecBuilder()
    end = _Module(builder).bottleneck(0, filters, stride, project)
    return builder.build(end, BLOCK)


def resnet50(classes: int, *, expanded: bool) -> Spec:
    """What `ResNet50Torch` computes.

    Args:
        classes: of the output.
        expanded: whether each block is opened into its layers; otherwise it is a node.
    """
    builder = SpecBuilder()
    x = _stem(builder)
    place = 0
    for stage, channels, filters, stride, count in STAGES:
        for number in range(count):
            arguments: dict[str, Any] = {
                "in_channels": filters[-1] if number else channels,
                "filters": filters,
                "s": 1 if number else stride,
                "project": not number,
            }
            path = f"stage{stage}.{number}"
            if expanded:
                module = _Module(builder, f"{path}.")
                x = module.bottleneck(x, filters, arguments["s"], arguments["project"])
            else:
                x = _call(builder, x, stage, path, {**arguments, "place": place})
            place += 1
    return builder.build(_head(builder, x, classes), NETWORK)


def _call(
    builder: SpecBuilder, x: int, stage: int, path: str, attrs: dict[str, Any]
) -> int:
    kind = "projects its shortcut" if attrs["project"] else "has an identity shortcut"
    sentence = (
        f"{path} is a Bottleneck with filters {list(attrs['filters'])} that {kind}, "
        f"stride {attrs['s']}."
    )
    line = Line(f"block {path}", f"stage {stage}", sentence, given=stage == 2)
    attrs = {"function": "Bottleneck", **attrs}
    return builder.add("Block", attrs, (x,), line, path)


def _stem(builder: SpecBuilder) -> int:
    where = "stem"
    sentence = "conv1 pads the image by 3 on each side."
    x = builder.add(
        "ZeroPadding2D",
        {"padding": ((3, 3), (3, 3))},
        (0,),
        Line("the padding of conv1", where, sentence),
    )
    sentence = "conv1 is an nn.Conv2d from 3 to 64 channels, 7x7, with a stride of 2."
    x = builder.conv(x, Line("conv1", where, sentence), "conv1", 64, 7, 2)
    sentence = "bn1, an nn.BatchNorm2d with eps=1e-3, follows conv1."
    x = builder.batch_norm(x, Line("bn1", where, sentence), "bn1")
    sentence = "A ReLU follows bn1."
    x = builder.activation(x, Line("the ReLU after bn1", where, sentence))
    sentence = "Max pooling has a window of 3x3 and a stride of 2, without padding."
    return builder.add(
        "MaxPooling2D",
        {"pool_size": (3, 3), "strides": (2, 2), "padding": "valid"},
        (x,),
        Line("the max pooling", where, sentence),
    )


def _head(builder: SpecBuilder, x: int, classes: int) -> int:
    sentence = "Global average pooling takes the mean of each channel over all places."
    x = builder.add(
        "GlobalAveragePooling2D",
        {"keepdims": False},
        (x,),
        Line("the global average pooling", "output", sentence),
    )
    sentence = "fc is an nn.Linear from 2048 numbers to one a class."
    attrs = {"units": classes, "use_bias": True}
    line = Line("fc", "output", sentence, role="the linear layer of the output")
    x = builder.add("Dense", attrs, (x,), line, "fc")
    sentence = "Softmax over the classes, dim=1, makes probabilities."
    label = "the softmax of the output"
    return builder.activation(x, Line(label, "output", sentence), "softmax")


def expand(graph: Graph) -> Graph:
    """Opens recorded calls of `Bottleneck` into the layers of their specification."""

    def of_call(call: Node) -> Spec:
        builder, attrs = SpecBuilder(), call.attrs
        block = _Module(builder, f"{call.name}.")
        projects = bool(attrs["project"])
        end = block.bottleneck(0, attrs["filters"], attrs["s"], projects)
        return builder.build(end)

    return opened(graph, of_call)
