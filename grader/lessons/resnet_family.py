"""Lesson 4: the five networks of table 1, their blocks, and what they cost."""

from collections.abc import Iterator
from functools import partial

import numpy as np

from grader.exercise.columns import columns
from grader.exercise.function import BUILT, ONE_MODE, Function, builds, lesson_of
from grader.exercise.ranges import Call, Distinct, OneOf, Times, TwoOf, Whole, call
from grader.judge import values
from grader.judge.network.by_numbers import Numbers, with_calls_for
from grader.judge.network.depths import Depths
from grader.judge.network.function import Network
from grader.judge.network.graph import Graph
from grader.judge.network.options import Option, Options
from grader.judge.signature import Spare
from grader.judge.values import Counting
from grader.lessons import family_counts as counts
from grader.lessons.family import (
    BLOCKS,
    DEFAULT_OPTION,
    EXPANSION,
    NETWORKS,
    PLANS,
    POLICY,
    SHORTCUT,
    changes,
    without_idle_shortcuts,
)


def _with_zeros(x: np.ndarray, before: int, behind: int, s: int) -> np.ndarray:
    zeros = (max(before, 0), max(behind, 0))
    return np.pad(x[:, ::s, ::s], [(0, 0), (0, 0), (0, 0), zeros])


def option_a(x: np.ndarray, filters: int, s: int) -> np.ndarray:
    """What option A gives: each s-th pixel, zeros behind the channels."""
    return _with_zeros(x, 0, filters - x.shape[-1], s)


def _before(x: np.ndarray, filters: int, s: int) -> np.ndarray:
    return _with_zeros(x, filters - x.shape[-1], 0, s)


