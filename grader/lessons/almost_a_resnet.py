"""Lesson 5: a published network that is almost a ResNet-50, mended, then in PyTorch.

He et al. 2015 (arXiv:1512.03385), table 1, for images of 224x224 and 1000 classes; the
network ends in global average pooling (section 3.3). Mended blocks are lesson 1's,
with windows of 3x3.
"""

from dataclasses import replace
from functools import partial

from grader.exercise.function import BUILT, ONE_MODE, Function, builds, lesson_of
from grader.exercise.ranges import Call, Last, Whole, call
from grader.judge import answers
from grader.judge.answers import AnswerKey, Area, Region, Secret
from grader.judge.network.function import A_MODEL, Network
from grader.judge.network.policy import Policy
from grader.judge.network.rewrites import own_padding, without_flatten
from grader.judge.network.rows import Row, Table
from grader.judge.network.torch import TORCH
from grader.lessons import modules, named
from grader.lessons.paper import EVEN, LIKE_SHOWN, SIDES, WIDTH, WIDTHS
from grader.lessons.paper_networks import FILTERS, STRIDES, stage_calls

IDENTITY_BLOCK, CONVOLUTIONAL_BLOCK = named.blocks(window=3)
BLOCKS = {table.name: table for table in (IDENTITY_BLOCK, CONVOLUTIONAL_BLOCK)}
RESNET50 = named.network(
    IDENTITY_BLOCK,
    CONVOLUTIONAL_BLOCK,
    Row("pooling", "GlobalAveragePooling2D", named.POOLING, name="avg_pool"),
    1000,
    given=False,
)
#: Prices are those of lesson 1, where a block has 30 points and the network 40.
_BLOCK, _NETWORK = Policy(scale=15 / 30), Policy(scale=15 / 40, may_be_large=True)
_IMAGE_SIZES = ((224, 224), (64, 64), (96, 128), (97, 65))
#: A whole network is costly, and differences show in small ones, too.
_OPENED_SIZES = ((40, 40),)
_A_MODULE = "an nn.Module whose forward returns a tensor"
_TO_PLAIN = (without_flatten, own_padding)


def _block(table: Table, *others: Call) -> Function:
    shown = call("shown", 4, 4, 6, batch=3, filters=[2, 4, 6], stage=1, block="a")
    return builds(
        Network(table, policy=_BLOCK),
        (
            ("layers", 4, "names and arguments of layers"),
            ("wiring", 7, "what feeds what"),
            ("weights", 1, "seeded initial weights"),
            ("values", 3, "outputs, new inputs too"),
        ),
        shown,
        *others,
        replace(shown, id="again"),
    )


def _module(network: Network, checks: tuple[tuple[str, int, str], ...], *calls: Call):
    made = builds(network, checks, *calls, capture="modules")
    return replace(made, needs="torch")


_SHOWN_BLOCK = call(
    "shown", 4, 4, 5, batch=3, in_channels=5, filters=[2, 4, 6], stride=2, project=True
)
#: `python -m tests.lessons.almost_a_resnet.truth` prints the digests.
_IDENTITY = Region("blocks", "identity_block", "identity_block")
_CONVOLUTIONAL = Region("blocks", "convolutional_block", "convolutional_block")
_CALLS = "the calls of the blocks"
_BLOCK_CALLS = Region("network", _CALLS, _CALLS)
_AROUND = Region("network", "network", "the network as a whole")
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
        Area("stem", _AROUND, ("stem",)),
        *(
            Area(f"stage {stage}", _BLOCK_CALLS, tuple(f"{stage}{b}" for b in blocks))
            for stage, blocks in _STAGES
        ),
        Area("pooling", _AROUND, ("pooling",)),
        Area("dense", _AROUND, ("dense",)),
        Area("", _AROUND, ("all layers",)),
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
               _BLOCK_CALLS, 1, _COUNT),
        Secret("1783da0afefe99e6", "79424e90c257b1b5", "21514c97d53adab5",
               _BLOCK_CALLS, 1, _COUNT),
        Secret("c863040a53285c6f", "bf728f6a70f45799", "21514c97d53adab5",
               _BLOCK_CALLS, 1, _COUNT),
        Secret("61e1df4a5e699dd6", "11f115b7996cf510", "21514c97d53adab5",
               _BLOCK_CALLS, 1, _COUNT),
        Secret("8160d290a28d9686", "9be4638ecdd57e62", "21514c97d53adab5",
               _BLOCK_CALLS, 1, _COUNT),
        Secret("4f1c38eb5329bc0e", "6552df9831d02dad", "dbde8f2ef9de3b19",
               _AROUND, 3, _COLUMN),
    ),
    start=_COUNT,
    invented=2,
    sentence="Only real faults are named: what changes a number at 224x224, and names "
    "that tell nothing.",
    look="Compare the place with lesson 1's network, or with the paper's table 1.",
)  # fmt: skip

