"""What a PyTorch module computes, as the same layer graph that Keras gives.

A module is run once, and PyTorch's dispatcher reports each operation that it comes
to, whichever of the many ways of writing it the learner chose: `nn.ReLU()(x)`,
`F.relu(x)`, `x.relu_()` and `x.clamp(min=0)` all arrive as an operation on a tensor.
Kinds, hyperparameters and shapes are written down as Keras has them, channels last.
"""

# PyTorch is an extra
# pyright: reportMissingImports=false

import contextlib
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode

from grader.capture.aten_layers import HANDLERS

_PASSED_ON = ("clone", "detach", "alias", "contiguous", "_to_copy", "lift_fresh")
#: What a tensor is filled with, where that does not hang on the input.
_FILLED = {"zeros": 0.0, "ones": 1.0, "full": None, "scalar_tensor": None}
_TURNED = ("t", "transpose", "permute", "view", "detach", "alias", "_to_copy")


@dataclass
class TracedLayer:
    """An operation: its kind, hyperparameters and parameters by role."""

    kind: str
    name: str
    config: dict[str, Any]
    parameters: dict[str, torch.Tensor] = field(default_factory=dict)


@dataclass
class TracedCall:
    """A call of a layer: its number, its inputs as JSON and its output's shape."""

    layer: int
    inputs: list[dict[str, Any]]
    shape: list[int | None]
    training: bool | None = None


