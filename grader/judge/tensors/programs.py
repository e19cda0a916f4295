"""What layers compute, in NumPy, with the mistakes that people make.

Each program takes the input, the variables by role and the call's arguments; its
options are mistakes, which a lesson's table puts into words. Tensors are (m, height,
width, channels).
"""

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.judge import activations, layers
from grader.judge.tensors.formulas import value_of
from grader.judge.tensors.moments import Axes, Statistics, demand_fit

Arrays = Mapping[str, np.ndarray]
Arguments = Mapping[str, Any]


#: Of a kernel's windows; the challenges have none over 7.
_WIDEST = 32


def conv2d(
    x: np.ndarray,
    variables: Arrays,
    call: Arguments,
    *,
    padding: str = "same",
    stride: Any = None,
    kernel: str = "",
    after: str = "",
    extra: bool = False,
) -> dict[str, np.ndarray]:
    """Convolution with 'SAME' padding and no bias."""
    weights = variables["kernel"]
    size = weights.shape[0]
    if max(weights.shape[:2]) > _WIDEST:
        raise ValueError("the kernel's window is too large")
    asked = call["stride"]
    strides: Any = {None: asked, "rows": (asked, 1), "columns": (1, asked)}.get(
        stride, stride
    )
    attrs: dict[str, Any] = {
        "kernel_size": weights.shape[:2], "strides": strides, "padding": "same"
    }  # fmt: skip
    if kernel == "flipped":
        weights = weights[::-1, ::-1]
    elif kernel == "turned":
        weights = weights.transpose(1, 0, 2, 3)
    if stride == "dilation":
        attrs |= {"strides": 1, "dilation_rate": asked}
    elif stride == "spread":
        attrs |= {"strides": asked, "dilation_rate": 2}
    if padding == "valid":
        attrs["padding"] = "valid"
    elif padding in ("even", "half"):
        side = (size - 1) // 2 if padding == "even" else size // 2
        x = np.pad(x, [(0, 0), (side, side), (side, side), (0, 0)])
        attrs["padding"] = "valid"
    y = layers.convolve(x, weights, attrs)
    if extra:
        y = y + variables["extra"]
    return {"output": activated(y, after)}


def fc(
    x: np.ndarray,
    variables: Arrays,
    call: Arguments,
    *,
    bias: str = "added",
    after: str = "",
    extra: bool = False,
) -> dict[str, np.ndarray]:
    """A dense layer: x times the weight, plus the bias."""
    y = x @ variables["weight"]
    if bias == "added":
        y = y + variables["bias"]
    elif bias == "subtracted":
        y = y - variables["bias"]
    if extra:
        y = y + variables["extra"]
    return {"output": activated(y, after)}


def activated(y: np.ndarray, name: str) -> np.ndarray:
    """Applies an activation by its name; none for ''."""
    return activations.ACTIVATIONS[name](y) if name else y


