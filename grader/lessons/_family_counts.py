"""Challenge and judge of `count_params` and `count_flops`.

Models are plain lists of layers. The judge counts them by itself, and by the slips
that people make, so that a report can name the slip.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from grader import stream
from grader.judge import mistakes
from grader.judge.finding import Finding
from grader.judge.graph import CaptureError
from grader.judge.layers import pair
from grader.judge.verdict import Verdict, nothing

Layers = Sequence[Mapping[str, Any]]
Shape = tuple[int, ...]
POINTS = {"count_params": 8, "count_flops": 12}
_SLIP = {"count_params": 3, "count_flops": 4}
_SOME = {"count_params": 5, "count_flops": 8}
_FAILED = {"count_params": 3, "count_flops": 4}
MAX_COUNT = 10**15


def challenge(function: str):
    """Returns what draws a challenge of one of the two functions."""

    def draw(seed: str) -> dict[str, Any]:
        rng = stream.challenge_rng(seed, "models", function)
        calls = [
            {"id": name, "input_shape": shape, "layers": layers}
            for name, shape, layers in _models(rng, shared=function == "count_params")
        ]
        return {
            "function": function,
            "capture": "values",
            "seed": seed,
            "returns": "number",
            "stand_ins": {},
            "calls": calls,
        }

    return draw


def _models(rng, *, shared: bool):
    """One model for each kind of layer, then larger ones with all of them."""

    def some(*numbers: int) -> int:
        return int(rng.choice(numbers))

    def conv(x: int, **arguments: Any) -> dict[str, Any]:
        usual = {
            "filters": some(5, 6, 7, 9),
            "kernel_size": [3, 3],
            "strides": [1, 1],
            "padding": "valid",
            "use_bias": True,
        }
        return {"kind": "Conv2D", **usual, **arguments, "inputs": [x]}

    def plain(kind: str, *inputs: int, **arguments: Any) -> dict[str, Any]:
        return {"kind": kind, **arguments, "inputs": list(inputs)}

    def dense(x: int, bias: bool = True) -> dict[str, Any]:
        return plain("Dense", x, units=some(3, 4, 7), use_bias=bias)

    def size() -> list[int]:
        height, width = (int(n) for n in rng.choice([9, 10, 11, 12], 2, replace=False))
        return [height, width, some(2, 3, 4)]

    yield "a convolution", size(), [conv(0)]
    yield "a convolution without bias", size(), [conv(0, use_bias=False)]
    oblong = {"kernel_size": [5, 2], "strides": [2, 1], "padding": "same"}
    yield (
        "a convolution with an oblong window and a stride",
        size(),
        [conv(0, **oblong)],
    )
    yield "a convolution with padding", size(), [conv(0, padding="same")]
    flat = plain("Flatten", 0)
    yield "a dense layer", size(), [flat, dense(1)]
    yield "a dense layer without bias", size(), [flat, dense(1, bias=False)]
    yield "a batch normalisation", size(), [plain("BatchNormalization", 0)]
    if shared:
        twice = conv(0, filters=4, padding="same")
        layers = [twice, {"again": 1, "inputs": [1]}, plain("Add", 1, 2)]
        yield "a layer that is called twice", [*size()[:2], 4], layers
    for name in ("a network", "another network"):
        width = some(6, 8, 10)
        wide = {"filters": width, "padding": "same"}
        yield (
            name,
            [some(15, 17, 19), some(14, 16, 18), 3],
            [
                plain("ZeroPadding2D", 0, padding=[1, 1]),
                conv(1, filters=width, kernel_size=[5, 5], strides=[2, 2]),
                plain("BatchNormalization", 2),
                plain("ReLU", 3),
                plain("MaxPooling2D", 4, pool_size=[2, 2], strides=[1, 1]),
                conv(5, **wide, use_bias=False),
                plain("BatchNormalization", 6),
                plain("Add", 7, 5),
                plain("ReLU", 8),
                conv(9, filters=2 * width, strides=[2, 1], padding="same"),
                plain("GlobalAveragePooling2D", 10),
                dense(11),
            ],
        )


def shapes(input_shape: Sequence[int], layers: Layers) -> list[Shape]:
    """Shapes of the input and of each layer's output, without the batch axis."""
    found: list[Shape] = [tuple(input_shape)]
    for entry in layers:
        own = layers[entry["again"] - 1] if "again" in entry else entry
        found.append(_output_shape(own, found[entry["inputs"][0]]))
    return found


