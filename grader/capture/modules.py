"""Captures the layers of a learner's PyTorch module, and what they compute."""

# PyTorch is an extra
# pyright: reportMissingImports=false

import contextlib
import copy
import functools
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch
from torch import nn

from grader.capture.arrays import encode_output, encode_sample, sample_step
from grader.capture.aten import OperationRecorder, TracedLayer
from grader.capture.calling import call_by_name, capture_call
from grader.capture.failure import failed, returned
from grader.capture.operations import has_operations
from grader.capture.torch_standins import Session, stand_ins
from grader.challenge import LARGE, call_input, challenge_weight, named_arguments

#: A ResNet-50 has a quarter of this; what has more is never allocated.
MOST_PARAMETERS = 100_000_000


def capture_calls(
    function: Callable, challenge: dict[str, Any], namespace: dict[str, Any]
) -> list[dict[str, Any]]:
    """Captures each call of a challenge: the module's graph and its outputs.

    Args:
        function: the learner's class, or a function that returns a module.
        challenge: stand-ins, a seed, the calls.
        namespace: where the class was looked up.
    """
    earlier: dict[int, Any] = {}
    with _undisturbed():
        once = functools.partial(_capture_once, function, earlier=earlier)
        return [capture_call(once, challenge, call) for call in challenge["calls"]]


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Runs the body in plain float32, and puts PyTorch's settings back."""
    dtype, state = torch.get_default_dtype(), torch.get_rng_state()
    torch.set_default_dtype(torch.float32)
    try:
        with torch.no_grad():
            yield
    finally:
        torch.set_default_dtype(dtype)
        torch.set_rng_state(state)


def _capture_once(
    function: Callable,
    challenge: dict[str, Any],
    call: dict[str, Any],
    earlier: dict[int, Any],
) -> dict[str, Any]:
    seed, session = challenge["seed"], Session(challenge["seed"])
    module: Any = None
    height, width, channels = call["input_shape"]
    x = call_input(seed, call["id"], call["batch"], (height, width, channels))
    tensor = torch.from_numpy(np.ascontiguousarray(x.transpose(0, 3, 1, 2)))
    try:
        with stand_ins(function, challenge["stand_ins"], session):
            names = named_arguments(challenge)
            size = _size(function, call, names)
            device = "meta" if (large := size > MOST_PARAMETERS) else "cpu"
            with torch.device(device):
                module = _build(function, call, names)
        if not isinstance(module, nn.Module):
            return returned(call, type(module).__name__, function)
        module = module.to(device=device, dtype=torch.float32).eval()
        tensor = tensor.to(device)
        recorder, output = _record(module, tensor, session)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raised = failed(call, "raised", error, function)
        recorder = session.attempt
        # what else PyTorch refuses before it dispatches fails after the last operation
        if type(error) is not RuntimeError or not (recorder and recorder.calls):
            return raised
        recorder.refused()
        last = len(recorder.calls)
        return {**raised, "partial": _to_json(module, recorder, last, tensor, {})}
    place = recorder.place(output)
    if not isinstance(output, torch.Tensor):
        layer = isinstance(output, nn.Module)
        return returned(call, type(output).__name__, function, layer=layer)
    if place is None:
        error = ValueError("the output does not follow from the input")
        return failed(call, "unreadable", error, function)
    written = _to_json(module, recorder, place, tensor, earlier)
    if large:
        name, most = _largest(module)
        error = MemoryError(
            f"the module has {size:,} parameters, {most:,} of them in {name}"
        )
        return {**failed(call, "too_large", error, function), "graph": written}
    try:
        large = has_operations(written)
        results = _outputs(module, recorder.layers, tensor, call, seed, large=large)
    except Exception as error:
        return {**failed(call, "not_run", error, function), "graph": written}
    return {"id": call["id"], "status": "captured", "graph": written, **results}


def _build(function: Callable, call: dict[str, Any], names: list[str]) -> Any:
    return call_by_name(function, (), copy.deepcopy(call["arguments"]), names)


def _size(function: Callable, call: dict[str, Any], names: list[str]) -> int:
    """How many parameters a module has, found without room for one of them."""
    try:
        with torch.device("meta"):
            module = _build(function, call, names)
        return sum(p.numel() for p in module.parameters())
    except Exception:
        return 0  # building it for real tells what is wrong


def _largest(module: nn.Module) -> tuple[str, int]:
    """Path of the layer with the most parameters of its own, and how many it has."""
    sizes = {
        name: sum(p.numel() for p in own.parameters(recurse=False))
        for name, own in module.named_modules()
    }
    name = max(sizes, key=lambda name: sizes[name])
    return name[:80], sizes[name]


