"""Lesson 5: a published network that is almost a ResNet-50, mended, then in PyTorch."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from grader.judge.calls import calls_blocks, paired_calls
from grader.judge.finding import Finding
from grader.judge.network.decide import decide
from grader.judge.network.difference import Difference
from grader.judge.network.examine import Examined, Trial, examine
from grader.judge.network.graph import Graph, read_graph
from grader.judge.network.normal import normal_form
from grader.judge.strict import CaptureError
from grader.judge.verdict import Verdict
from grader.lessons import _almost_challenges as challenges
from grader.lessons import _almost_keras, _almost_torch, _diagnosis
from grader.lessons._lesson import Check, Lesson
from grader.lessons._torch_words import in_torch_words

CLASSES = 1000
_SIZES = ((4, 4), (7, 6), (5, 8))
_IMAGE_SIZES = ((224, 224), (64, 64), (96, 128), (97, 65))
#: Points of these functions by those of lesson 1 whose prices the judge knows.
_SHARES = {
    "identity_block": 15 / 30,
    "convolutional_block": 15 / 30,
    "ResNet50": 15 / 40,
    "Bottleneck": 20 / 30,
    "ResNet50Torch": 15 / 40,
}
_UNUSED_PRICE = 2.0
_IMPLICIT_NOTE = (
    "nn.Softmax is made without dim: PyTorch guesses the axis, and warns. Here it "
    "guesses right; dim=1 says it."
)


def _priced(function: str, verdict: Verdict) -> Verdict:
    """Scales prices, which are those of lesson 1, to this function's points."""
    share = _SHARES[function]
    findings = [replace(f, price=f.price * share) for f in verdict.findings]
    return replace(verdict, findings=tuple(findings))


def _judge_keras_block(
    challenge: Mapping[str, Any], capture: Mapping[str, Any]
) -> Verdict:
    function = challenge["function"]
    build = getattr(_almost_keras, function)
    examined = []
    for call, captured in paired_calls(challenge, capture):
        shape = tuple(call["input_shape"])
        trial = Trial(
            call["id"],
            build(**call["arguments"]),
            shape,
            call["batch"],
            [(*size, shape[-1]) for size in _SIZES],
            usual=call["arguments"].get("s", 2) in (1, 2),
        )
        examined.append(examine(trial, captured, challenge["seed"]))
    verdict = decide(function, examined, asked="the block's output tensor X")
    return _priced(function, verdict)


def _judge_resnet50(
    challenge: Mapping[str, Any], capture: Mapping[str, Any]
) -> Verdict:
    examined = []
    for call, captured in paired_calls(challenge, capture):
        shape = tuple(call["input_shape"])
        recorded = calls_blocks(captured)
        spec = _almost_keras.resnet50(
            call["arguments"].get("classes", CLASSES), expanded=not recorded
        )
        trial = Trial(
            call["id"],
            spec,
            shape,
            call["batch"],
            _sizes(shape, recorded),
            defaults=not call["arguments"],
        )
        rewrite = _almost_keras.without_flatten if recorded else _almost_keras.expand
        examined.append(_or_too_large(trial, captured, challenge["seed"], rewrite))
    asked = "the model Model(inputs=..., outputs=...)"
    verdict = decide("ResNet50", examined, asked=asked, plan=True)
    return _priced("ResNet50", verdict)


def _or_too_large(
    trial: Trial,
    captured: Mapping[str, Any],
    seed: str,
    rewrite: Callable[[Graph], Graph],
) -> Examined:
    """Examines a call; the one without arguments may be too large to be read."""
    try:
        return examine(trial, captured, seed, rewrite)
    except CaptureError:
        if not trial.defaults:
            raise
        return Examined(trial, failure=("unreadable", {}))


def _sizes(shape: tuple[int, ...], recorded: bool) -> list[tuple[int, ...]]:
    """Where differences may show; a whole network is costly, and small ones do."""
    sizes = _IMAGE_SIZES if recorded else ((40, 40),)
    return [(*size, shape[-1]) for size in sizes]


def _judge_bottleneck(
    challenge: Mapping[str, Any], capture: Mapping[str, Any]
) -> Verdict:
    examined, unused = [], []
    for call, captured in paired_calls(challenge, capture):
        shape = tuple(call["input_shape"])
        trial = Trial(
            call["id"],
            _almost_torch.bottleneck(**call["arguments"]),
            shape,
            call["batch"],
            [(*size, shape[-1]) for size in _SIZES],
            usual=call["arguments"].get("stride", 1) in (1, 2),
        )
        examined.append(_of_module(trial, captured, challenge["seed"]))
        unused.append(_unused("Bottleneck", captured))
    asked = "an nn.Module whose forward returns a tensor"
    verdict = decide("Bottleneck", examined, asked=asked)
    return _module_verdict("Bottleneck", verdict, unused, capture)