def _output_shape(entry: Mapping[str, Any], shape: Shape) -> Shape:
    kind = entry["kind"]
    if kind == "Flatten":
        return (math.prod(shape),)
    if kind == "GlobalAveragePooling2D":
        return shape[-1:]
    if kind == "Dense":
        return (*shape[:-1], entry["units"])
    if kind == "ZeroPadding2D":
        rows, columns = pair(entry["padding"])
        return (shape[0] + 2 * rows, shape[1] + 2 * columns, shape[2])
    if kind == "MaxPooling2D":
        return (*_sides(shape, entry["pool_size"], entry["strides"]), shape[-1])
    if kind == "Conv2D":
        window = [1, 1] if entry["padding"] == "same" else entry["kernel_size"]
        return (*_sides(shape, window, entry["strides"]), entry["filters"])
    return shape


def _sides(shape: Shape, window: Any, strides: Any) -> Shape:
    sizes = zip(shape[:2], pair(window), pair(strides), strict=True)
    return tuple((n - w) // s + 1 for n, w, s in sizes)


def params(
    input_shape: Sequence[int],
    layers: Layers,
    *,
    biases: bool = True,
    kernels: bool = True,
    moving: bool = True,
    learned: bool = True,
    dense: bool = True,
    once: bool = True,
    bias_where_none: bool = False,
) -> int:
    """Counts what layers hold; the options are slips, each False but the last."""
    sizes, total = shapes(input_shape, layers), 0
    for entry in layers:
        if "again" in entry and once:
            continue
        own = layers[entry["again"] - 1] if "again" in entry else entry
        channels = sizes[entry["inputs"][0]][-1]
        width = own.get("filters") or own.get("units") or 0
        if own["kind"] == "BatchNormalization":
            total += 2 * channels * (moving + learned)
        elif own["kind"] == "Conv2D" or (own["kind"] == "Dense" and dense):
            window = math.prod(own.get("kernel_size", [1]))
            total += kernels * window * channels * width
            total += width * (biases and (own["use_bias"] or bias_where_none))
    return total


def flops(
    input_shape: Sequence[int],
    layers: Layers,
    *,
    of_input: bool = False,
    window: bool = True,
    channels: bool = True,
    filters: bool = True,
    places: bool = True,
    dense: bool = True,
    convolutions: bool = True,
    biases: bool = False,
    normalisations: bool = False,
    doubled: bool = False,
) -> int:
    """Counts multiply-adds; the options are slips."""
    sizes, total = shapes(input_shape, layers), 0
    for entry, after in zip(layers, sizes[1:], strict=True):
        before = sizes[entry["inputs"][0]]
        kind = entry["kind"]
        if kind == "Conv2D" and convolutions:
            size = before if of_input else after
            area = math.prod(size[:2]) if places else 1
            cost = math.prod(entry["kernel_size"]) if window else 1
            cost *= (before[-1] if channels else 1) * (after[-1] if filters else 1)
            total += area * (cost + (biases and entry["use_bias"]) * after[-1])
        elif kind == "Dense" and dense:
            total += before[-1] * after[-1] + (biases and entry["use_bias"]) * after[-1]
        elif kind == "BatchNormalization" and normalisations:
            total += math.prod(after)
    return total * (2 if doubled else 1)


_COUNT: Mapping[str, Callable[..., int]] = {
    "count_params": params,
    "count_flops": flops,
}
#: Wrong counts that have a reason: what to pass, and what to say.
_SLIPS: Mapping[str, tuple[tuple[dict[str, bool], str], ...]] = {
    "count_params": (
        ({"biases": False}, "biases are not counted"),
        ({"bias_where_none": True}, "a bias is counted where a layer has none"),
        ({"moving": False}, "the moving averages of batch normalisation are not "
         "counted, which no gradient trains but which the layer holds"),
        ({"learned": False, "moving": False}, "batch normalisation is not counted"),
        ({"learned": False}, "gamma and beta of batch normalisation are not counted"),
        ({"learned": False, "biases": False, "moving": False},
         "only kernels are counted: no biases, no batch normalisation"),
        ({"moving": False, "learned": False, "dense": False},
         "only convolutions are counted"),
        ({"dense": False}, "dense layers are not counted"),
        ({"once": False}, "a layer that is called twice is counted twice: it holds "
         "its weights once"),
        ({"kernels": False}, "kernels are not counted"),
    ),
    "count_flops": (
        ({"of_input": True}, "a convolution's places are those of its input; its "
         "stride and padding make the output another size"),
        ({"window": False}, "the size of a convolution's window is left out"),
        ({"channels": False}, "the channels of a convolution's input are left out"),
        ({"filters": False}, "the number of filters is left out"),
        ({"places": False}, "the weights of a convolution are counted once and not "
         "once for each place of its output"),
        ({"dense": False}, "dense layers are not counted"),
        ({"convolutions": False}, "convolutions are not counted"),
        ({"biases": True}, "biases are counted: adding one is no multiplication"),
        ({"normalisations": True}, "batch normalisation is counted"),
        ({"doubled": True}, "multiplication and addition are counted as two: a "
         "multiply-add is one"),
    ),
}  # fmt: skip
_SENTENCES = {
    "count_params": "The count is of all numbers that the layers hold: kernels, "
    "biases, and four a channel for a batch normalisation.",
    "count_flops": "A convolution costs output places × filters × window × channels "
    "in, a dense layer inputs × units; nothing else is counted.",
}


def judge(challenge: Mapping[str, Any], pairs: Sequence[tuple]) -> Verdict:
    """Judges a function by its counts.

    Args:
        challenge: what was asked.
        pairs: each call with what was captured of it.

    Raises:
        CaptureError: if a count is no whole number.
    """
    function = challenge["function"]
    count = _COUNT[function]
    found = {call["id"]: _value(captured) for call, captured in pairs}
    asked = {
        call["id"]: count(call["input_shape"], call["layers"]) for call, _ in pairs
    }
    wrong = [name for name in asked if found[name] != asked[name]]
    if not wrong:
        return Verdict(1.0, ())
    failures = [(c, k) for c, k in pairs if k.get("status") != "captured"]
    if len(failures) == len(pairs):
        message, look = _failure(function, failures[0][1])
        return nothing(function, message, look)
    if len(set(found.values())) == 1:
        message = f"{function} returns {found[wrong[0]]} for each model."
        return nothing(function, message, "Look at what it adds up.")
    slip = None if failures else _slip(function, pairs, found)
    if slip:
        price, message = _SLIP[function], f"In {function}, {slip}."
        look = "Compare with the list of what is counted."
    elif failures:
        message, look = _failure(function, failures[0][1])
        message = f"For a model with {failures[0][0]['id']}, {message}"
        price = _FAILED[function] * (1 if len(failures) < 3 else 2)
    elif len(wrong) == len(asked):
        message = f"{function} counts no model right, not even {wrong[0]} alone."
        return nothing(function, message, "Begin with one convolution, on paper.")
    else:
        message = f"{function} counts wrongly for a model with {_listed(wrong)}."
        look = "Build such a model, and count along on paper."
        price = _SOME[function]
    price = min(price, POINTS[function])
    sentence = _SENTENCES[function]
    finding = Finding(f"{function}-values", price, function, sentence, message, look)
    return Verdict(1.0, (finding,))


def _listed(names: Sequence[str]) -> str:
    kinds = [name for name in names if "network" not in name] or list(names)
    return " or ".join(kinds[:3])


def _value(captured: Mapping[str, Any]) -> int | None:
    if captured.get("status") != "captured":
        return None
    value = captured.get("value")
    if type(value) is not int or not abs(value) <= MAX_COUNT:
        raise CaptureError("a count is not a whole number of reasonable size")
    return value


def _slip(
    function: str, pairs: Sequence[tuple], found: Mapping[str, int | None]
) -> str:
    """Names the one slip that explains all counts, or says nothing."""
    for options, text in _SLIPS[function]:
        slipped = {
            call["id"]: _COUNT[function](call["input_shape"], call["layers"], **options)
            for call, _ in pairs
        }
        if slipped == found:
            return text
    return ""


def _failure(function: str, captured: Mapping[str, Any]) -> tuple[str, str]:
    if captured.get("status") == "returned":
        kind = str(captured.get("type"))
        message = mistakes.explain_return(function, kind, "a whole number")
        return message, f"The last line of {function}."
    error = captured.get("error")
    return mistakes.explain(function, error if isinstance(error, Mapping) else {})