LESSON = lesson_of(
    "05_almost_a_resnet",
    "almost_a_resnet",
    "Almost a ResNet",
    (
        Function(
            "diagnose",
            (("blocks", 12, "faults inside the two blocks"),
             ("network", 8, "faults of the network around them")),
            (call("answer"),),
            {"capture": "answers"},
            partial(answers.judge, ANSWER_KEY),
            frozenset(area.region.check for area in ANSWER_KEY.areas),
        ),
        _block(IDENTITY_BLOCK,
            call("other_0", SIDES, 6, filters=LIKE_SHOWN, **named.OTHERS),
            call("other_1", SIDES, Last("filters"), filters=WIDTHS, more=BUILT,
                 **named.OTHERS),
            *stage_calls(Last("filters"), **named.THEN),
        ),
        _block(CONVOLUTIONAL_BLOCK,
            call("other_0", SIDES, EVEN, filters=LIKE_SHOWN, **named.OTHERS, s=1),
            call("other_1", SIDES, WIDTH, filters=WIDTHS, more=BUILT, **named.OTHERS),
            call("other_2", SIDES, WIDTH, filters=WIDTHS, more=BUILT,
                 **named.OTHERS, s=3),
            *stage_calls(8, **named.FIRST),
        ),
        builds(
            Network(RESNET50, A_MODEL, _IMAGE_SIZES, BLOCKS, _OPENED_SIZES,
                    policy=_NETWORK, rewrites=(without_flatten,),
                    whole_windows=True),
            (("plan", 8, "stages 3 to 5: blocks and arguments"),
             ("layers", 3, "the layers around the blocks"),
             ("summary", 2, "parameters and initial weights"),
             ("values", 2, "other image sizes and class numbers")),
            # Few classes first: a network that forgets to pool is then small enough
            # to judge
            call("shown", 224, 224, 3, batch=1, input_shape=[224, 224, 3], classes=6,
                 more=ONE_MODE),
            call("other_1", 65, 97, 1, input_shape=[65, 97, 1], classes=2),
            # differs in its classes alone
            call("other_2", 224, 224, 3, batch=1, input_shape=[224, 224, 3],
                 classes=Whole(11, 29), more=ONE_MODE),
            call("defaults", 224, 224, 3, batch=1, more=ONE_MODE),
        ),
        _module(
            Network(modules.BOTTLENECK, _A_MODULE, dialect=TORCH,
                    policy=modules.BLOCK, rewrites=_TO_PLAIN, stride="stride",
                    # without its projection it is the identity block
                    first_built=True),
            (("layers", 7, "names and arguments of layers"),
             ("wiring", 9, "what feeds what"),
             ("values", 4, "outputs in both modes")),
            _SHOWN_BLOCK,
            call("other_0", SIDES, Last("filters"), filters=WIDTHS,
                 in_channels=Last("filters")),
            call("other_1", SIDES, 5, filters=LIKE_SHOWN, in_channels=5, stride=3,
                 project=True),
            # The shapes agree, and yet a projection is asked for
            call("other_2", SIDES, Last("filters"), filters=WIDTHS,
                 in_channels=Last("filters"), stride=1, project=True),
            call("other_3", SIDES, Last("filters"), filters=WIDTHS,
                 in_channels=Last("filters"), stride=1, project=False),
            *stage_calls(8, batch=1, in_channels=8, filters=FILTERS, stride=STRIDES,
                         project=True),
            replace(_SHOWN_BLOCK, id="again"),
        ),
        _module(
            Network(modules.RESNET50, _A_MODULE, _IMAGE_SIZES, modules.BLOCKS,
                    _OPENED_SIZES, dialect=TORCH, policy=modules.NETWORK,
                    rewrites=(without_flatten, partial(own_padding, strided=False))),
            (("plan", 8, "the blocks of stages 3 to 5"),
             ("layers", 4, "stem, pooling, output"),
             ("values", 3, "other images and classes")),
            call("shown", 224, 224, 3, batch=1, classes=6, more=ONE_MODE),
            call("other_0", 65, 97, 3, classes=Whole(11, 29)),
            call("other_1", 224, 224, 3, batch=1, classes=2, more=ONE_MODE),
            call("defaults", 40, 40, 3, batch=1, more=ONE_MODE),
        ),
    ),
)  # fmt: skip
