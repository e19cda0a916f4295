"""Lesson 5: a published network that is almost a ResNet-50, mended, then in PyTorch."""

from collections.abc import Mapping
from typing import Any

from grader.judge.calls import calls_blocks, paired_calls
from grader.judge.network.decide import decide
from grader.judge.network.dialect import KERAS
from grader.judge.network.examine import Examined, Trial, examine
from grader.judge.network.graph import Graph, read_graph
from grader.judge.network.normal import normal_form
from grader.judge.network.rewrites import half_padding, without_flatten
from grader.judge.network.specify import spec_of
from grader.judge.network.torch import TORCH
from grader.judge.verdict import Verdict
from grader.lessons import _almost_challenges as challenges
from grader.lessons import _almost_keras, _almost_torch, _diagnosis
from grader.lessons._lesson import Check, Lesson

_SIZES = ((4, 4), (7, 6), (5, 8))
_IMAGE_SIZES = ((224, 224), (64, 64), (96, 128), (97, 65))


def _judge_keras_block(
    challenge: Mapping[str, Any], capture: Mapping[str, Any]
) -> Verdict:
    function = challenge["function"]
    table, policy = _almost_keras.BLOCKS[function], _almost_keras.BLOCK
    examined = []
    for call, captured in paired_calls(challenge, capture):
        shape = tuple(call["input_shape"])
        trial = Trial(
            call["id"],
            spec_of(table, call["arguments"], KERAS, policy=policy),
            shape,
            call["batch"],
            [(*size, shape[-1]) for size in _SIZES],
            usual=call["arguments"].get("s", 2) in (1, 2),
        )
        examined.append(examine(trial, captured, challenge["seed"]))
    return decide(function, examined, asked="the block's output tensor X")


def _judge_resnet50(
    challenge: Mapping[str, Any], capture: Mapping[str, Any]
) -> Verdict:
    examined = []
    for call, captured in paired_calls(challenge, capture):
        shape = tuple(call["input_shape"])
        recorded = calls_blocks(captured)
        spec = spec_of(
            _almost_keras.RESNET50,
            call["arguments"],
            KERAS,
            policy=_almost_keras.NETWORK,
            opened=not recorded,
        )
        trial = Trial(
            call["id"],
            spec,
            shape,
            call["batch"],
            _sizes(shape, recorded),
            defaults=not call["arguments"],
        )
        rewrite = without_flatten if recorded else _almost_keras.expand
        examined.append(examine(trial, captured, challenge["seed"], rewrite))
    asked = "the model Model(inputs=..., outputs=...)"
    return decide("ResNet50", examined, asked=asked, plan=True)


def _sizes(shape: tuple[int, ...], recorded: bool) -> list[tuple[int, ...]]:
    """Where differences may show; a whole network is costly, and small ones do."""
    sizes = _IMAGE_SIZES if recorded else ((40, 40),)
    return [(*size, shape[-1]) for size in sizes]


def _judge_bottleneck(
    challenge: Mapping[str, Any], capture: Mapping[str, Any]
) -> Verdict:
    table, policy = _almost_torch.BOTTLENECK, _almost_torch.BLOCK
    examined = []
    for call, captured in paired_calls(challenge, capture):
        shape = tuple(call["input_shape"])
        trial = Trial(
            call["id"],
            spec_of(table, call["arguments"], TORCH, policy=policy),
            shape,
            call["batch"],
            [(*size, shape[-1]) for size in _SIZES],
            usual=call["arguments"].get("stride", 1) in (1, 2),
        )
        examined.append(_of_module(trial, captured, challenge["seed"]))
    asked = "an nn.Module whose forward returns a tensor"
    return decide("Bottleneck", examined, asked=asked)


def _judge_resnet50_torch(
    challenge: Mapping[str, Any], capture: Mapping[str, Any]
) -> Verdict:
    examined = []
    for call, captured in paired_calls(challenge, capture):
        shape = tuple(call["input_shape"])
        recorded = calls_blocks(captured)
        spec = spec_of(
            _almost_torch.RESNET50,
            call["arguments"],
            TORCH,
            policy=_almost_torch.NETWORK,
            opened=not recorded,
        )
        trial = Trial(
            call["id"],
            spec,
            shape,
            call["batch"],
            _sizes(shape, recorded),
            defaults=not call["arguments"],
        )
        examined.append(_of_module(trial, captured, challenge["seed"], recorded))
    asked = "an nn.Module whose forward returns a tensor"
    return decide("ResNet50Torch", examined, asked=asked, plan=True)


def _of_module(
    trial: Trial, captured: Mapping[str, Any], seed: str, recorded: bool = True
) -> Examined:
    def rewrite(graph: Graph) -> Graph:
        graph = half_padding(without_flatten(graph))
        return graph if recorded else _almost_torch.expand(graph)

    return examine(trial, captured, seed, rewrite)


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
        "identity_block": _judge_keras_block,
        "convolutional_block": _judge_keras_block,
        "ResNet50": _judge_resnet50,
        "Bottleneck": _judge_bottleneck,
        "ResNet50Torch": _judge_resnet50_torch,
    },
    needs={"Bottleneck": "torch", "ResNet50Torch": "torch"},
)
