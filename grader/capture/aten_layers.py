"""Which layer an operation of PyTorch's dispatcher is, with Keras's hyperparameters.

Each function notes one kind of operation on a recorder and says whether it could: an
operation that is used in a way that no layer of the course has is left unknown.
"""

# PyTorch is an extra
# pyright: reportMissingImports=false

from collections.abc import Callable
from typing import Any

from grader.capture.aten_operations import OPERATIONS, reshaped

_LIKE_KERAS = {0: 0, 1: 3, 2: 1, 3: 2}
_ACTIVATIONS = {
    "relu": "relu",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "gelu": "gelu",
    "elu": "elu",
    "silu": "silu",
    "mish": "mish",
    "softplus": "softplus",
    "_log_softmax": "log_softmax",
}
#: From here on padding is a layer of its own, as networks have it before their stem.
_STEM_WINDOW = 7
_NORMS = ("native_batch_norm", "_native_batch_norm_legit", "cudnn_batch_norm")


def _pair(value: Any) -> list[int]:
    numbers = [int(n) for n in value] if isinstance(value, (tuple, list)) else [value]
    return numbers * 2 if len(numbers) == 1 else numbers


def _padded(recorder: Any, x: Any, pads: list[int], name: str) -> dict | Any:
    """Zeros around an image, as a layer of its own before the one that asked."""
    config = {
        "padding": [[pads[0]] * 2, [pads[1]] * 2],
        "data_format": "channels_last",
    }
    height, width = (n + 2 * p for n, p in zip(x.shape[2:], pads, strict=True))
    shape = [None, int(height), int(width), int(x.shape[1])]
    marker = object()
    recorder._kept.append(marker)
    place = recorder._add("ZeroPadding2D", name, config, [x], marker, shape=shape)
    return {"node": place}


def _convolution(recorder, args, kwargs, out) -> bool:
    x, weight, bias, stride, padding, dilation, transposed, _, groups = args
    own = recorder._own(weight)
    if transposed or own is None or x.ndim != 4:
        return False
    name, kernel = own
    parameters = {"kernel": kernel}
    if bias is not None:
        bias = recorder._own(bias)
        if bias is None:
            return False
        parameters["bias"] = bias[1]
    window, pads = list(weight.shape[2:]), _pair(padding)
    stride, dilation = _pair(stride), _pair(dilation)
    centred = [d * (k - 1) for d, k in zip(dilation, window, strict=True)]
    source, kind = x, "valid"
    if any(pads):
        small = max(window) < _STEM_WINDOW
        if small and stride == [1, 1] and [2 * p for p in pads] == centred:
            kind = "same"
        else:
            label = f"padding={tuple(pads)} of {name}"
            source = _padded(recorder, x, pads, label)
    config = {
        "filters": int(weight.shape[0]),
        "kernel_size": window,
        "strides": stride,
        "padding": kind,
        "data_format": "channels_last",
        "dilation_rate": dilation,
        "groups": int(groups),
        "use_bias": bias is not None,
        "activation": "linear",
    }
    key = id(kernel)
    recorder._add("Conv2D", name, config, [source], out, key, parameters)
    return True


def _batch_norm(recorder, args, kwargs, out) -> bool:
    x, weight, bias, mean, variance, training, momentum, epsilon = args[:8]
    roles = ("gamma", "beta", "moving_mean", "moving_variance")
    found = zip(roles, (weight, bias, mean, variance), strict=True)
    own = {role: recorder._own(t) for role, t in found if t is not None}
    if not own or any(value is None for value in own.values()):
        return False
    if mean is None:
        # Without running statistics its mode cannot be told from outside.
        config = {"class": "BatchNorm2d(track_running_stats=False)"}
        recorder._add("Unknown", next(iter(own.values()))[0], config, [x], out[0])
        return True
    config = {
        "axis": 3 if x.ndim == 4 else 1,
        "momentum": 1 - float(momentum),
        "epsilon": float(epsilon),
        "center": bias is not None,
        "scale": weight is not None,
    }
    parameters = {role: value[1] for role, value in own.items() if value}
    name, first = next(value for value in own.values() if value)
    mode = True if training else None
    recorder._add(
        "BatchNormalization", name, config, [x], out[0], id(first), parameters, mode
    )
    return True


def _dense(recorder, x, weight, bias, out) -> bool:
    own = recorder._own(weight)
    owned = recorder._own(bias) if bias is not None else None
    if own is None or (bias is not None and owned is None) or x.ndim != 2:
        return False
    parameters = {"kernel": own[1]} | ({"bias": owned[1]} if owned else {})
    units = int(weight.shape[-1])  # where it fails there is no output
    config = {"units": units, "use_bias": bias is not None, "activation": "linear"}
    recorder._add("Dense", own[0], config, [x], out, id(own[1]), parameters)
    return True


def _add(recorder, args, kwargs, out) -> bool:
    """A sum, or the bias of the linear layer whose product comes before."""
    for x, bias in (args, args[::-1]) if len(args) == 2 and not kwargs else ():
        own, place = recorder._own(bias), recorder.place(x)
        if own is None or not place or place != len(recorder.calls):
            continue
        number = recorder.calls[-1].layer
        layer = recorder.layers[number]
        once = sum(call.layer == number for call in recorder.calls) == 1
        if layer.kind == "Dense" and layer.name == own[0] and once:
            layer.config["use_bias"], layer.parameters["bias"] = True, own[1]
            recorder._pass_on(x, out)
            return True
    return OPERATIONS["add"](recorder, args, kwargs, out)


