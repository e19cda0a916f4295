"""Lesson 5: a published network that is almost a ResNet-50, mended, then in PyTorch."""

from collections.abc import Mapping
from typing import Any

from grader.judge.network.function import A_MODEL, Network
from grader.judge.network.normal import normal_form
from grader.judge.network.reading import read_graph
from grader.judge.network.rewrites import half_padding, without_flatten
from grader.judge.network.torch import TORCH
from grader.lessons import _almost_challenges as challenges
from grader.lessons import _almost_keras, _almost_torch, _diagnosis
from grader.lessons._lesson import Check, Lesson

_IMAGE_SIZES = ((224, 224), (64, 64), (96, 128), (97, 65))
#: A whole network is costly, and differences show in small ones, too.
_OPENED_SIZES = ((40, 40),)
_A_MODULE = "an nn.Module whose forward returns a tensor"
_FUNCTIONS = {
    **{
        name: Network(table, policy=_almost_keras.BLOCK)
        for name, table in _almost_keras.BLOCKS.items()
    },
    "ResNet50": Network(
        _almost_keras.RESNET50,
        A_MODEL,
        _IMAGE_SIZES,
        _almost_keras.BLOCKS,
        _OPENED_SIZES,
        policy=_almost_keras.NETWORK,
        rewrites=(without_flatten,),
    ),
    "Bottleneck": Network(
        _almost_torch.BOTTLENECK,
        _A_MODULE,
        dialect=TORCH,
        policy=_almost_torch.BLOCK,
        rewrites=(without_flatten, half_padding),
        stride="stride",
    ),
    "ResNet50Torch": Network(
        _almost_torch.RESNET50,
        _A_MODULE,
        _IMAGE_SIZES,
        _almost_torch.BLOCKS,
        _OPENED_SIZES,
        dialect=TORCH,
        policy=_almost_torch.NETWORK,
        rewrites=(without_flatten, half_padding),
    ),
}


def parameters(capture: Mapping[str, Any]) -> int:
    """Parameters of the first captured call's layers, blocks left out."""
    graph = normal_form(read_graph(capture["calls"][0]["graph"])).graph
    layers = {graph.nodes[i].operation: graph.nodes[i] for i in graph.order}
    return sum(v.size for node in layers.values() for v in node.variables.values())


def _block_checks(function: str) -> tuple[Check, ...]:
    return (
        Check(f"{function}-layers", function, 4, "names and arguments of layers"),
        Check(f"{function}-wiring", function, 7, "what feeds what"),
        Check(f"{function}-weights", function, 1, "seeded initial weights"),
        Check(f"{function}-values", function, 3, "outputs, new inputs too"),
    )


LESSON = Lesson(
    name="05_almost_a_resnet",
    notebook="almost_a_resnet",
    title="Almost a ResNet",
    checks=(
        Check("diagnose-blocks", "diagnose", 12, "faults inside the two blocks"),
        Check("diagnose-network", "diagnose", 8, "faults of the network around them"),
        *_block_checks("identity_block"),
        *_block_checks("convolutional_block"),
        Check("ResNet50-plan", "ResNet50", 8, "stages 3 to 5: blocks and arguments"),
        Check("ResNet50-layers", "ResNet50", 3, "the layers around the blocks"),
        Check("ResNet50-summary", "ResNet50", 2, "parameters and initial weights"),
        Check("ResNet50-values", "ResNet50", 2, "other image sizes and class numbers"),
        Check("Bottleneck-layers", "Bottleneck", 7, "names and arguments of layers"),
        Check("Bottleneck-wiring", "Bottleneck", 9, "what feeds what"),
        Check("Bottleneck-values", "Bottleneck", 4, "outputs in both modes"),
        Check("ResNet50Torch-plan", "ResNet50Torch", 8, "the blocks of stages 3 to 5"),
        Check("ResNet50Torch-layers", "ResNet50Torch", 4, "stem, pooling, output"),
        Check("ResNet50Torch-values", "ResNet50Torch", 3, "other images and classes"),
    ),
    challenges={
        "diagnose": challenges.diagnose,
        "identity_block": challenges.keras_block("identity_block"),
        "convolutional_block": challenges.keras_block("convolutional_block"),
        "ResNet50": challenges.resnet50,
        "Bottleneck": challenges.bottleneck,
        "ResNet50Torch": challenges.resnet50_torch,
    },
    judges={
        "diagnose": _diagnosis.judge,
        **{name: function.judge for name, function in _FUNCTIONS.items()},
    },
    needs={"Bottleneck": "torch", "ResNet50Torch": "torch"},
)
