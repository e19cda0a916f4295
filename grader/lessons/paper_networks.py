"""The networks of He et al. as rows: what is before, between and after the blocks.

He et al. 2015 (arXiv:1512.03385), table 1.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from grader.exercise.columns import columns
from grader.exercise.function import BUILT
from grader.exercise.ranges import Call
from grader.judge.network.known import Known
from grader.judge.network.rows import Of, Part, Row, Table


@dataclass(frozen=True)
class Stage:
    """A stage of a network.

    Attributes:
        number: from 2 to 5.
        filters: of its blocks.
        stride: of its first block.
        count: of its blocks.
        channels: that it is given.
        known: filters that learners take from elsewhere.
    """

    number: int
    filters: tuple[int, ...]
    stride: int
    count: int
    channels: int
    known: Known | None = None


_OLD_TEXT = Known(
    "filters",
    (((256, 256, 2048), (512, 512, 2048)), (256, 512)),
    "as an older text of this assignment has it",
    "The published summary (23,600,006 parameters) settles it",
)
#: Stages 2 to 5 of the network with 50 layers.
STAGES_50 = (
    Stage(2, (64, 64, 256), 1, 3, 64),
    Stage(3, (128, 128, 512), 2, 4, 256),
    Stage(4, (256, 256, 1024), 2, 6, 512),
    Stage(5, (512, 512, 2048), 2, 3, 1024, _OLD_TEXT),
)
#: Filters, windows and strides in hidden calls of stages 2 to 5: the network's own
#: window twice, since more of them would take seconds.
FILTERS = tuple(list(stage.filters) for stage in STAGES_50)
WINDOWS, STRIDES = (3, 3, 1, 1), tuple(stage.stride for stage in STAGES_50)


def stage_calls(channels: Any, **given: Any) -> tuple[Call, ...]:
    """Hidden calls of a block with the filters that the network calls it with.

    A block that is wrong in one stage only would be right for each student whose calls
    leave that stage out.

    Args:
        channels: of the maps, which are small.
        **given: arguments in their order, as `columns` takes them.
    """
    return columns("filters_{filters[0]}", 8, 8, channels, more=BUILT, **given)


def stage_part(number: int) -> Part:
    """A stage of blocks."""
    return Part(f"stage {number}", "plan", article="")


def stem(
    *,
    part: Part,
    padding: Part,
    names: tuple[str, str] = ("", ""),
    given: bool = True,
    mode: str = "",
    pads_twice: bool = False,
) -> tuple[Row, ...]:
    """What comes before the blocks: convolution and pooling.

    Args:
        part: where it belongs.
        padding: where its zero padding belongs.
        names: of convolution and batch normalisation.
        given: whether the code that the learner starts from has it.
        mode: as `component` takes it.
        pads_twice: whether zeros pad the maps before the pooling, too.
    """
    conv, norm = names
    at = part.words
    convolution = {"filters": 64, "kernel_size": 7, "strides": 2}
    first = "the first zero padding" if pads_twice else "the zero padding"
    label = f"the ReLU after {norm}" if norm else f"the ReLU of {at}"
    rows = [
        Row("pad", "ZeroPadding2D", padding, {"padding": 3}, label=first),
        Row(
            "conv",
            "Conv2D",
            part,
            convolution,
            name=conv,
            label="" if conv else f"the convolution of {at}",
        ),
        Row(
            "norm",
            "BatchNormalization",
            part,
            name=norm,
            label="" if norm else f"the batch normalisation of {at}",
            mode=mode,
        ),
        Row("relu", "ReLU", part, label=label),
    ]
    if pads_twice:
        second = "the second zero padding"
        rows.append(Row("pad2", "ZeroPadding2D", part, {"padding": 1}, label=second))
    window = {"pool_size": 3, "strides": 2}
    rows.append(Row("pool", "MaxPooling2D", part, window, label="the max pooling"))
    return tuple(replace(r, given=given, role=r.label or r.name) for r in rows)


def head(
    pooling: Row,
    part: Part,
    *,
    name: str = "",
    role: str = "the dense layer of the output",
    given: bool = False,
    flat: bool = False,
) -> tuple[Row, ...]:
    """What comes after the blocks: pooling and classification.

    Args:
        pooling: the row of the pooling.
        part: where the other rows belong.
        name: of the dense layer.
        role: of the dense layer; its label, too, if it has no name.
        given: whether the code that the learner starts from has these.
        flat: whether the pooling is followed by a flattening.
    """
    softmax = "the softmax of the output"
    units = {"units": Of("classes")}
    rows = (
        Row("dense", "Dense", part, units, name=name, label=name or role, role=role),
        Row("softmax", "Softmax", part, label=softmax, role=softmax),
    )
    flatten = Row("flat", "Flatten", part, label="Flatten")
    rows = (flatten, *rows) if flat else rows
    return (pooling, *(replace(row, given=given) for row in rows))


def plan(
    stages: Iterable[Stage],
    first: Table,
    then: Table,
    arguments: Any,
    texts: Any,
    given: tuple[int, ...] = (),
) -> Iterator[Row]:
    """The calls of blocks.

    Args:
        stages: in their order.
        first: the block that each begins with.
        then: the others.
        arguments: from stage and number of a block to its arguments.
        texts: from these to its name, its label, and where its layers lie.
        given: stages that the code that the learner starts from has.
    """
    for stage in stages:
        for number in range(stage.count):
            table = then if number else first
            settings: Mapping[str, Any] = arguments(stage, number)
            name, label, inside = texts(stage, number)
            yield Row(
                f"{stage.number}.{number}",
                "Block",
                stage_part(stage.number),
                settings,
                name=name,
                label=label,
                given=stage.number in given,
                calls=table,
                inside=inside,
                known=stage.known,
            )
