"""The specification of ResNet50 in today's idiom: its plan, its beginning, its end.

He et al. 2015 (arXiv:1512.03385), table 1.
"""

from collections.abc import Sequence
from dataclasses import replace

from grader.judge.network.draw import GLOROT, Draw
from grader.judge.network.graph import Graph, Node
from grader.judge.network.policy import Policy
from grader.judge.network.rewrites import with_attrs
from grader.judge.network.spec import Line, Spec, SpecBuilder
from grader.lessons._plain_blocks import (
    DEFAULTS,
    POLICY,
    Block,
    add_convolutional,
    add_identity,
)
from grader.lessons._resnet50 import STAGES

_POLICY = Policy(checks={**POLICY.checks, "trainable": "weights"})


def resnet50(classes: int, training: bool | None, *, expanded: bool) -> Spec:
    """What `ResNet50` builds.

    Args:
        classes: of the output layer.
        training: what it passes on.
        expanded: whether each block is opened into its layers; otherwise a block is
            a node.
    """
    builder = SpecBuilder()
    mode = True if training else None  # False means what None does
    x = _stem(builder, mode)
    place = 0
    for stage, filters, stride, blocks in STAGES:
        for number in range(len(blocks)):
            where = f"stage {stage}, block {number + 1}"
            given = stage == 2
            if expanded:
                x = _layers(builder, x, where, filters, stride, mode, number)
            else:
                x = _call(builder, x, stage, filters, stride, mode, number, place)
            if given:
                builder.lines[-1] = replace(builder.lines[-1], given=True)
            place += 1
    return builder.build(_head(builder, x, classes), _POLICY)


def plain(graph: Graph) -> Graph:
    """Recorded calls of blocks in the words of the specification."""
    return with_attrs(graph, _plain)


def _plain(call: Node, before: Node) -> dict[str, object]:
    mode = True if call.attrs.get("training") else None
    return {"training": mode, "initializer": _words(call.attrs.get("initializer"))}


def _words(initializer: object) -> str:
    if not isinstance(initializer, dict):
        return str(initializer)
    kind, seed = str(initializer.get("kind")), initializer.get("seed")
    name = kind.partition("_")[2] if kind.startswith(("course_", "keras_")) else kind
    if name == "other":
        name = str(initializer.get("class"))
    return name if seed == 0 else f"{name} with seed {seed}"


def _stem(builder: SpecBuilder, training: bool | None) -> int:
    where = "stage 1"
    x = builder.add(
        "ZeroPadding2D",
        {"padding": ((3, 3), (3, 3))},
        (0,),
        Line("the zero padding", "input", "Zeros pad the input by (3, 3).", True),
    )
    sentence = (
        "The convolution has 64 filters of 7×7, a stride of 2 and a kernel that "
        "starts from glorot_uniform(seed=0)."
    )
    line = Line("the convolution of stage 1", where, sentence, True)
    x = builder.conv(x, line, "", 64, 7, 2)
    sentence = "A batch normalisation follows, called with training=training."
    line = Line("the batch normalisation of stage 1", where, sentence, True)
    x = builder.batch_norm(x, line, "", training)
    sentence = "A ReLU follows the batch normalisation."
    x = builder.activation(x, Line("the ReLU of stage 1", where, sentence, True))
    return builder.add(
        "MaxPooling2D",
        {"pool_size": (3, 3), "strides": (2, 2), "padding": "valid"},
        (x,),
        Line(
            "the max pooling",
            where,
            "Max pooling has a window of 3×3 and a stride of 2.",
            True,
        ),
    )


def _head(builder: SpecBuilder, x: int, classes: int) -> int:
    x = builder.add(
        "AveragePooling2D",
        {"pool_size": (2, 2), "strides": (2, 2), "padding": "valid"},
        (x,),
        Line(
            "the average pooling",
            "average pooling",
            "The average pooling has a window of 2×2.",
        ),
    )
    sentence = "Flatten has no hyperparameters."
    x = builder.add("Flatten", {}, (x,), Line("Flatten", "output", sentence, True))
    sentence = (
        "A dense layer gives one number a class, its kernel starts from "
        "glorot_uniform(seed=0); softmax makes them probabilities."
    )
    label = "the dense layer of the output"
    x = builder.add(
        "Dense",
        {"units": classes, "use_bias": True},
        (x,),
        Line(label, "output", sentence, True, label),
        draw=GLOROT,
    )
    label = "the softmax of the output"
    return builder.activation(x, Line(label, "output", sentence, True), "softmax")


def _draw(number: int) -> tuple[str, Draw]:
    function = "identity_block" if number else "convolutional_block"
    return function, DEFAULTS[function]


def _call(
    builder: SpecBuilder,
    x: int,
    stage: int,
    filters: Sequence[int],
    stride: int,
    training: bool | None,
    number: int,
    place: int,
) -> int:
    function, draw = _draw(number)
    attrs = {
        "function": function,
        "f": 3,
        "filters": tuple(filters),
        "s": 1 if number else stride,
        "initializer": draw.kind,
        "training": training,
        "place": place,
    }
    kind = "goes on with identity blocks: f is 3"
    if not number:
        kind = f"starts with a convolutional block: f is 3, s is {stride}"
    sentence = f"Stage {stage} {kind}, filters {list(filters)}; training is passed on."
    label, where = f"block {number + 1} of stage {stage}", f"stage {stage}"
    line = Line(label, where, sentence)
    return builder.add("Block", attrs, (x,), line)


def _layers(
    builder: SpecBuilder,
    x: int,
    where: str,
    filters: Sequence[int],
    stride: int,
    training: bool | None,
    number: int,
) -> int:
    _, draw = _draw(number)
    block = Block(builder, draw, training, where)
    start = len(builder.lines)
    if number:
        end = add_identity(block, x, 3, filters, given=False)
    else:
        end = add_convolutional(block, x, 3, filters, stride, given=False)
    if where.startswith("stage 2"):
        builder.lines[start:] = [replace(n, given=True) for n in builder.lines[start:]]
    return end
