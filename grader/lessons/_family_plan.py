"""The specification of `resnet`: five networks from one plan.

He et al. 2015 (arXiv:1512.03385), table 1.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from grader.challenge import challenge_rng
from grader.judge.network.spec import Line, Spec, SpecBuilder
from grader.lessons._family_blocks import DEFAULT_OPTION, EXPANSION, POLICY, call_attrs

#: For each depth the block, and how many of them stages 2 to 5 have.
PLANS: Mapping[int, tuple[str, tuple[int, ...]]] = {
    18: ("basic_block", (2, 2, 2, 2)),
    34: ("basic_block", (3, 4, 6, 3)),
    50: ("bottleneck_block", (3, 4, 6, 3)),
    101: ("bottleneck_block", (3, 4, 23, 3)),
    152: ("bottleneck_block", (3, 8, 36, 3)),
}
CLASSES = 1000
_SIGNATURES = {
    name: {
        "parameters": [
            {"name": "filters", "kind": "whole"},
            {"name": "s", "kind": "whole", "default": 1},
            {"name": "option", "kind": "text", "default": DEFAULT_OPTION[name]},
        ],
        "expansion": expansion,
        "aliases": True,
    }
    for name, expansion in EXPANSION.items()
}


def challenge(seed: str) -> dict[str, Any]:
    """A call for each depth, then some with other options, sizes and classes."""
    rng = challenge_rng(seed, "arguments", "resnet")
    calls = [
        _call(f"depth_{depth}", depth, [64, 64, 3], {"classes": 6}) for depth in PLANS
    ]
    shapes = [[96, 64, 1], [64, 96, 4], [32, 64, 3]]
    for number, (depth, option) in enumerate(((34, "B"), (50, "A"), (18, "C"))):
        arguments = {"classes": int(rng.integers(7, 30)), "option": option}
        calls.append(_call(f"other_{number}", depth, shapes[number], arguments))
    calls.append(_call("defaults", 18, [224, 224, 3], {}, defaults=True))
    return {
        "function": "resnet",
        "seed": seed,
        "returns": "model",
        "stand_ins": _SIGNATURES,
        "needs_calls": True,
        "calls": calls,
    }


def _call(
    name: str,
    depth: int,
    shape: list[int],
    arguments: dict[str, Any],
    *,
    defaults: bool = False,
) -> dict[str, Any]:
    given = {} if defaults else {"input_shape": shape}
    return {
        "id": name,
        "input_shape": shape,
        "arguments": {"depth": depth, **given, **arguments},
        "batch": 1 if defaults else 2,
        "initial": False,
        "training": name == "depth_18",
    }


def network(depth: int, classes: int, option: str) -> Spec:
    """What `resnet` builds.

    Args:
        depth: one of `PLANS`.
        classes: of the output layer.
        option: of all shortcuts.
    """
    builder = SpecBuilder()
    x = _stem(builder)
    function, repeats = PLANS[depth]
    place = 0
    for stage, count in enumerate(repeats, start=2):
        filters = 32 * 2 ** (stage - 1)
        for number in range(count):
            s = 2 if stage > 2 and number == 0 else 1
            where = f"stage {stage}, block {number + 1}"
            x = _block(builder, x, function, filters, s, option, place, where)
            place += 1
    return builder.build(_head(builder, x, classes), POLICY)


def _stem(builder: SpecBuilder) -> int:
    where = "stage 1"

    def line(label: str, sentence: str) -> Line:
        return Line(label, where, sentence, given=True, role=label)

    pad = "Zeros pad the input by 3, and the maps before the pooling by 1."
    x = _pad(builder, 0, 3, line("the first zero padding", pad))
    sentence = "A convolution has 64 filters of 7×7 and stride 2."
    x = builder.conv(x, line("the convolution of stage 1", sentence), "", 64, 7, 2)
    sentence = "A batch normalisation of the channels follows."
    x = builder.batch_norm(x, line("the batch normalisation of stage 1", sentence), "")
    x = builder.activation(x, line("the ReLU of stage 1", "A ReLU follows."))
    x = _pad(builder, x, 1, line("the second zero padding", pad))
    attrs = {"pool_size": (3, 3), "strides": (2, 2), "padding": "valid"}
    sentence = "Max pooling has a window of 3×3 and stride 2."
    return builder.add("MaxPooling2D", attrs, (x,), line("the max pooling", sentence))


def _pad(builder: SpecBuilder, x: int, size: int, line: Line) -> int:
    attrs = {"padding": ((size, size), (size, size))}
    return builder.add("ZeroPadding2D", attrs, (x,), line)


def _block(builder, x, function, filters, s, option, place, where):
    stride = "s=2" if s == 2 else "s=1"
    line = Line(
        where,
        where.partition(",")[0],
        f"Block {where.rpartition(' ')[2]} of {where.partition(',')[0]} is a "
        f"{function} with filters={filters} and {stride}, and gets `option`.",
    )
    node = builder.add(
        "Block", call_attrs(function, filters, s, option, place), (x,), line
    )
    channels = filters * EXPANSION[function]
    builder.nodes[node] = replace(
        builder.nodes[node], shape=(None, None, None, channels)
    )
    if builder.nodes[x].kind == "MaxPooling2D":
        builder.nodes[x] = replace(builder.nodes[x], shape=(None, None, None, 64))
    return node


def _head(builder: SpecBuilder, x: int, classes: int) -> int:
    sentence = "Global average pooling over rows and columns follows the last block."
    x = builder.add(
        "GlobalAveragePooling2D",
        {"keepdims": False},
        (x,),
        Line("the global average pooling", "head", sentence, role="the pooling"),
    )
    sentence = "A dense layer with softmax gives one number per class."
    label = "the dense layer"
    x = builder.add(
        "Dense",
        {"units": classes, "use_bias": True},
        (x,),
        Line(label, "head", sentence, role=label, symbols={"units": "classes"}),
    )
    return builder.activation(
        x, Line("the softmax", "head", sentence, role="the softmax"), "softmax"
    )