def _around(x: np.ndarray, filters: int, s: int) -> np.ndarray:
    more = filters - x.shape[-1]
    return _with_zeros(x, more // 2, more - more // 2, s)


_SHORTCUT = Options(
    SHORTCUT,
    POLICY,
    {"A": Option(7, numbers=True), "B": Option(5), "C": Option(3, always=True)},
    changes,
    Numbers(
        option_a,
        {
            "the zeros stand before the channels of X, not behind them": _before,
            "zeros stand on both sides of the channels of X, not only behind them":
            _around,
        },
        kept="the first channels are not pixels 0, s, 2s, ... of those of X",
        new="the channels that are new are not zero",
        with_weights="has parameters: option A is to have nothing that could be "
        "learned",
        sentence="Option A, where dimensions change: pixels 0, s, 2s, ... of rows and "
        "columns, with zeros as the channels that are new.",
    ),
    layers="Where option B or C projects, there is a convolution of 1×1 with stride s "
    "and a batch normalisation.",
    same="Where dimensions stay, options A and B give X as it is.",
)  # fmt: skip


def _shortcut_calls() -> Iterator[Call]:
    """Calls of each option, where dimensions change and where they stay."""
    told = {
        "both": (3, 5, 2),
        "channels": (3, 5, 1),
        "stride": (4, 4, 2),
        "same": (4, 4, 1),
    }
    for option in "ABC":
        for case, (channels, filters, s) in told.items():
            if option == "C" and case in ("channels", "stride"):
                continue
            arguments = {"filters": filters, "s": s, "option": option}
            yield call(f"{option}_{case}", 4, 6, channels, **arguments)
        yield call(f"{option}_other", TwoOf(5, 7, 8, 9, 10), OneOf(6, 7, 8),
                   filters=OneOf(9, 11, 13), s=2 if option == "C" else OneOf(3, 4),
                   option=option)  # fmt: skip


def _with_calls_for_zeros(graph: Graph) -> Graph:
    return with_calls_for(graph, option_a, SHORTCUT, {"option": "A"})


_SIDES = TwoOf(5, 7, 8, 9)
#: Option A has no fewer channels after the block than before.
_NARROW, _FILTERS = OneOf(1, 2, 3), OneOf(3, 5, 7)
_WIDTHS = (64, 128, 256, 512)
#: Another one in each stage.
_OPTION, _NEXT_OPTION = Distinct("A", "B", "C"), Distinct("A", "B", "C", "B")


def _block(name: str) -> Function:
    wider = EXPANSION[name]
    without_call = Network(
        BLOCKS[name, False],
        policy=POLICY,
        rewrites=(_with_calls_for_zeros,),
        without_idle=without_idle_shortcuts,
    )
    return builds(
        Network(
            BLOCKS[name, True],
            "the block's output tensor",
            policy=POLICY,
            without_idle=without_idle_shortcuts,
            helper="shortcut",
            without_helper=without_call,
            # a block without its shortcut can be built where dimensions stay
            first_built=True,
        ),
        (
            ("layers", 8, "layers, the shortcut's arguments"),
            ("wiring", 8, "what feeds what"),
            ("values", 4, "other arguments and inputs"),
        ),
        call("shown", 6, 6, 6, filters=4, s=2, option="B"),
        call("unchanged", 6, 4, 8, filters=8 // wider, more=ONE_MODE),
        # as shown: a fixed number of filters does not stop everything
        call("other_2", _SIDES, _NARROW, filters=4, s=3, option="A", more=ONE_MODE),
        call("other_3", _SIDES, Times(wider, "filters"), filters=_FILTERS, s=1,
             option="C", more=ONE_MODE),
        call("other_4", _SIDES, _NARROW, filters=_FILTERS, more=ONE_MODE),
        # the first block of each stage, and another one
        call("first_64", 8, 8, 64, filters=64, s=1, more=BUILT),
        *columns("first_{filters}", 8, 8, tuple(n * wider for n in _WIDTHS[:3]),
                 filters=_WIDTHS[1:], s=2, option=_OPTION, more=BUILT),
        *columns("next_{filters}", 8, 8, Times(wider, "filters"), filters=_WIDTHS,
                 s=1, option=_NEXT_OPTION, more=BUILT),
        stand_ins={"shortcut": SHORTCUT.signature(aliases=True)},
    )  # fmt: skip


def _count(counting: Counting, title: str, *, shared: bool) -> Function:
    return Function(
        counting.function,
        (("values", counting.points, title),),
        tuple(counts.models(shared=shared)),
        {"capture": "values"},
        partial(values.judge, counting),
        frozenset(("values",)),
    )


_SMALL = {"input_shape": [64, 64, 3], "classes": 6}
LESSON = lesson_of(
    "04_resnet_family",
    "resnet_family",
    "The family of residual networks",
    (
        Function(
            "shortcut",
            tuple(
                (name, _SHORTCUT.options[name].points, title)
                for name, title in (
                    ("A", "pooling and zeros"),
                    ("B", "projection where dimensions change"),
                    ("C", "projection everywhere"),
                )
            ),
            tuple(_shortcut_calls()),
            {"returns": "tensor", "stand_ins": {}},
            _SHORTCUT.judge,
        ),
        _block("basic_block"),
        _block("bottleneck_block"),
        Function(
            "resnet",
            (("plan", 17, "five depths: blocks and arguments"),
             ("layers", 4, "the layers around the blocks"),
             ("values", 4, "options, image sizes, class numbers")),
            (
                *(
                    call(f"depth_{depth}", 64, 64, 3, depth=depth, **_SMALL,
                         more={"training": depth == 18})
                    for depth in PLANS
                ),
                call("other_0", 96, 64, 1, depth=34, input_shape=[96, 64, 1],
                     classes=Whole(7, 29), option="B", more=ONE_MODE),
                call("other_1", 64, 96, 4, depth=50, input_shape=[64, 96, 4],
                     classes=Whole(7, 29), option="A", more=ONE_MODE),
                call("other_2", 32, 64, 3, depth=18, input_shape=[32, 64, 3],
                     classes=Whole(7, 29), option="C", more=ONE_MODE),
                call("defaults", 224, 224, 3, batch=1, depth=18, more=ONE_MODE),
            ),
            {
                "returns": "model",
                "stand_ins": {
                    name: BLOCKS[name, True].signature(aliases=True)
                    for name in DEFAULT_OPTION
                },
                "needs_calls": True,
            },
            Depths(NETWORKS, POLICY, ((64, 64), (96, 128), (32, 32)),
                   points=17, usual="images of 224×224×3 and 1000 classes").judge,
            spare=Spare(frozenset(("input_shape", "classes", "option"))),
        ),
        _count(counts.PARAMETERS, "parameters of models", shared=True),
        _count(counts.MULTIPLY_ADDS, "multiply-adds of models", shared=False),
    ),
)  # fmt: skip