def _record(
    module: nn.Module, x: torch.Tensor, session: Session
) -> tuple[OperationRecorder, Any]:
    """Runs a module once and writes its operations down."""
    recorder = OperationRecorder(module, x)
    session.recorder = session.attempt = recorder
    session.names = {id(m): name for name, m in module.named_modules()}
    hooks = [
        own.register_forward_hook(_seen(recorder, name))
        for name, own in module.named_modules()
        if isinstance(own, nn.modules.dropout._DropoutNd)
    ]
    hooks += [
        own.register_forward_pre_hook(recorder.begin)
        for own in module.modules()
        if isinstance(own, nn.modules.batchnorm._BatchNorm)
    ]
    try:
        with warnings.catch_warnings(record=True) as heard:
            warnings.simplefilter("always")
            with recorder:
                output = module(x)
        recorder.implicit_dim = any("Implicit dim" in str(w.message) for w in heard)
    finally:
        session.recorder = None
        for hook in hooks:
            hook.remove()
    return recorder, output


def _seen(recorder: OperationRecorder, name: str) -> Callable:
    def note(own: Any, inputs: tuple, output: Any) -> None:
        recorder.dropout(name, own.p, inputs[0], output)

    return note


def _keras_order(role: str, tensor: torch.Tensor) -> torch.Tensor:
    """A kernel as Keras has it: (height, width, in, out), or (in, out)."""
    if role != "kernel":
        return tensor
    return tensor.permute(2, 3, 1, 0) if tensor.ndim == 4 else tensor.T


def _variable(role: str, tensor: torch.Tensor) -> dict[str, Any]:
    own = _keras_order(role, tensor.detach())
    trainable = tensor.requires_grad or role.startswith("moving")
    if tensor.is_meta:
        step = sample_step(tensor.numel())
        zero = encode_sample(np.zeros(1, "<f4"))
        return {"trainable": trainable, **zero, "shape": list(own.shape), "step": step}
    return {"trainable": trainable, **encode_sample(own.numpy())}


def _operation(layer: TracedLayer, earlier: dict[int, Any]) -> dict[str, Any]:
    size = sum(t.numel() for t in layer.parameters.values())
    if size > MOST_PARAMETERS:
        config = {"class": f"{layer.kind} with {size:,} parameters"}
        layer = TracedLayer("Unknown", layer.name, config)
    own = list(layer.parameters.values())
    return {
        "kind": layer.kind,
        "name": layer.name,
        "config": layer.config,
        "used_before": any(id(t) in earlier for t in own),
        "trainable": True,
        "variables": {r: _variable(r, t) for r, t in layer.parameters.items()},
    }


def _to_json(
    module: nn.Module,
    recorder: OperationRecorder,
    output: int,
    x: torch.Tensor,
    earlier: dict[int, Any],
) -> dict[str, Any]:
    """Writes a module's graph as `grader.capture.graph.to_json` writes Keras's."""
    operations = [_operation(layer, earlier) for layer in recorder.layers]
    reached = {id(t) for layer in recorder.layers for t in layer.parameters.values()}
    earlier |= {id(t): t for t in module.parameters()}
    unused = [
        {"name": name, "size": parameter.numel()}
        for name, parameter in module.named_parameters()
        if id(parameter) not in reached
    ]
    return {
        "input_shape": [None, x.shape[2], x.shape[3], x.shape[1]],
        "input_dtype": "float32",
        "operations": operations,
        "nodes": [
            {
                "operation": call.layer,
                "inputs": call.inputs,
                "shape": call.shape,
                "training": call.training,
            }
            for call in recorder.calls
        ],
        "output": output,
        "unused": unused[:50],
        "implicit_dim": recorder.implicit_dim,
    }


def _set_challenge_weights(layers: list[TracedLayer], seed: str) -> None:
    """Gives each parameter the value that the challenge draws for its place."""
    for place, layer in enumerate(layers):
        for role, tensor in layer.parameters.items():
            own = _keras_order(role, tensor)
            drawn = challenge_weight(seed, place, role, tuple(own.shape))
            own.copy_(torch.from_numpy(drawn))


def _outputs(
    module: nn.Module,
    layers: list[TracedLayer],
    x: torch.Tensor,
    call: dict[str, Any],
    seed: str,
    *,
    large: bool,
) -> dict[str, Any]:
    if not call.get("outputs", True):
        return {}
    _set_challenge_weights(layers, seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        results = {"challenge": encode_output(_channels_last(module.eval()(x)))}
        if large:  # before training mode, which moves the averages
            results["large"] = encode_output(_channels_last(module(float(LARGE) * x)))
        if call.get("training", True):
            results["training"] = encode_output(_channels_last(module.train()(x)))
    return results


def _channels_last(tensor: torch.Tensor) -> np.ndarray:
    own = tensor.detach()
    return (own.permute(0, 2, 3, 1) if own.ndim == 4 else own).numpy()