def _activation(name: str) -> Callable[..., bool]:
    def note(recorder, args, kwargs, out) -> bool:
        recorder._add("Activation", "", {"activation": name}, [args[0]], out)
        return True

    return note


def _leaky_relu(recorder, args, kwargs, out) -> bool:
    slope = float(args[1]) if len(args) > 1 else 0.01
    recorder._add("LeakyReLU", "", {"negative_slope": slope}, [args[0]], out)
    return True


def _softmax(recorder, args, kwargs, out) -> bool:
    axis = int(args[1]) % args[0].ndim
    axis = _LIKE_KERAS[axis] if args[0].ndim == 4 else axis
    recorder._add("Softmax", "", {"axis": axis}, [args[0]], out)
    return True


def _cat(recorder, args, kwargs, out) -> bool:
    tensors = list(args[0])
    dim = int(args[1] if len(args) > 1 else kwargs.get("dim", 0)) % out.ndim
    axis = _LIKE_KERAS[dim] if out.ndim == 4 else dim
    recorder._add("Concatenate", "", {"axis": axis}, tensors, out)
    return True


def _pool(kind: str) -> Callable[..., bool]:
    def note(recorder, args, kwargs, out) -> bool:
        x, window, *rest = args
        stride, pads, *more = (*rest, *([], 0)[len(rest) :])
        window, pads = _pair(window), _pair(pads)
        stride = _pair(stride) if stride else window
        dilated = kind == "MaxPooling2D" and more and _pair(more[0]) != [1, 1]
        if dilated or any(value is True for value in more[:2]) or x.ndim != 4:
            return False
        if kind == "AveragePooling2D" and window == list(x.shape[2:]):
            return not any(pads) and _global_mean(recorder, x, out, x)
        source = x
        if any(pads):
            if kind != "MaxPooling2D":
                return False
            label = f"padding={tuple(pads)} of the max pooling"
            source = _padded(recorder, x, pads, label)
        config = {
            "pool_size": window,
            "strides": stride,
            "padding": "valid",
            "data_format": "channels_last",
        }
        result = out[0] if isinstance(out, tuple) else out
        recorder._add(kind, "", config, [source], result)
        return True

    return note


def _constant_pad(recorder, args, kwargs, out) -> bool:
    x, pads, *rest = args
    if x.ndim != 4 or len(pads) != 4 or min(pads) < 0 or any(rest):
        return False
    left, right, top, bottom = (int(n) for n in pads)
    config = {
        "padding": [[top, bottom], [left, right]],
        "data_format": "channels_last",
    }
    recorder._add("ZeroPadding2D", "", config, [x], out)
    return True


def _global_mean(recorder, x, out, source: Any) -> bool:
    config = {"keepdims": out.ndim == 4, "data_format": "channels_last"}
    recorder._add("GlobalAveragePooling2D", "", config, [source], out)
    return True


def _mean(recorder, args, kwargs, out) -> bool:
    x, dims = args[0], args[1] if len(args) > 1 else None
    if x.ndim == 4 and dims and sorted(int(d) % 4 for d in dims) == [2, 3]:
        return _global_mean(recorder, x, out, x)
    return OPERATIONS["mean"](recorder, args, kwargs, out)


def _largest(recorder, args, kwargs, out) -> bool:
    if _pair(args[1]) != [1, 1] or args[0].ndim != 4:
        return False
    config = {"keepdims": True, "data_format": "channels_last"}
    recorder._add("GlobalMaxPooling2D", "", config, [args[0]], out[0])
    return True


def _view(recorder, args, kwargs, out) -> bool:
    x = args[0]
    if tuple(out.shape) == tuple(x.shape):
        recorder._pass_on(x, out)
        return True
    if x.ndim == 4 and out.ndim == 2 and out.shape[0] == x.shape[0]:
        kind = "Flatten" if tuple(x.shape[2:]) == (1, 1) else "Permute"
        config = {"data_format": "channels_last"} if kind == "Flatten" else {"dims": []}
        recorder._add(kind, "", config, [x], out)
        return True
    return reshaped(recorder, x, out)


HANDLERS: dict[str, Callable[..., bool]] = {
    **OPERATIONS,
    "convolution": _convolution,
    **dict.fromkeys(_NORMS, _batch_norm),
    "addmm": lambda r, args, kwargs, out: _dense(r, args[1], args[2], args[0], out),
    "add": _add,
    "mm": lambda r, args, kwargs, out: _dense(r, args[0], args[1], None, out),
    **{name: _activation(kind) for name, kind in _ACTIVATIONS.items()},
    "leaky_relu": _leaky_relu,
    "_softmax": _softmax,
    "cat": _cat,
    "constant_pad_nd": _constant_pad,
    "max_pool2d_with_indices": _pool("MaxPooling2D"),
    "avg_pool2d": _pool("AveragePooling2D"),
    "adaptive_max_pool2d": _largest,
    "mean": _mean,
    "view": _view,
    "_unsafe_view": _view,
}