def _judge_resnet50_torch(
    challenge: Mapping[str, Any], capture: Mapping[str, Any]
) -> Verdict:
    examined, unused = [], []
    for call, captured in paired_calls(challenge, capture):
        shape = tuple(call["input_shape"])
        recorded = calls_blocks(captured)
        classes = call["arguments"].get("classes", CLASSES)
        trial = Trial(
            call["id"],
            _almost_torch.resnet50(classes, expanded=not recorded),
            shape,
            call["batch"],
            _sizes(shape, recorded),
            defaults=not call["arguments"],
        )
        examined.append(_of_module(trial, captured, challenge["seed"], recorded))
        unused.append(_unused("ResNet50Torch", captured))
    asked = "an nn.Module whose forward returns a tensor"
    verdict = decide("ResNet50Torch", examined, asked=asked, plan=True)
    return _module_verdict("ResNet50Torch", verdict, unused, capture)


def _of_module(
    trial: Trial, captured: Mapping[str, Any], seed: str, recorded: bool = True
) -> Examined:
    """Examines a module's call: its initial weights are PyTorch's own, and any."""

    def rewrite(graph: Graph) -> Graph:
        graph = _almost_torch.folded(_almost_keras.without_flatten(graph))
        return graph if recorded else _almost_torch.expand(graph)

    seen = examine(trial, captured, seed, rewrite)
    seen.differences = [d for d in seen.differences if d.kind != "weight"]
    if seen.graph is not None and seen.matched is not None:
        own = rewrite(seen.graph)
        seen.differences = [d for d in seen.differences if not _follows(seen, own, d)]
        seen.differences = _with_shared(seen, own)
    return seen


def _follows(seen: Examined, own: Graph, difference: Difference) -> bool:
    """Whether a block takes the channels that it is given: the one before differs."""
    if difference.attr != "in_channels" or seen.matched is None:
        return False
    node = own.nodes[seen.matched.pairs[difference.node]]
    return own.nodes[node.sources[0]].shape[-1:] == (difference.found,)


def _with_shared(seen: Examined, own: Graph) -> list[Difference]:
    """Adds where one and the same block stands in several places.

    Each block that is shared is one mistake; its name is not another.
    """
    first: dict[Any, int] = {}
    found: dict[Any, Difference] = {}
    others = set()
    assert seen.matched is not None
    for number, index in seen.matched.pairs.items():
        node = own.nodes[index]
        if node.kind != "Block":
            continue
        place = node.attrs.get("place")
        if place in first:
            others.add(number)
            label = seen.trial.spec.lines[first[place]].label
            shared = Difference("shared", number, found=label, own=node.label)
            found.setdefault(place, shared)
        else:
            first[place] = number
    kept = [d for d in seen.differences if d.kind != "name" or d.node not in others]
    return [*kept, *found.values()]


def _unused(function: str, captured: Mapping[str, Any]) -> Finding | None:
    """Parameters that belong to no layer that the forward pass comes to."""
    graph = captured.get("graph")
    listed = graph.get("unused", []) if isinstance(graph, Mapping) else []
    if not isinstance(listed, list):
        raise CaptureError("the unused parameters are not a list")
    total, names = 0, []
    for item in listed[:50]:
        if type(item) is not dict or type(item.get("size")) is not int:
            raise CaptureError("an unused parameter without its size")
        total += item["size"]
        names.append(str(item.get("name"))[:80])
    if not names:
        return None
    layers = ", ".join(dict.fromkeys(name.rpartition(".")[0] for name in names[:6]))
    message = (
        f"{layers}: the forward pass never comes to these parameters ({total:,} "
        "numbers); the specification has no such layer."
    )
    sentence = "The module has the parameters of the specification, and no others."
    look = "Compare __init__ with forward."
    check = f"{function}-layers"
    return Finding(check, _UNUSED_PRICE, layers, sentence, message, look)


def _module_verdict(
    function: str,
    verdict: Verdict,
    unused: list[Finding | None],
    capture: Mapping[str, Any],
) -> Verdict:
    verdict = _priced(function, verdict)
    extra = next((finding for finding in unused if finding), None)
    if extra and verdict.share and not verdict.findings:
        verdict = replace(verdict, findings=(extra,))
    if any(_implicit(call) for call in capture["calls"]):
        verdict = replace(verdict, notes=(*verdict.notes, _IMPLICIT_NOTE))
    return in_torch_words(verdict)


def _implicit(captured: Mapping[str, Any]) -> bool:
    graph = captured.get("graph")
    return isinstance(graph, Mapping) and graph.get("implicit_dim") is True


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
