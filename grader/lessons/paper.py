"""The blocks of He et al. as rows.

He et al. 2015 (arXiv:1512.03385), figure 5 and section 4.1. Each stands here once;
lessons say what is theirs: names, arguments, windows, what the code that the learner
starts from has.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.exercise.ranges import Falling, TwoOf, Unlike
from grader.judge.network.rows import Argument, Of, Part, Row

F1, F2, F3 = Of("F1"), Of("F2"), Of("F3")
FILTERS = Argument("filters", "widths", parts=("F1", "F2", "F3"))
SHORTCUT = Part("shortcut path", branch=True)
FINAL = Part("final step")
_CONV_ROLE = "the convolution of {where}"
_NORM_ROLE = "the batch normalisation of {where}"
_RELU_ROLE = "the ReLU of {where}"


@dataclass(frozen=True)
class Names:
    """How the layers of a block are called; empty names are none.

    Attributes:
        conv: what the names of convolutions begin with.
        norm: what those of batch normalisations begin with.
        ends: of the components of the main path, and of the shortcut.
    """

    conv: str = ""
    norm: str = ""
    ends: tuple[str, ...] = ("2a", "2b", "2c", "1")

    def of(self, ordinal: str) -> tuple[str, str]:
        """Names of a component's convolution and batch normalisation."""
        end = self.ends[_ORDINALS.index(ordinal)]
        return (self.conv and self.conv + end), (self.norm and self.norm + end)


_ORDINALS = ("first", "second", "third", "shortcut")
NO_NAMES = Names()


def component(
    ordinal: str,
    filters: Of,
    window: Any,
    stride: Any = 1,
    *,
    names: Names = NO_NAMES,
    relu: bool = True,
    given: bool = False,
    axis: bool = False,
    draw: str = "",
    mode: str = "",
    note: str = "",
    **settings: Any,
) -> tuple[Row, ...]:
    """A convolution, its batch normalisation and a ReLU.

    Args:
        ordinal: "first", "second", "third"; or "shortcut".
        filters: of the convolution.
        window: its height and width.
        stride: its stride.
        names: of the layers.
        relu: whether there is a ReLU.
        given: whether the code that the learner starts from has it.
        axis: whether the axis of the batch normalisation is spoken of.
        draw: the argument that says how the kernel starts.
        mode: the argument that says in which mode the batch normalisation is called.
        note: what is said of the end of the component.
        **settings: others of the convolution.
    """
    conv, norm = names.of(ordinal)
    part = SHORTCUT
    of = "the shortcut's"
    if ordinal != "shortcut":
        part, of = Part(f"{ordinal} component of the main path"), f"the {ordinal}"
    windows = {"filters": filters, "kernel_size": window, "strides": stride}
    rows = [
        Row(
            f"{ordinal}.conv",
            "Conv2D",
            part,
            {**windows, **settings},
            name=conv,
            label="" if conv else f"{of} convolution",
            role=_CONV_ROLE,
            given=given,
            draw=draw,
        ),
        Row(
            f"{ordinal}.norm",
            "BatchNormalization",
            part,
            {"axis": 3} if axis else {},
            name=norm,
            label="" if norm else f"{of} batch normalisation",
            role=_NORM_ROLE,
            given=given,
            mode=mode,
            note=note,
        ),
    ]
    if relu:
        label = f"the ReLU after {norm}" if norm else f"the ReLU of {of} component"
        key = f"{ordinal}.relu"
        rows.append(Row(key, "ReLU", part, label=label, role=_RELU_ROLE, given=given))
    return tuple(rows)


def block(
    main: Iterable[tuple[Row, ...]], shortcut: Sequence[Row] = (), end: str = "input"
) -> tuple[Row, ...]:
    """A main path and a shortcut that meet in a sum.

    Args:
        main: components of the main path.
        shortcut: its rows, if it has any.
        end: key of the one that gives what is added, or keys in their order.
    """
    rows = [row for part in main for row in part]
    ends = (rows[-1].key, end)
    if shortcut:
        rows += [replace(shortcut[0], after=("input",)), *shortcut[1:]]
    return (
        *rows,
        Row("sum", "Add", FINAL, after=ends, label="the addition"),
        Row("end", "ReLU", FINAL, label="the final ReLU"),
    )


def bottleneck(
    *,
    window: Any = 3,
    stride: Any = 1,
    names: Names = NO_NAMES,
    given: bool = True,
    projects: bool = False,
    when: str = "",
    **common: Any,
) -> tuple[Row, ...]:
    """The bottleneck block with three numbers of filters.

    Args:
        window: of the second convolution.
        stride: of the first, and of the projection.
        names: of the layers.
        given: whether the first component is.
        projects: whether the shortcut has a projection.
        when: the flag that this depends on, if it does.
        **common: to all components, as `component` takes it.
    """
    common = {"names": names, **common}
    valid, same = {"padding": "valid"}, {"padding": "same"}
    note = "no ReLU follows in this component"
    main = (
        component("first", F1, 1, stride, given=given, axis=given, **valid, **common),
        component("second", F2, window, **same, **common),
        component("third", F3, 1, relu=False, note=note, **valid, **common),
    )
    if not projects:
        return block(main)
    shortcut = component("shortcut", F3, 1, stride, relu=False, **valid, **common)
    shortcut = tuple(replace(row, when=when) for row in shortcut)
    return block(main, shortcut, "shortcut.norm|input" if when else "shortcut.norm")


# What a block's hidden calls are drawn from.
#: Height and width of a block's input.
SIDES = TwoOf(5, 6, 7, 8)
#: Channels: none of the numbers that the lessons show.
WIDTH = Unlike(3, 5, 7, 8, 9, 10)
#: Even ones, as those that the lessons show: a slip that halves channels, such as two
#: groups, does not stop every hidden call.
EVEN = Unlike(8, 10, 12, 14)
WIDTHS = [WIDTH, WIDTH, WIDTH]
#: The last number is the shown one: a fixed number does not stop every hidden call.
#: They fall, where the shown ones rise.
LIKE_SHOWN = Falling(EVEN, 2, (6,))
