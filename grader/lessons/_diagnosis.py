"""Lesson 5's `diagnose`: its two lists, and the digests of the faults that are there.

`python -m tests.lessons.almost_a_resnet.truth` prints the digests.
"""

from functools import partial

from grader.judge import answers
from grader.judge.answers import AnswerKey, Area, Region, Secret

_IDENTITY = Region("blocks", "identity_block", "identity_block")
_CONVOLUTIONAL = Region("blocks", "convolutional_block", "convolutional_block")
_ONE_CALL = "one of the calls of the blocks"
_CALLS = Region("network", _ONE_CALL, _ONE_CALL)
_NETWORK = Region("network", "network", "the network as a whole")
_PARTS = ("first", "second", "third", "shortcut", "merge", "end")
_STAGES = ((2, "abc"), (3, "abcd"), (4, "abcdef"), (5, "abc"))

_SHAPES = "Compare the shapes before and after the merge in the layer table."
_VALUES = "Look at what reaches the merge: which values can it have (section 2.3)?"
_COUNT = "Compare the parameters of blocks of one stage in the layer table."
_COLUMN = "Read the first column of the layer table."

ANSWER_KEY = AnswerKey(
    function="diagnose",
    salt="almost a resnet",
    areas=(
        *(
            Area(block.name, block, tuple(f"{block.name}.{part}" for part in _PARTS))
            for block in (_IDENTITY, _CONVOLUTIONAL)
        ),
        Area("stem", _NETWORK, ("stem",)),
        *(
            Area(f"stage {stage}", _CALLS, tuple(f"{stage}{b}" for b in blocks))
            for stage, blocks in _STAGES
        ),
        Area("pooling", _NETWORK, ("pooling",)),
        Area("dense", _NETWORK, ("dense",)),
        Area("", _NETWORK, ("all layers",)),
    ),
    faults=(
        "concatenates",
        "extra ReLU",
        "missing ReLU",
        "no batch normalisation",
        "no projection",
        "no bias",
        "filters",
        "kernel size",
        "stride",
        "padding",
        "activation",
        "unnamed",
    ),
    secrets=(
        Secret("44b792c58420ed27", "b4cf6b3178063109", "0c4a5bfc4f275c21",
               _IDENTITY, 3, _VALUES),
        Secret("72cd6b3b02595e92", "f7e5f9482c6794de", "649c16f5cd2ed928",
               _IDENTITY, 3, _SHAPES),
        Secret("da3b7bd1d66f4eba", "7d4a3bd1da2ca4de", "beb9c31f295ead23",
               _CONVOLUTIONAL, 3, _VALUES),
        Secret("4103e42edc29f76e", "9ff7a483e73e49d2", "28debe78b8881539",
               _CONVOLUTIONAL, 3, _SHAPES),
        Secret("71413cf3200a01d9", "c60a13d704098f16", "21514c97d53adab5",
               _CALLS, 1, _COUNT),
        Secret("1783da0afefe99e6", "79424e90c257b1b5", "21514c97d53adab5",
               _CALLS, 1, _COUNT),
        Secret("c863040a53285c6f", "bf728f6a70f45799", "21514c97d53adab5",
               _CALLS, 1, _COUNT),
        Secret("61e1df4a5e699dd6", "11f115b7996cf510", "21514c97d53adab5",
               _CALLS, 1, _COUNT),
        Secret("8160d290a28d9686", "9be4638ecdd57e62", "21514c97d53adab5",
               _CALLS, 1, _COUNT),
        Secret("4f1c38eb5329bc0e", "6552df9831d02dad", "dbde8f2ef9de3b19",
               _NETWORK, 3, _COLUMN),
    ),
    start=_COUNT,
    invented=2,
    sentence="Only real faults are named: what changes a number at 224x224, and names "
    "that tell nothing.",
    look="Compare the place with lesson 1's network, or with the paper's table 1.",
)  # fmt: skip

#: From challenge and capture to the verdict.
judge = partial(answers.judge, ANSWER_KEY)
