"""Stand-ins for functions on tensors: they record their calls and do little work."""

import inspect
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import numpy as np
import tensorflow as tf

from grader.capture.aliases import redirected
from grader.capture.arrays import WHOLE, encode_sample
from grader.capture.namespace import replaced
from grader.challenge import Extent, stand_in

MOST_CALLS = 200
#: Of an input that does not travel whole: a network of 50 layers may show 108.
_INPUT = 512
_WIDEST = 8192
_LARGEST = 20_000_000
_Kind = inspect.Parameter


class CallRecorder:
    """Records calls.

    Args:
        seed: what the stand-ins' outputs are drawn from.
        functions: for each function its `parameters`, a list of `name`, `kind` and
            perhaps `default`, of which the first is the tensor; and its `extent`.
        store: the open scopes are read off it.

    Attributes:
        calls: what was recorded, plain data.
    """

    def __init__(
        self,
        seed: str,
        functions: Mapping[str, Mapping[str, Any]],
        store: Any,
    ):
        self.seed = seed
        self.functions = functions
        self.store = store
        self.calls: list[dict[str, Any]] = []

    def stand_in(self, name: str, learners: Callable | None) -> Callable:
        """Returns what takes a function's place."""
        # before the function answers with its stand-in
        own = inspect.signature(learners) if learners is not None else None

        def taken(*args, **kwargs):
            parameters = self.functions[name]["parameters"]
            values = bind(own, parameters, args, kwargs)
            given = values.pop(parameters[0]["name"])
            if given is None:
                raise TypeError(f"{name} is given None for a tensor")
            x = np.asarray(given, dtype=np.float32)
            return tf.constant(self._record(name, x, values))

        return taken

    def _record(self, name: str, x: np.ndarray, values: dict[str, Any]) -> np.ndarray:
        if len(self.calls) >= MOST_CALLS:
            raise ValueError(f"more than {MOST_CALLS} calls")
        parameters = self.functions[name]["parameters"]
        kinds = {p["name"]: p["kind"] for p in parameters}
        arguments = {
            key: plain(name, key, value, kinds[key]) for key, value in values.items()
        }
        scopes = [n for n, kind in kinds.items() if kind == "scope"]
        scope = "".join(arguments.pop(n, "") for n in scopes)
        place = len(self.calls)
        self.calls.append(
            {
                "function": name,
                "arguments": arguments,
                "path": "/".join([*self.store.path, scope]),
                "input": encode_sample(x, _INPUT, WHOLE),
            }
        )
        extent = Extent(**self.functions[name]["extent"])
        try:
            stride, width = extent.of(x.shape[-1], arguments)
        except ValueError as error:
            raise ValueError(f"{name}: {error}") from None
        if width > _WIDEST or x.size // x.shape[-1] * width > _LARGEST:
            raise ValueError(f"{name}: an output of {width} channels is too large")
        return stand_in(self.seed, place, x, stride, width, valid=extent.valid)


def bind(
    own: inspect.Signature | None,
    parameters: Sequence[Mapping[str, Any]],
    args: tuple,
    kwargs: dict[str, Any],
) -> dict[str, Any]:
    """Binds a call to the specification's names, through the learner's signature.

    Raises:
        TypeError: as Python does, if the call does not fit the signature.
    """
    names = [parameter["name"] for parameter in parameters]
    defaults = {p["name"]: p["default"] for p in parameters if "default" in p}
    kinds = {p.kind for p in own.parameters.values()} if own else set()
    if own is None or kinds & {_Kind.VAR_KEYWORD, _Kind.VAR_POSITIONAL}:
        own = inspect.Signature(
            [
                _Kind(name, _Kind.POSITIONAL_OR_KEYWORD,
                      default=defaults.get(name, _Kind.empty))
                for name in names
            ]
        )  # fmt: skip
    bound = own.bind(*args, **kwargs).arguments
    places = {name: place for place, name in enumerate(own.parameters)}
    own_names = set(places) & set(names)
    values = {}
    for name, value in bound.items():
        if name in own_names:
            values[name] = value
        elif places[name] < len(names):
            values[names[places[name]]] = value
    learned = {
        name: parameter.default
        for name, parameter in own.parameters.items()
        if name in names and parameter.default is not _Kind.empty
    }
    return {**learned, **defaults, **values}


def plain(function: str, name: str, value: Any, kind: str) -> Any:
    """Turns an argument into plain data.

    Args:
        function: its function.
        name: its name.
        value: the argument.
        kind: of the parameter: "scope", "flag", "number" or "whole".

    Raises:
        TypeError: if it is not of that kind.
    """
    if kind == "scope":
        return str(value)[:200]
    if kind == "flag":
        return bool(value)
    if kind == "number":
        return float(value)
    if value is None:
        return None
    single: Any = value[0] if isinstance(value, (tuple, list)) and value else value
    try:
        # n_out / 4 is as good as n_out // 4: the store makes whole numbers of sizes.
        if isinstance(single, float) and single.is_integer():
            single = int(single)
        whole: Any = single
        return operator.index(whole)
    except TypeError:
        text = f"{function}: {name} is a whole number, not {value!r:.80}"
        raise TypeError(text) from None


@contextmanager
def standing_in(namespace: dict[str, Any], recorder: CallRecorder) -> Iterator[None]:
    """Puts a recorder's stand-ins into a namespace while the body runs."""
    with ExitStack() as stack:
        values = {}
        for name in recorder.functions:
            own = namespace.get(name)
            own = getattr(own, "python_function", own)
            learners = own if inspect.isfunction(own) else None
            values[name] = recorder.stand_in(name, learners)
            if learners is not None:
                # a default argument, or another name, holds the function itself
                stack.enter_context(redirected(learners, values[name]))
        stack.enter_context(replaced(namespace, values))
        yield
