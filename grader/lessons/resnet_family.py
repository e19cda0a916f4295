"""Lesson 4: the five networks of table 1, their blocks, and what they cost."""

from functools import partial

from grader.judge import values
from grader.judge.network.function import Network
from grader.judge.values import Counting
from grader.lessons import _family_plan_verdict, _family_shortcut
from grader.lessons import family_counts as counts
from grader.lessons._family_inline import with_calls_for_zeros
from grader.lessons.family import (
    BLOCKS,
    DEFAULT_OPTION,
    EXPANSION,
    PLANS,
    POLICY,
    SHORTCUT,
    without_idle_shortcuts,
)
from grader.lessons.function import ONE_MODE, Function, builds, lesson_of
from grader.lessons.ranges import OneOf, Times, TwoOf, Whole, call

_SIDES = TwoOf(5, 7, 8, 9)
#: Option A has no fewer channels after the block than before.
_NARROW, _FILTERS = OneOf(1, 2, 3), OneOf(3, 5, 7)


def _block(name: str) -> Function:
    wider = EXPANSION[name]
    without_call = Network(
        BLOCKS[name, False],
        policy=POLICY,
        rewrites=(with_calls_for_zeros, without_idle_shortcuts),
    )
    return builds(
        Network(
            BLOCKS[name, True],
            "the block's output tensor",
            policy=POLICY,
            rewrites=(without_idle_shortcuts,),
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
        stand_ins={"shortcut": SHORTCUT.signature(aliases=True)},
    )  # fmt: skip


def _count(counting: Counting, title: str, *, shared: bool) -> Function:
    return Function(
        counting.function,
        (("values", counting.points, title),),
        tuple(counts.models(shared=shared)),
        {"capture": "values"},
        partial(values.judge, counting),
    )


_SMALL = {"input_shape": [64, 64, 3], "classes": 6}
LESSON = lesson_of(
    "04_resnet_family",
    "resnet_family",
    "The family of residual networks",
    (
        Function(
            "shortcut",
            (("A", 7, "pooling and zeros"),
             ("B", 5, "projection where dimensions change"),
             ("C", 3, "projection everywhere")),
            tuple(_family_shortcut.calls()),
            {"returns": "tensor", "stand_ins": {}},
            _family_shortcut.judge,
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
            _family_plan_verdict.judge,
        ),
        _count(counts.PARAMETERS, "parameters of models", shared=True),
        _count(counts.MULTIPLY_ADDS, "multiply-adds of models", shared=False),
    ),
)  # fmt: skip
