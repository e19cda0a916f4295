"""Lesson 3: layers, bottleneck and ResNet50 from tensor operations and a store."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from grader import stream
from grader.lessons._lesson import Check, Lesson
from grader.lessons._tensor_layers import judge_layer
from grader.lessons._tensor_nets import judge_net

NAME = "03_resnet_from_tensors"
#: Module beside the notebook that holds the store.
HELPER = "tensors_utils"
Rng = np.random.Generator


def _parameters(first: str, *names: str, **defaults: Any) -> list[dict[str, Any]]:
    """A signature: the tensor, then names without a default, then those with one."""
    plain = [{"name": name} for name in (first, *names)]
    return plain + [{"name": n, "default": v} for n, v in defaults.items()]


#: The functions' parameters, as the lesson gives them.
SIGNATURES = {
    "conv2d": _parameters("x", "num_outputs", "kernel_size", stride=1, scope="conv2d"),
    "batch_norm": _parameters(
        "x", decay=0.999, epsilon=1e-3, is_training=True, scope="batch_norm"
    ),
    "avg_pool": _parameters("x", "pool_size", "scope"),
    "max_pool": _parameters("x", "pool_size", "stride", "scope"),
    "fc": _parameters("x", "num_outputs", scope="fc"),
    "bottleneck": _parameters(
        "x", "h_out", "n_out", stride=None, is_training=True, scope="bottleneck"
    ),
    "block": _parameters(
        "x", "n_out", "n", init_stride=2, is_training=True, scope="block"
    ),
}
#: What each function calls, and so what is stood in for while it is captured.
CALLED = {
    "bottleneck": ("conv2d", "batch_norm"),
    "block": ("bottleneck",),
    "ResNet50": ("conv2d", "batch_norm", "max_pool", "block", "avg_pool", "fc"),
}


def _call(
    name: str, shape: Sequence[int], batch: int = 2, **arguments: Any
) -> dict[str, Any]:
    """A call; `scale` and `shift` are of its input, standard normal otherwise."""
    spread = {key: arguments.pop(key) for key in ("scale", "shift", "real")
              if key in arguments}  # fmt: skip
    shape = [int(n) for n in shape]
    return {
        "id": name,
        "input_shape": shape,
        "batch": batch,
        **spread,
        "arguments": arguments,
    }


def _sizes(rng: Rng, *choices: int) -> list[int]:
    return [int(n) for n in rng.choice(choices, 2, replace=False)]


def _scope(rng: Rng, stem: str) -> str:
    return f"{stem}{rng.integers(20, 99)}"


def _conv2d(rng: Rng) -> list[dict[str, Any]]:
    widths = [int(n) for n in rng.permutation([2, 3, 5, 6, 7])]
    kernels = [int(rng.choice([2, 4])), int(rng.choice([5, 7]))]
    return [
        _call("published", [5, 5, 3], num_outputs=4, kernel_size=3, stride=2,
              scope="conv1"),
        _call("even", [6, 8, widths[0]], num_outputs=widths[1], kernel_size=3,
              stride=2, scope=_scope(rng, "conv")),
        _call("window", [*_sizes(rng, 7, 8, 9), 4], num_outputs=widths[2],
              kernel_size=kernels[0], stride=3, scope=_scope(rng, "c")),
        _call("point", [*_sizes(rng, 4, 5, 6), widths[3]], num_outputs=4,
              kernel_size=1, stride=2, scope=_scope(rng, "conv_")),
        _call("defaults", [*_sizes(rng, 7, 8, 9), 8], num_outputs=widths[4],
              kernel_size=kernels[1]),
    ]  # fmt: skip


def _batch_norm(rng: Rng) -> list[dict[str, Any]]:
    decays = [float(d) for d in rng.permutation([0.55, 0.65, 0.75, 0.8])]
    return [
        _call("published", [4, 4, 3], 3, decay=0.9, scope="bn1"),
        _call("tiny", [*_sizes(rng, 2, 3, 4), 5], decay=decays[0], scale=0.03,
              scope=_scope(rng, "bn")),
        _call("large", [*_sizes(rng, 2, 3, 5), 4], scale=30, shift=50),
        _call("wide", [3, 3, 6], epsilon=0.4, decay=decays[1], scope=_scope(rng, "b")),
        _call("dense", [5], 9, epsilon=0.1, decay=decays[2], scope=_scope(rng, "bn_")),
        _call("inference", [*_sizes(rng, 2, 3, 4), 4], epsilon=0.5, decay=decays[3],
              is_training=False, scope=_scope(rng, "bn")),
        _call("inference_defaults", [3, 2, 3], is_training=False, shift=2),
    ]  # fmt: skip


def _avg_pool(rng: Rng) -> list[dict[str, Any]]:
    return [
        _call("published", [7, 7, 3], pool_size=7, scope="avgpool5"),
        _call("two", [*_sizes(rng, 4, 5, 6, 7), 2], pool_size=2, scope="pool"),
        _call("three", [8, 7, 4], pool_size=3, scope=_scope(rng, "p")),
        _call("four", [4, 11, 2], pool_size=4, scope=_scope(rng, "p")),
    ]


def _max_pool(rng: Rng) -> list[dict[str, Any]]:
    return [
        _call("published", [6, 6, 3], pool_size=3, stride=2, scope="maxpool1"),
        _call("negative", [*_sizes(rng, 5, 6, 7), 2], pool_size=3, stride=2, shift=-6,
              scope=_scope(rng, "p")),
        _call("one", [5, 4, 3], pool_size=3, stride=1, scope=_scope(rng, "p")),
        _call("two", [7, 5, 2], pool_size=2, stride=2, scope=_scope(rng, "p")),
        _call("four", [*_sizes(rng, 8, 9, 10), 2], pool_size=4, stride=2,
              scope=_scope(rng, "p")),
    ]  # fmt: skip


def _fc(rng: Rng) -> list[dict[str, Any]]:
    widths = [int(n) for n in rng.permutation([2, 5, 7, 9, 11])]
    return [
        _call("published", [6], 3, num_outputs=4, scope="fc6"),
        _call("other", [widths[0]], 4, num_outputs=widths[1], scope=_scope(rng, "fc")),
        _call("defaults", [widths[2]], 5, num_outputs=widths[3]),
    ]


def _bottleneck(rng: Rng) -> list[dict[str, Any]]:
    quarter = int(rng.integers(3, 6))
    return [
        _call("published", [4, 4, 8], h_out=4, n_out=16, scope="bottleneck1"),
        _call("same", [5, 4, 4 * quarter], h_out=quarter, n_out=4 * quarter,
              scale=6, scope=_scope(rng, "unit")),
        _call("given", [4, 6, 8], h_out=3, n_out=12, stride=1, scope=_scope(rng, "u")),
        _call("wide", [6, 7, 5], h_out=7, n_out=10, stride=3,
              scope=_scope(rng, "u")),
        _call("inference", [4, 5, 6], h_out=3, n_out=12, is_training=False,
              scope=_scope(rng, "u")),
        _call("defaults", [5, 6, 6], h_out=2, n_out=8),
    ]  # fmt: skip


def _block(rng: Rng) -> list[dict[str, Any]]:
    many = int(rng.integers(4, 6))
    return [
        _call("published", [6, 6, 8], n_out=16, n=3, scope="block3"),
        _call("first", [5, 4, 6], n_out=12, n=2, init_stride=1,
              scope=_scope(rng, "stage")),
        _call("one", [6, 4, 4], n_out=8, n=1, init_stride=3, scope=_scope(rng, "s")),
        _call("inference", [4, 6, 8], n_out=20, n=many, is_training=False,
              scope=_scope(rng, "s")),
        _call("defaults", [5, 5, 6], n_out=8, n=2),
    ]  # fmt: skip


def _resnet50(rng: Rng) -> list[dict[str, Any]]:
    classes = int(rng.integers(11, 40))
    return [
        _call("shown", [224, 224, 3], 1, real="if_needed"),
        _call("classes", [224, 224, 3], 1, num_classes=classes, is_training=False,
              scope=_scope(rng, "net"), real="if_needed"),
    ]  # fmt: skip


def _challenge(
    function: str, calls: Callable[[Rng], list[dict[str, Any]]]
) -> Callable[[str], dict[str, Any]]:
    def challenge(seed: str) -> dict[str, Any]:
        rng = stream.challenge_rng(seed, "arguments", function)
        pair = function == "ResNet50"
        return {
            "function": function,
            "seed": seed,
            "capture": "tensors",
            "helper": HELPER,
            "returns": ["logits", "predictions"] if pair else ["output"],
            "stand_ins": {n: SIGNATURES[n] for n in CALLED.get(function, ())},
            "calls": calls(rng),
        }

    return challenge


_CALLS = {
    "conv2d": _conv2d,
    "batch_norm": _batch_norm,
    "avg_pool": _avg_pool,
    "max_pool": _max_pool,
    "fc": _fc,
    "bottleneck": _bottleneck,
    "block": _block,
    "ResNet50": _resnet50,
}

LESSON = Lesson(
    name=NAME,
    notebook="resnet_from_tensors",
    title="A ResNet from tensors",
    checks=(
        Check("conv2d-variables", "conv2d", 4, "the kernel that it asks for"),
        Check("conv2d-values", "conv2d", 6, "strides, padding, values"),
        Check("batch_norm-variables", "batch_norm", 5, "the four variables"),
        Check("batch_norm-training", "batch_norm", 5, "values in training"),
        Check("batch_norm-moving", "batch_norm", 6, "updates of the moving averages"),
        Check("batch_norm-inference", "batch_norm", 4, "values in inference"),
        Check("avg_pool-values", "avg_pool", 5, "windows, padding, values"),
        Check("max_pool-values", "max_pool", 5, "windows, strides, padding, values"),
        Check("fc-variables", "fc", 4, "weight and bias"),
        Check("fc-values", "fc", 6, "values"),
        Check("bottleneck-calls", "bottleneck", 12, "the layers that it calls"),
        Check("bottleneck-wiring", "bottleneck", 8, "ReLUs, shortcut, sum"),
        Check("block-calls", "block", 7, "the bottlenecks that it calls"),
        Check("block-wiring", "block", 3, "what each is given"),
        Check("ResNet50-plan", "ResNet50", 12, "the layers and blocks that it calls"),
        Check("ResNet50-outputs", "ResNet50", 8, "what each is given; the outputs"),
    ),
    challenges={name: _challenge(name, calls) for name, calls in _CALLS.items()},
    judges={name: judge_net if name in CALLED else judge_layer for name in _CALLS},
)
