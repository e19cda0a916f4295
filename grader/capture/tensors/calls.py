"""Captures functions that work on tensors and take their variables from a store.

The lesson's helper module holds the store. While a function is captured, the store
gives out the challenge's values by path, and notes what was asked of it. What a
composed function calls can be taken by stand-ins, so that a mistake in one function
is not charged to those that call it.
"""

import contextlib
import copy
import importlib
import inspect
import sys
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import tensorflow as tf

from grader.capture.arrays import encode_output, encode_sample
from grader.capture.calling import call_by_name
from grader.capture.failure import failed, returned
from grader.capture.tensors.standins import CallRecorder, standing_in
from grader.capture.tensors.store import Entry, recording
from grader.challenge import call_input, named_arguments


class WrongReturn(Exception):
    """What a function returned is no tensor; the message is its type's name."""


def capture_calls(
    function: Callable, challenge: dict[str, Any], namespace: dict[str, Any]
) -> list[dict[str, Any]]:
    """Captures each call of a challenge.

    Args:
        function: the learner's.
        challenge: its `helper` names the module with the store; `stand_ins` has the
            signatures of the functions whose place is taken; a call has the shape
            and spread of its input, its arguments, and whether the function's real
            callees are run as well.
        namespace: where the function was looked up.

    Returns:
        For each call its id, its status, and of each way in which it was run the
        variables, the recorded calls and the outputs.
    """
    function = plain(function)
    own = _globals(function, namespace)
    eagerly = tf.config.functions_run_eagerly()
    tf.config.run_functions_eagerly(True)
    try:
        stores = _stores(challenge["helper"], own)
        return [_capture(function, challenge, call, own, stores)
                for call in challenge["calls"]]  # fmt: skip
    finally:
        tf.config.run_functions_eagerly(eagerly)


def plain(function: Callable) -> Callable:
    """Returns the Python function below a `tf.function`."""
    return getattr(function, "python_function", function)


def _globals(function: Callable, namespace: dict[str, Any]) -> dict[str, Any]:
    """The global names that a function, or a class's `__init__`, sees."""
    inner = function.__init__ if inspect.isclass(function) else function
    return getattr(inspect.unwrap(inner), "__globals__", namespace)


def _stores(helper: str, own: dict[str, Any]) -> list[Any]:
    """The store of the helper module, and of any copy that the function sees."""
    module = sys.modules.get(helper) or importlib.import_module(helper)
    found = {id(module.store): module.store}
    for value in list(own.values()):
        if getattr(value, "__module__", None) == helper:
            store = getattr(value, "__globals__", {}).get("store")
            if store is not None:
                found[id(store)] = store
    return list(found.values())


def _capture(
    function: Callable,
    challenge: dict[str, Any],
    call: dict[str, Any],
    own: dict[str, Any],
    stores: list[Any],
) -> dict[str, Any]:
    runs: dict[str, Any] = {}
    problem: dict[str, Any] | None = None
    wanted = call.get("real", "always")
    if challenge["stand_ins"]:
        run = _run(function, challenge, call, own, stores, stand_ins=True)
        if run["status"] == "captured":
            runs["recorded"] = run
        else:
            problem = run
        missing = set(challenge["stand_ins"]) - {c["function"] for c in run["calls"]}
        if problem is None and wanted == "if_needed" and not missing:
            return {"id": call["id"], "status": "captured", "runs": runs}
    run = _run(function, challenge, call, own, stores, stand_ins=False)
    if run["status"] == "captured":
        runs["real"] = run
    if runs:
        return {"id": call["id"], "status": "captured", "runs": runs}
    return {**(problem or run), "id": call["id"]}


def _run(
    function: Callable,
    challenge: dict[str, Any],
    call: dict[str, Any],
    own: dict[str, Any],
    stores: list[Any],
    *,
    stand_ins: bool,
) -> dict[str, Any]:
    seed = f"{challenge['seed']}/{call['id']}"
    x = call_input(challenge["seed"], call["id"], call["batch"], call["input_shape"])
    x = x * np.float32(call.get("scale", 1)) + np.float32(call.get("shift", 0))
    arguments = copy.deepcopy(call["arguments"])
    with recording(stores, seed) as made:
        recorder = CallRecorder(seed, challenge["stand_ins"], stores[0])
        taken = standing_in(own, recorder) if stand_ins else contextlib.nullcontext()
        try:
            with taken:
                names = named_arguments(challenge)
                value = call_by_name(function, (tf.constant(x),), arguments, names)
            outputs = _outputs(value, challenge["returns"])
        except KeyboardInterrupt:
            raise
        except WrongReturn as error:
            status = returned(call, str(error), function)
            return {**status, **_until_then(made, recorder)}
        except BaseException as error:
            status = failed(call, "raised", error, function)
            return {**status, **_until_then(made, recorder)}
        return {
            **_until_then(made, recorder),
            "status": "captured",
            "outputs": {name: encode_output(value) for name, value in outputs.items()},
            "changed": {
                entry.path: encode_sample(entry.variable.numpy())
                for entry in made.values()
                if entry.changed
            },
        }


def _until_then(made: dict[str, Entry], recorder: CallRecorder) -> dict[str, Any]:
    """What a run asked for and called, whether or not it came to its end."""
    variables = [entry.to_json() for entry in made.values()]
    return {"variables": variables, "calls": recorder.calls}


def _outputs(returned: Any, names: list[str]) -> dict[str, np.ndarray]:
    """Reads what came back: a tensor, or one for each name.

    Several come as a tuple, a list, a dictionary or an object with attributes.
    """
    if len(names) == 1:
        return {names[0]: _array(returned)}
    parts = zip(names, _parts(returned, names), strict=True)
    return {name: _array(value, f" for {name}") for name, value in parts}


def _parts(returned: Any, names: list[str]) -> Iterator[Any]:
    if isinstance(returned, dict) and set(names) <= set(returned):
        yield from (returned[name] for name in names)
    elif all(hasattr(returned, name) for name in names):
        yield from (getattr(returned, name) for name in names)
    elif isinstance(returned, (tuple, list)) and len(returned) == len(names):
        yield from returned
    else:
        raise WrongReturn(type(returned).__name__)


def _array(value: Any, where: str = "") -> np.ndarray:
    if not isinstance(value, (tf.Tensor, tf.Variable, np.ndarray)):
        value = getattr(value, "value", None) if hasattr(value, "assign") else value
    if not isinstance(value, (tf.Tensor, tf.Variable, np.ndarray)):
        raise WrongReturn(f"{type(value).__name__}{where}")
    return np.asarray(value, dtype=np.float32)
