"""Operations of PyTorch's dispatcher that are no layers: sums, comparisons, slices.

They are written down as they are: what they do together is for the judge to see. A
tensor of four axes is kept channels last; one that is cut, stacked or reduced is put
into PyTorch's own order before, so that its axes mean what they meant there.
"""

# PyTorch is an extra
# pyright: reportMissingImports=false

import math
from collections.abc import Callable
from typing import Any

import torch

_TO_TORCH, _FROM_TORCH = [0, 3, 1, 2], [0, 2, 3, 1]
#: Each element by itself, or those of two tensors in the same place.
_ELEMENTWISE = {
    "exp": "Exp",
    "log": "Log",
    "abs": "Absolute",
    "neg": "Negative",
    "sqrt": "Sqrt",
    "square": "Square",
    "reciprocal": "Reciprocal",
    "pow": "Power",
    "gt": "Greater",
    "ge": "GreaterEqual",
    "lt": "Less",
    "le": "LessEqual",
    "where": "Where",
    "add": "Add",
    "sub": "Subtract",
    "mul": "Multiply",
    "div": "Divide",
    "maximum": "Maximum",
    "minimum": "Minimum",
}
_REDUCED = {
    "mean": "Mean",
    "sum": "Sum",
    "amax": "Max",
    "amin": "Min",
    "max": "Max",
    "min": "Min",
    "logsumexp": "LogSumExp",
}
_ALL = [None, None, None]


def _between(recorder: Any, kind: str, config: dict, inputs: list, shape) -> dict:
    """Writes down an operation that PyTorch did not report, as an input of another."""
    marker = object()
    recorder._kept.append(marker)
    shape = [None, *(int(n) for n in shape[1:])]
    return {"node": recorder._add(kind, "", config, inputs, marker, shape=shape)}


def _turned(recorder: Any, value: Any) -> Any:
    """A tensor of four axes, in PyTorch's order."""
    follows = isinstance(value, torch.Tensor) and recorder.place(value) is not None
    if not follows or value.ndim != 4:
        return value
    axes = {"axes": _TO_TORCH}
    return _between(recorder, "Transpose", axes, [value], tuple(value.shape))


def _in_torch_order(recorder, kind: str, config: dict, inputs: list, out) -> bool:
    inputs = [_turned(recorder, value) for value in inputs]
    if out.ndim != 4:
        recorder._add(kind, "", config, inputs, out, shape=[None, *out.shape[1:]])
        return True
    turned = _between(recorder, kind, config, inputs, tuple(out.shape))
    recorder._add("Transpose", "", {"axes": _FROM_TORCH}, [turned], out)
    return True


def _elementwise(kind: str) -> Callable[..., bool]:
    def note(recorder, args, kwargs, out) -> bool:
        inputs = list(args[:3])
        if kwargs.get("rounding_mode") is not None or None in inputs:
            return False
        alpha = kwargs.get("alpha", 1)
        if alpha != 1:
            second = inputs[1]
            inputs[1] = _between(
                recorder, "Multiply", {}, [second, alpha], tuple(second.shape)
            )
        return _each(recorder, kind, {}, inputs, args, out)

    return note


def _each(recorder, kind: str, config: dict, inputs: list, args, out) -> bool:
    """Writes down an operation on elements; axes matter where ranks differ."""
    tensors = [t for t in args if isinstance(t, torch.Tensor)]
    ranks = {t.ndim for t in tensors if recorder.place(t) is not None}
    if len(ranks) > 1:
        return _in_torch_order(recorder, kind, config, inputs, out)
    recorder._add(kind, "", config, inputs, out)
    return True


def _from_right(recorder, args, kwargs, out) -> bool:
    x, value, *rest = args
    if rest or kwargs.get("alpha", 1) != 1:
        return False
    return _each(recorder, "Subtract", {}, [value, x], args, out)


def _filled(recorder, args, kwargs, out) -> bool:
    x, mask, value = args
    return _each(recorder, "Where", {}, [mask, value, x], args, out)


def _put(recorder, args, kwargs, out) -> bool:
    """`x[mask] = value`."""
    x, indices, value, *accumulate = args
    if any(accumulate) or len(indices) != 1 or indices[0] is None:
        return False
    mask = indices[0]
    if mask.dtype != torch.bool or mask.shape != x.shape or value.numel() != 1:
        return False
    return _each(recorder, "Where", {}, [mask, value, x], (x, mask), out)


def _clipped(least: float | None, most: float | None) -> Callable[..., bool]:
    def note(recorder, args, kwargs, out) -> bool:
        low = args[1] if len(args) > 1 else kwargs.get("min", least)
        high = args[2] if len(args) > 2 else kwargs.get("max", most)
        if isinstance(low, torch.Tensor) or isinstance(high, torch.Tensor):
            return False
        limits = (n if n is None or math.isfinite(n) else None for n in (low, high))
        config = dict(zip(("x_min", "x_max"), limits, strict=True))
        recorder._add("Clip", "", config, [args[0]], out)
        return True

    return note