def pool(
    x: np.ndarray,
    call: Arguments,
    kind: str,
    padding: str,
    *,
    stride: Any = None,
    size: Any = None,
    after: str = "",
    exchanged: bool = False,
) -> np.ndarray:
    """Pools; `padding` is 'same', 'valid', 'zeros' (that count) or 'even'."""
    if exchanged:
        call = {"pool_size": call["stride"], "stride": call["pool_size"]}
    asked = call.get("stride", call["pool_size"])
    window = {"stride": asked}.get(size, call["pool_size"] if size is None else size)
    attrs: dict[str, Any] = {
        "pool_size": window,
        "strides": {None: asked, "size": call["pool_size"]}.get(stride, stride),
        "padding": padding,
    }
    if size == "global":
        attrs |= {"pool_size": x.shape[1:3], "padding": "valid"}
    if padding in ("zeros", "even"):
        step = attrs["strides"]
        sides = [(0, 0)]
        for n in x.shape[1:3]:
            total = max((-(-n // step) - 1) * step + window - n, 0)
            even = (window // 2, window // 2)
            sides.append(
                even if padding == "even" else (total // 2, total - total // 2)
            )
        x = np.pad(x, [*sides, (0, 0)])
        attrs["padding"] = "valid"
    if kind == "min":
        return -layers.max_pool(-x, attrs)
    if kind == "sum":
        return layers.average_pool(x, attrs) * window**2
    pooled = (layers.max_pool if kind == "max" else layers.average_pool)(x, attrs)
    return activated(pooled, after)


def avg_pool(
    x: np.ndarray,
    variables: Arrays,
    call: Arguments,
    *,
    kind: str = "mean",
    padding: str = "valid",
    **options: Any,
) -> dict[str, np.ndarray]:
    """Average pooling, 'VALID', whose stride is its window."""
    return {"output": pool(x, call, kind, padding, **options)}


def max_pool(
    x: np.ndarray,
    variables: Arrays,
    call: Arguments,
    *,
    kind: str = "max",
    padding: str = "same",
    **options: Any,
) -> dict[str, np.ndarray]:
    """Max pooling, 'SAME'."""
    return {"output": pool(x, call, kind, padding, **options)}


def batch_norm(
    x: np.ndarray,
    variables: Arrays,
    call: Arguments,
    *,
    axes: str | Axes = "channels",
    variance: str = "population",
    epsilon: Any = None,
    gamma: str = "gamma",
    beta: str = "beta",
    training: str = "batch",
    inference: str = "moving",
    kept: str = "population",
    moments: str = "",
    update: str = "both",
    decay: Any = None,
    when: str = "training",
    affine: str = "",
    extra: bool = False,
    formula: str = "",
) -> dict[str, np.ndarray]:
    """Batch normalisation with moving averages (Ioffe and Szegedy 2015)."""
    if affine == "swapped":
        gamma, beta = beta, gamma
    variance, kept = moments or variance, moments or kept
    statistics = Statistics(x, axes)
    moving = {
        "mean": variables.get("moving_mean", np.zeros(x.shape[-1])),
        "variance": variables.get("moving_variance", np.ones(x.shape[-1])),
    }
    in_training = call["is_training"]
    if when == "swapped":
        in_training = not in_training
    updated = dict(moving)
    if in_training or when == "always":
        updated = _updated(moving, statistics, call, kept, update, decay)
    source = training if in_training else inference
    used = {
        "batch": {"mean": statistics.mean, "variance": statistics.of(variance)},
        "moving": moving,
        "updated": updated,
        "mean of the batch": {**moving, "mean": statistics.mean},
    }[source]
    added = {None: call["epsilon"], "outside": 0.0}.get(epsilon, epsilon)
    if epsilon == "decay":
        added = call["decay"]
    scale = np.sqrt(used["variance"] + added)
    if epsilon == "outside":
        scale = scale + call["epsilon"]
    if variance == "no root" and source == "batch":
        scale = scale**2
    demand_fit(x, used["mean"])
    y = (x - used["mean"]) / scale
    ones, zeros = np.ones(x.shape[-1]), np.zeros(x.shape[-1])
    known = {"gamma": variables.get("gamma", ones), "ones": ones, "zeros": zeros}
    known["beta"] = variables.get("beta", zeros)
    results = {"output": y * known[gamma] + known[beta]}
    if formula:
        terms = {**used, "x": x, "epsilon": added, **known}
        results["output"] = value_of(formula, terms)
    results |= {f"moving_{name}": value for name, value in updated.items()}
    return results


def _updated(
    moving: Mapping[str, np.ndarray],
    statistics: Statistics,
    call: Arguments,
    kept: str,
    update: str,
    decay: Any,
) -> dict[str, np.ndarray]:
    words = {None: call["decay"], "swapped": 1 - call["decay"], "debiased": 0.0}
    share = decay if isinstance(decay, float) else words.get(decay, 0.0)
    new = {"mean": statistics.mean, "variance": statistics.of(kept)}
    demand_fit(moving["mean"], statistics.mean)
    if update == "crossed":
        new = {"mean": new["variance"], "variance": new["mean"]}
    result = {name: share * moving[name] + (1 - share) * new[name] for name in moving}
    if decay == "added":
        result = {n: call["decay"] * moving[n] + new[n] for n in moving}
    if decay == "subtracted":
        result = {n: moving[n] + (1 - call["decay"]) * new[n] for n in moving}
    if update == "neither":
        return dict(moving)
    if update in ("mean", "variance"):
        return {n: result[n] if n == update else moving[n] for n in moving}
    return result
