"""Captures the layers that a learner's function builds, and what they compute."""

import contextlib
import copy
import functools
import inspect
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import keras
from keras.src.models.functional import Functional

from grader.capture import graph, outputs
from grader.capture.arrays import encode_output
from grader.capture.attempt import Attempt, attempted
from grader.capture.calling import call_by_name, capture_call
from grader.capture.failure import failed, returned
from grader.capture.idle import idle
from grader.capture.initializer import choose
from grader.capture.late import made_late
from grader.capture.operations import has_operations
from grader.capture.standins import stand_ins
from grader.capture.undrawn import undrawn
from grader.challenge import LARGE, call_input, named_arguments


class Ends(NamedTuple):
    """Where a function's graph begins and ends."""

    inputs: Any
    output: Any


def capture_calls(
    function: Callable, challenge: dict[str, Any], namespace: dict[str, Any]
) -> list[dict[str, Any]]:
    """Captures each call of a challenge: graph, initial weights and outputs.

    Args:
        function: the learner's.
        challenge: what it returns ("tensor" or "model"), stand-ins, a seed, the calls.
        namespace: where the function was looked up.
    """
    earlier: dict[int, Any] = {}
    once = functools.partial(_capture_once, function, earlier=earlier)
    return [capture_call(once, challenge, call) for call in challenge["calls"]]


def _capture_once(
    function: Callable,
    challenge: dict[str, Any],
    call: dict[str, Any],
    earlier: dict[int, Any],
) -> dict[str, Any]:
    seed = challenge["seed"]
    kept: list[Ends] = []
    symbolic = None
    if challenge["returns"] != "model":
        symbolic = keras.Input(tuple(call["input_shape"]))
    attempt = Attempt()
    drawn = contextlib.nullcontext() if call.get("outputs", True) else undrawn()
    try:
        with _remembered_models(kept), made_late(), drawn, attempted() as attempt:
            result = _invoke(function, challenge, call, symbolic)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        if not (challenge["returns"] == "model" and kept and "unique" in str(error)):
            partial = attempt.written(symbolic, error)
            return {**failed(call, "raised", error, function), "partial": partial}
        result = kept[-1]
    try:
        ends = _ends(result)
        if isinstance(ends, type):
            layer = issubclass(ends, keras.Layer) and not issubclass(ends, keras.Model)
            several = isinstance(result, keras.Model) and issubclass(ends, list)
            kind = "a model of several outputs" if several else ends.__name__
            return returned(call, kind, function, layer=layer)
        start, end = ends
        beside = () if symbolic is None else _beside(attempt, start, end)
        flat = graph.flatten(start, end, beside)
        written = graph.to_json(flat, earlier, initial=call.get("initial", False))
        nowhere = idle(attempt.results, flat)
    except Exception as error:
        return failed(call, "unreadable", error, function)
    if challenge.get("needs_calls") and not _has_calls(written):
        # A whole deep network is not worth the time: its calls are what is judged
        return {"id": call["id"], "status": "uncalled", "idle": nowhere}
    try:
        results = _outputs(flat, call, seed, large=has_operations(written))
    except Exception as error:
        return {**failed(call, "not_run", error, function), "graph": written}
    found = {"graph": written, "idle": nowhere}
    return {"id": call["id"], "status": "captured", **found, **results}


def _beside(attempt: Attempt, inputs: Any, output: Any) -> Sequence[Any]:
    """What else a block computed, where its sum takes one tensor twice."""
    flat = graph.flatten(inputs, output)
    twice = any(_takes_twice(node) for node in flat.nodes if node is not None)
    return attempt.results if twice else ()


def _takes_twice(node: graph.FlatNode) -> bool:
    taken = [entry["node"] for entry in node.inputs if "node" in entry]
    return len(set(taken)) < len(taken)


def _has_calls(written: dict[str, Any]) -> bool:
    return any(operation["kind"] == "Block" for operation in written["operations"])


def _invoke(
    function: Callable, challenge: dict[str, Any], call: dict[str, Any], symbolic: Any
) -> Any:
    arguments, names = copy.deepcopy(call["arguments"]), named_arguments(challenge)
    if "initializer" in arguments:
        arguments["initializer"] = choose(arguments["initializer"])
    own = getattr(inspect.unwrap(function), "__globals__", {})
    with stand_ins(own, challenge["stand_ins"], challenge["seed"]):
        if challenge["returns"] == "model":
            if "input_shape" in arguments:
                arguments["input_shape"] = tuple(arguments["input_shape"])
            return call_by_name(function, (), arguments, names)
        result = call_by_name(function, (symbolic,), arguments, names)
        return Ends(symbolic, result)


@contextlib.contextmanager
def _remembered_models(kept: list[Ends]) -> Iterator[None]:
    """Notes each model's ends, so that one with a name used twice can be shown."""
    original = Functional.__init__

    def init(self, inputs, outputs, *args, **kwargs):
        kept.append(Ends(inputs, outputs))
        original(self, inputs, outputs, *args, **kwargs)

    Functional.__init__ = init
    try:
        yield
    finally:
        Functional.__init__ = original


def _ends(returned: Any) -> Any:
    """Returns the input and output tensor, or the type of what came instead."""
    if isinstance(returned, keras.Sequential) and not returned.built:
        return type(returned)  # without layers, or without what they are to take
    if isinstance(returned, keras.Model) and _computes_its_graph(type(returned)):
        returned = Ends(returned.inputs, getattr(returned, "outputs", None))
    if not isinstance(returned, Ends):
        return type(returned)
    inputs, output = _single(returned.inputs), _single(returned.output)
    if not isinstance(output, keras.KerasTensor):
        return type(output)
    return inputs, output


def _computes_its_graph(model: type) -> bool:
    """Whether a model's class leaves it to Keras to run its layers."""
    return any(
        issubclass(model, kind)
        and model.call is kind.call
        and model.__call__ is kind.__call__
        for kind in (Functional, keras.Sequential)
    )


def _single(tensors: Any) -> Any:
    return tensors[0] if isinstance(tensors, list) and len(tensors) == 1 else tensors


def _outputs(
    flat: graph.FlatGraph, call: dict[str, Any], seed: str, *, large: bool
) -> dict[str, Any]:
    if not call.get("outputs", True):
        return {}
    x = call_input(seed, call["id"], call["batch"], call["input_shape"])
    results = {}
    if call.get("initial"):
        results["initial"] = encode_output(outputs.run(flat, x))
    outputs.set_challenge_weights(flat, seed)
    results["challenge"] = encode_output(outputs.run(flat, x))
    if large:  # before training mode, which moves the averages
        results["large"] = encode_output(outputs.run(flat, LARGE * x))
    if call.get("training", True):
        results["training"] = encode_output(outputs.run(flat, x, training=True))
    return results