def _threshold(recorder, args, kwargs, out) -> bool:
    x, least, value = args
    if value != 0:
        return False
    config = {"max_value": None, "negative_slope": 0.0, "threshold": float(least)}
    recorder._add("ReLU", "", config, [x], out)
    return True


def _axes(x: torch.Tensor, dims: Any) -> list[int]:
    if dims is None or dims == []:
        return list(range(x.ndim))
    dims = dims if isinstance(dims, (list, tuple)) else [dims]
    return sorted(int(dim) % x.ndim for dim in dims)


def _reduced(kind: str) -> Callable[..., bool]:
    def note(recorder, args, kwargs, out) -> bool:
        x, dims = args[0], args[1] if len(args) > 1 else None
        if isinstance(dims, torch.Tensor):
            return False
        keep = bool(args[2]) if len(args) > 2 else bool(kwargs.get("keepdim"))
        out = out[0] if isinstance(out, (tuple, list)) else out
        config = {"axis": _axes(x, dims), "keepdims": keep}
        return _in_torch_order(recorder, kind, config, [x], out)

    return note


def _cut(dim: int, x: torch.Tensor, part: Any) -> dict[str, Any]:
    return {"key": [_ALL] * (dim % x.ndim) + [part]}


def _selected(recorder, args, kwargs, out) -> bool:
    x, dim, index = args
    return _in_torch_order(recorder, "GetItem", _cut(dim, x, int(index)), [x], out)


def _sliced(recorder, args, kwargs, out) -> bool:
    x, *rest = args
    key: list[Any] = [*rest, *(0, None, None, 1)[len(rest) :]]
    return _part(recorder, x, int(key[0]), key[1:], out)


def _part(recorder, x, dim: int, key: list, out) -> bool:
    """A slice; its ends are left out where the tensor ends."""
    start, stop, step = key
    if tuple(out.shape) == tuple(x.shape) and step == 1:
        recorder._pass_on(x, out)
        return True
    stop = None if stop is None or stop >= x.shape[dim] else int(stop)
    part = [int(start) if start else None, stop, int(step)]
    return _in_torch_order(recorder, "GetItem", _cut(dim, x, part), [x], out)


def _unsqueezed(recorder, args, kwargs, out) -> bool:
    x, dim = args
    config = {"axis": int(dim) % out.ndim}
    return _in_torch_order(recorder, "ExpandDims", config, [x], out)


def _squeezed(recorder, args, kwargs, out) -> bool:
    x, dims = args[0], args[1] if len(args) > 1 else None
    if tuple(out.shape) == tuple(x.shape):
        recorder._pass_on(x, out)
        return True
    gone = [dim for dim in _axes(x, dims) if x.shape[dim] == 1]
    return _in_torch_order(recorder, "Squeeze", {"axis": gone}, [x], out)


def _permuted(recorder, args, kwargs, out) -> bool:
    x, axes = args
    config = {"axes": [int(axis) % x.ndim for axis in axes]}
    return _in_torch_order(recorder, "Transpose", config, [x], out)


def _transposed(recorder, args, kwargs, out) -> bool:
    x = args[0]
    first, second = (int(a) % x.ndim for a in (args[1:] or (0, 1)))
    axes = list(range(x.ndim))
    axes[first], axes[second] = second, first
    return _in_torch_order(recorder, "Transpose", {"axes": axes}, [x], out)


def _stacked(recorder, args, kwargs, out) -> bool:
    dim = int(args[1] if len(args) > 1 else kwargs.get("dim", 0)) % out.ndim
    return _in_torch_order(recorder, "Stack", {"axis": dim}, list(args[0]), out)


def reshaped(recorder: Any, x: torch.Tensor, out: torch.Tensor) -> bool:
    """Writes down other axes for the same numbers, as many of them an example."""
    if not x.ndim or not out.ndim or x.shape[0] != out.shape[0]:
        return False
    config = {"newshape": [-1, *(int(n) for n in out.shape[1:])]}
    return _in_torch_order(recorder, "Reshape", config, [x], out)


OPERATIONS: dict[str, Callable[..., bool]] = {
    **{name: _elementwise(kind) for name, kind in _ELEMENTWISE.items()},
    **{name: _reduced(kind) for name, kind in _REDUCED.items()},
    "rsub": _from_right,
    "masked_fill": _filled,
    "index_put": _put,
    "clamp": _clipped(None, None),
    "clamp_min": _clipped(None, None),
    "clamp_max": lambda r, args, kwargs, out: _clipped(None, None)(
        r, (args[0], None, args[1]), {}, out
    ),
    "hardtanh": _clipped(-1.0, 1.0),
    "threshold": _threshold,
    "select": _selected,
    "slice": _sliced,
    "unsqueeze": _unsqueezed,
    "squeeze": _squeezed,
    "permute": _permuted,
    "transpose": _transposed,
    "t": _transposed,
    "stack": _stacked,
}
