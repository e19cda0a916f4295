"""How lesson 5's functions are called: what the lesson shows, and hidden arguments."""

from typing import Any

from grader.challenge import challenge_rng
from grader.lessons._almost_keras import BLOCKS
from grader.lessons._almost_torch import BOTTLENECK
from grader.lessons._widths import draw_widths

#: None leaves `s` to its default.
_STRIDES = (1, None, 3)


def call(
    name: str,
    input_shape: list[int],
    arguments: dict[str, Any],
    batch: int = 2,
    *,
    training: bool = True,
) -> dict[str, Any]:
    """One call of a challenge."""
    return {
        "id": name,
        "input_shape": input_shape,
        "arguments": arguments,
        "batch": batch,
        "initial": False,
        "training": training,
    }


def _challenge(
    function: str, seed: str, calls: list[dict[str, Any]], **more: Any
) -> dict[str, Any]:
    own = {"function": function, "seed": seed, "stand_ins": {}, "calls": calls}
    return {**own, **more}


def diagnose(seed: str) -> dict[str, Any]:
    """`diagnose` is called once, without arguments."""
    calls = [call("answer", [], {})]
    return _challenge("diagnose", seed, calls, capture="answers")


def keras_block(function: str):
    """The challenges of a Keras block."""

    def challenge(seed: str) -> dict[str, Any]:
        rng = challenge_rng(seed, "arguments", function)
        shown: dict[str, Any] = {"filters": [2, 4, 6], "stage": 1, "block": "a"}
        calls = [call("shown", [4, 4, 6], shown, 3)]
        projects = function == "convolutional_block"
        for number, s in enumerate(_STRIDES if projects else (None, None)):
            widths = draw_widths(rng, like_shown=number == 0)
            if number == 0:
                # as shown: a fixed number of channels does not stop everything
                widths[2] = shown["filters"][2]
            arguments: dict[str, Any] = {
                "filters": widths[:3],
                "stage": int(rng.integers(2, 6)),
                "block": str(rng.choice(list("bcdefgh"))),
            }
            height, width = (int(n) for n in rng.permutation([5, 6, 7, 8])[:2])
            if s is not None:
                arguments["s"] = s
            shape = [height, width, widths[3] if projects else widths[2]]
            calls.append(call(f"other_{number}", shape, arguments))
        calls.append({**calls[0], "id": "again"})
        return _challenge(function, seed, calls, returns="tensor")

    return challenge


def resnet50(seed: str) -> dict[str, Any]:
    """Networks for images of three sizes, the lesson's own first."""
    rng = challenge_rng(seed, "arguments", "ResNet50")
    # Few classes first: a network that forgets to pool is then small enough to judge
    classes = [6, 2, int(rng.integers(11, 30))]
    # the last call differs in its classes alone
    shapes = [[224, 224, 3], [65, 97, 1], [224, 224, 3]]
    calls = [
        call(
            f"other_{number}" if number else "shown",
            shape,
            {"input_shape": shape, "classes": count},
            2 if number == 1 else 1,
            training=number == 1,
        )
        for number, (shape, count) in enumerate(zip(shapes, classes, strict=True))
    ]
    calls.append(call("defaults", shapes[0], {}, 1, training=False))
    blocks = {name: table.signature() for name, table in BLOCKS.items()}
    return _challenge("ResNet50", seed, calls, returns="model", stand_ins=blocks)


def bottleneck(seed: str) -> dict[str, Any]:
    """Blocks with and without a projection; the lesson's own first."""
    rng = challenge_rng(seed, "arguments", "Bottleneck")
    shown = {"in_channels": 5, "filters": [2, 4, 6], "stride": 2, "project": True}
    calls = [call("shown", [4, 4, 5], shown, 3)]
    for number, (stride, project) in enumerate(
        ((None, None), (3, True), (1, True), (1, False))
    ):
        widths = draw_widths(rng, like_shown=stride == 3)
        # With a stride of 1 the shapes agree, and yet a projection is asked for
        channels = widths[3] if project and stride != 1 else widths[2]
        if stride == 3:
            # as shown: a fixed number of channels does not stop everything
            channels, widths[2] = 5, 6
        arguments: dict[str, Any] = {"in_channels": channels, "filters": widths[:3]}
        if stride is not None:
            arguments["stride"] = stride
        if project is not None:
            arguments["project"] = project
        height, width = (int(n) for n in rng.permutation([5, 6, 7, 8])[:2])
        calls.append(call(f"other_{number}", [height, width, channels], arguments))
    calls.append({**calls[0], "id": "again"})
    return _challenge("Bottleneck", seed, calls, capture="modules")


def resnet50_torch(seed: str) -> dict[str, Any]:
    """Networks for images of three sizes, one of them alone in its batch."""
    rng = challenge_rng(seed, "arguments", "ResNet50Torch")
    calls = [
        call("shown", [224, 224, 3], {"classes": 6}, 1, training=False),
        call("other_0", [65, 97, 3], {"classes": int(rng.integers(11, 30))}),
        call("other_1", [224, 224, 3], {"classes": 2}, 1, training=False),
        call("defaults", [40, 40, 3], {}, 1, training=False),
    ]
    blocks = {BOTTLENECK.name: BOTTLENECK.signature()}
    return _challenge("ResNet50Torch", seed, calls, capture="modules", stand_ins=blocks)
