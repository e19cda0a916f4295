"""The blocks and networks of lesson 4: five depths, three options of the shortcut.

He et al. 2015 (arXiv:1512.03385): figure 5 and table 1, section 3.3 and 4.1 for the
options A, B and C.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from grader.judge.network.graph import Graph
from grader.judge.network.policy import Policy
from grader.judge.network.rewrites import without_idle
from grader.judge.network.rows import Argument, Of, Part, Row, Table
from grader.judge.network.setting import Either
from grader.lessons import paper
from grader.lessons import paper_networks as networks
from grader.lessons.paper_networks import Stage

#: Initial weights may be any.
POLICY = Policy(seeded=False)
#: How many times wider than `filters` a block's output is.
EXPANSION = {"basic_block": 1, "bottleneck_block": 4}
DEFAULT_OPTION = {"basic_block": "A", "bottleneck_block": "B"}
#: For each depth the block, and how many of them stages 2 to 5 have.
PLANS: Mapping[int, tuple[str, tuple[int, ...]]] = {
    18: ("basic_block", (2, 2, 2, 2)),
    34: ("basic_block", (3, 4, 6, 3)),
    50: ("bottleneck_block", (3, 4, 6, 3)),
    101: ("bottleneck_block", (3, 4, 23, 3)),
    152: ("bottleneck_block", (3, 8, 36, 3)),
}
CLASSES = 1000

_LIKE = Either(("A", "B"))
_FILTERS, _S = Of("filters"), Of("s")
_WIDE = Of("4 * filters")
_WHOLE = Argument("filters", "whole")
SHORTCUT = Table(
    "shortcut",
    (_WHOLE, Argument("s", "whole"), Argument("option", "text")),
    paper.component("shortcut", _FILTERS, 1, _S, relu=False),
    fixed={"linear": True},
    width=_FILTERS,
)


def changes(channels: int, filters: int, s: int) -> bool:
    """Whether a shortcut has something to do in options A and B."""
    return s != 1 or channels != filters


_NOTE = "no ReLU follows before the addition"
_MAIN = {
    "basic_block": (
        paper.component("first", _FILTERS, 3, _S, padding="same"),
        paper.component("second", _FILTERS, 3, relu=False, note=_NOTE, padding="same"),
    ),
    "bottleneck_block": (
        paper.component("first", _FILTERS, 1, _S),
        paper.component("second", _FILTERS, 3, padding="same"),
        paper.component("third", _WIDE, 1, relu=False, note=_NOTE),
    ),
}


def block(name: str, *, called: bool) -> Table:
    """A block.

    Args:
        name: "basic_block" or "bottleneck_block".
        called: whether its shortcut is judged as a call of `shortcut`; otherwise by
            its layers.
    """
    expansion = EXPANSION[name]
    width = _FILTERS if expansion == 1 else _WIDE

    def works(values: Mapping[str, Any]) -> bool:
        wide = expansion * values["filters"]
        return values["option"] == "C" or changes(values["channels"], wide, values["s"])

    def calls(values: Mapping[str, Any]) -> bool:
        return works(values) and (called or values["option"] == "A")

    conv, norm = paper.component("shortcut", width, 1, _S, relu=False)
    label = "the call of shortcut"
    shortcut = (
        Row(
            "shortcut",
            "Block",
            Part("shortcut", branch=True),
            {"filters": width, "s": _S, "option": Of("option")},
            label=label,
            role=label,
            when="calls",
            calls=SHORTCUT,
        ),
        # one key: a call and what it stands for are one place
        replace(conv, key="shortcut", when="projects", after=("input",)),
        replace(norm, when="projects"),
    )
    return Table(
        name,
        (
            _WHOLE,
            Argument("s", "whole", 1),
            Argument("option", "text", DEFAULT_OPTION[name]),
        ),
        paper.block(_MAIN[name], shortcut, end="shortcut.norm|shortcut|input"),
        derived={
            "calls": calls,
            "projects": lambda values: works(values) and not calls(values),
        },
        width=width,
    )


BLOCKS = {
    (name, called): block(name, called=called)
    for name in EXPANSION
    for called in (True, False)
}


def _plan(depth: int) -> Table:
    name, counts = PLANS[depth]
    table, expansion = BLOCKS[name, True], EXPANSION[name]

    def arguments(stage: Stage, number: int) -> Mapping[str, Any]:
        (filters,) = stage.filters
        s = 1 if number else stage.stride
        channels = filters * expansion if number else stage.channels
        works = changes(channels, filters * expansion, s)
        option = Of("option", "" if works else "like")
        return {"filters": filters, "s": s, "option": option}

    def texts(stage: Stage, number: int) -> tuple[str, str, str]:
        where = f"stage {stage.number}, block {number + 1}"
        return "", where, where

    stages, channels = [], 64
    for number, count in enumerate(counts, start=2):
        filters = 32 * 2 ** (number - 1)
        stride = 1 if number == 2 else 2
        stages.append(Stage(number, (filters,), stride, count, channels))
        channels = filters * expansion
    first, head = Part("stage 1", "around", article=""), Part("head", "around")
    label = "the global average pooling"
    pooling = Row("pooling", "GlobalAveragePooling2D", head, label=label, role=label)
    return Table(
        "resnet",
        (
            Argument("classes", "whole", CLASSES),
            Argument("option", "text", DEFAULT_OPTION[name]),
        ),
        (
            *networks.stem(part=first, padding=first, pads_twice=True),
            *networks.plan(stages, table, table, arguments, texts),
            *networks.head(pooling, head, role="the dense layer"),
        ),
        # of a shortcut that gives X in both
        derived={"like": lambda v: _LIKE if v["option"] in _LIKE.values else "C"},
    )


NETWORKS = {depth: _plan(depth) for depth in PLANS}


def without_idle_shortcuts(graph: Graph) -> Graph:
    """Without calls of `shortcut` in options A and B where dimensions stay."""

    def idle(call: Mapping[str, Any], channels: int) -> bool:
        return (
            call.get("function") == "shortcut"
            and call.get("option") in ("A", "B")
            and not changes(channels, call["filters"], call["s"])
        )

    return without_idle(graph, idle)