class OperationRecorder(TorchDispatchMode):
    """Writes down the operations between an input and what follows from it.

    Args:
        module: whose parameters give layers their names.
        x: the input, (m, channels, height, width).
    """

    def __init__(self, module: nn.Module, x: torch.Tensor):
        super().__init__()
        self.layers: list[TracedLayer] = []
        self.calls: list[TracedCall] = []
        #: whether a softmax had to guess its axis
        self.implicit_dim = False
        #: the normalisation that runs, its input, and how many calls there were
        self._begun: tuple[Any, Any, int] | None = None
        self._names = {id(t): n for n, t in module.named_parameters()}
        self._names |= {id(t): n for n, t in module.named_buffers()}
        self._weights: dict[int, torch.Tensor] = {
            id(t): t for t in [*module.parameters(), *module.buffers()]
        }
        self._numbers: dict[Any, int] = {}
        self._places: dict[int, int] = {id(x): 0}
        #: tensors that hold one number everywhere
        self._constants: dict[int, float] = {}
        self._kept: list[Any] = [x]  # so that no id is used twice

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        """Runs an operation and writes it down."""
        kwargs = kwargs or {}
        name = func._schema.name.split("::")[-1]
        name = name.removesuffix("_") or name
        try:
            out = func(*args, **kwargs)
        except Exception:
            # the last to be written down, with an output of no size
            with contextlib.suppress(Exception):
                if name in ("mm", "addmm"):
                    self._unfold(args)
                self._note(name, args, kwargs, torch.empty((1, 0)))
            raise
        self._kept.append((args, out))
        self._note(name, args, kwargs, out)
        return out

    def block(self, name: str, record: dict[str, Any], x: Any, out: Any) -> None:
        """Writes down the call of a block's stand-in."""
        self._kept.append((x, out))
        self._add("Block", name, record, [x], out)

    def dropout(self, name: str, rate: float, x: Any, out: Any) -> None:
        """Writes down a layer that shows in training only."""
        self._kept.append((x, out))
        if id(x) in self._places:
            self._add("Dropout", name, {"rate": float(rate)}, [x], out)

    def begin(self, norm: Any, inputs: tuple) -> None:
        """Remembers a normalisation that begins."""
        self._begun = (norm, inputs[0], len(self.calls)) if inputs else None

    def refused(self) -> None:
        """Writes down a normalisation that was refused before it was dispatched."""
        if self._begun is None or self._begun[2] != len(self.calls):
            return
        own, x, _ = self._begun
        state = own.weight, own.bias, own.running_mean, own.running_var
        args = (x, *state, own.training, own.momentum, own.eps)
        with contextlib.suppress(Exception):
            self._note("native_batch_norm", args, {}, (torch.empty((1, 0)),))

    def place(self, tensor: Any) -> int | None:
        """The number of the call that gave a tensor, if it follows from the input."""
        return self._places.get(id(tensor))

    def _note(self, name: str, args: tuple, kwargs: dict, out: Any) -> None:
        first = args[0] if args else None
        if name in _TURNED and id(first) in self._weights:
            self._weights[id(out)] = self._weights[id(first)]
            return
        if name in _PASSED_ON and id(first) in self._constants:
            self._constants[id(out)] = self._constants[id(first)]
            return
        self._constants.pop(id(out), None)
        filled = name.removesuffix("_like").removeprefix("new_")
        if filled in _FILLED:
            number = args[-1] if _FILLED[filled] is None else _FILLED[filled]
            if isinstance(number, (int, float)):
                self._constants[id(out)] = float(number)
                return
        tensors = [t for t in _flat(args) if isinstance(t, torch.Tensor)]
        sources = [t for t in tensors if id(t) in self._places]
        if not sources:
            return
        if name in _PASSED_ON:
            self._pass_on(first, out)
            return
        handler = HANDLERS.get(name)
        done = handler(self, args, kwargs, out) if handler else False
        if not done:
            result = out[0] if isinstance(out, (tuple, list)) else out
            config = {"class": f"torch.{name}", "operation": True}
            self._add("Unknown", config["class"], config, sources[:8], result)

    def _unfold(self, args: tuple) -> None:
        """Takes back what a linear layer does to a tensor of more than two axes."""
        (x,) = [t for t in args if self._places.get(id(t)) == len(self.calls)]
        last = self.calls[-1]
        if self.layers[last.layer].config.get("class") == "torch.view":
            self._places[id(x)] = last.inputs[0]["node"]
            self.calls.pop()

    def _pass_on(self, before: Any, after: Any) -> None:
        self._places[id(after)] = self._places[id(before)]

    def _layer(self, kind: str, name: str, config: dict, key: Any, parameters) -> int:
        if key is None or key not in self._numbers:
            self._numbers[key] = len(self.layers)
            self.layers.append(TracedLayer(kind, name, config, parameters))
        return self._numbers[key]

    def _add(
        self,
        kind: str,
        name: str,
        config: dict[str, Any],
        inputs: list[Any],
        out: Any,
        key: Any = None,
        parameters: dict[str, torch.Tensor] | None = None,
        training: bool | None = None,
        shape: list[int | None] | None = None,
    ) -> int:
        number = self._layer(kind, name, config, key, parameters or {})
        written = [self._input(value) for value in inputs]
        shape = shape or _channels_last(out)
        self.calls.append(TracedCall(number, written, shape, training))
        self._places[id(out)] = len(self.calls)
        return len(self.calls)

    def _input(self, value: Any) -> dict[str, Any]:
        if isinstance(value, dict):
            return value
        if isinstance(value, torch.Tensor):
            if id(value) in self._constants:
                return {"const": self._constants[id(value)]}
            place = self.place(value)
            if place is not None:
                return {"node": place}
            constant = value.numel() == 1 and id(value) not in self._weights
            if constant and id(value) not in self._places and not value.is_meta:
                return {"const": float(value)}
            return {"opaque": "Tensor"}
        return {"const": float(value)} if value is not None else {"opaque": "None"}

    def _own(self, weight: Any) -> tuple[str, torch.Tensor] | None:
        """A weight's layer and the parameter itself; None for a computed one."""
        parameter = self._weights.get(id(weight))
        if parameter is None:
            return None
        return self._names[id(parameter)].rpartition(".")[0], parameter


def _flat(args: Any) -> list[Any]:
    if isinstance(args, (tuple, list)):
        return [leaf for arg in args for leaf in _flat(arg)]
    return [args]


def _channels_last(tensor: torch.Tensor) -> list[int | None]:
    shape = list(tensor.shape[1:])
    return [None, *shape[1:], shape[0]] if len(shape) == 3 else [None, *shape]
