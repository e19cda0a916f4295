"""Captures what a learner's function does under a challenge."""

import importlib
import inspect
from typing import Any

from grader.capture.calling import signature_of
from grader.capture.discarded import discarded
from grader.capture.environment import undisturbed
from grader.challenge import named_arguments

#: How the calls of a function are captured: each is a module of this package with
#: `capture_calls(function, challenge, namespace)`.
WAYS = ("network", "training", "tensors", "values", "answers", "modules")
#: those that run where TensorFlow's eager execution is turned off
_WITHOUT_TENSORFLOW = ("answers", "modules")


def capture(challenge: dict[str, Any], namespace: dict[str, Any]) -> dict[str, Any]:
    """Captures what the function of a challenge does.

    Args:
        challenge: made by a lesson: the function's name, a seed, the calls to make,
            and the way to capture them ("network" where it names none).
        namespace: where the function is looked up, such as a kernel's user names.

    Returns:
        Plain JSON: for each call its graph, initial weights and outputs, or the
        exception that it raised. An exception in the learner's code never leaves
        this function, but for KeyboardInterrupt.
    """
    name = challenge["function"]
    function = namespace.get(name)
    if function is None:
        return {"function": name, "status": "undefined"}
    if not callable(function):
        kind = type(function).__name__
        return {"function": name, "status": "not_callable", "type": kind}
    if hasattr(function, "cache_clear"):
        function = inspect.unwrap(function)  # each call is to build anew
    way = WAYS[WAYS.index(challenge.get("capture", "network"))]
    if way not in _WITHOUT_TENSORFLOW and not _is_eager():
        return {"function": name, "status": "not_eager"}
    module = importlib.import_module(f"grader.capture.{way}")
    names = named_arguments(challenge)
    signature = signature_of(function, _first(challenge, way), names)
    if signature is not None:
        challenge = _without(challenge, signature["left_out"])
    with undisturbed():
        calls = module.capture_calls(function, challenge, namespace)
    captured = {"function": name, "status": "captured", "calls": calls}
    captured["signature"] = signature
    lost = discarded(function)
    return {**captured, "discarded": lost} if lost else captured


def _without(challenge: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """A challenge without the arguments that a function has no parameter for."""
    calls = []
    for call in challenge["calls"] if names else []:
        given = call.get("arguments", {})
        kept = {name: own for name, own in given.items() if name not in names}
        validation = call.get("validation") and "validation_data" not in names
        calls.append({**call, "arguments": kept, "validation": validation})
    return {**challenge, "calls": calls} if names else challenge


def _first(challenge: dict[str, Any], way: str) -> int:
    """How many arguments a call has before those that it names."""
    if way == "network":
        return int(challenge.get("returns") != "model")
    return {"training": 3, "tensors": 1, "values": 1}.get(way, 0)


def _is_eager() -> bool:
    """Whether TensorFlow computes at once, as Keras and the captures need it."""
    import tensorflow as tf

    return tf.executing_eagerly()
