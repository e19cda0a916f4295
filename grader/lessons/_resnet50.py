"""The specification of ResNet50: its plan, its beginning and its end.

He et al. 2015 (arXiv:1512.03385), table 1, with the names of the published assignment.
"""

from collections.abc import Sequence
from dataclasses import replace

from grader.judge.network.spec import Line, Spec, SpecBuilder
from grader.lessons._blocks import Block, add_convolutional, add_identity

#: Stage, filters, stride of its first block, letters of the blocks.
STAGES = (
    (2, (64, 64, 256), 1, "abc"),
    (3, (128, 128, 512), 2, "abcd"),
    (4, (256, 256, 1024), 2, "abcdef"),
    (5, (512, 512, 2048), 2, "abc"),
)


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
    block = Block(builder, stage, letter, f"stage {stage}, block {letter}")
    start = len(builder.lines)
    if letter == "a":
        end = add_convolutional(block, x, 3, filters, stride, given=False)
    else:
        end = add_identity(block, x, 3, filters, given=False)
    if stage == 2:
        builder.lines[start:] = [replace(n, given=True) for n in builder.lines[start:]]
    return end
