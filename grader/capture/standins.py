"""Stand-ins for the learner's blocks while ResNet50's plan is recorded.

ResNet50 is then judged by the calls that it makes, so that a mistake in a block
is not charged a second time.
"""

import inspect
import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from grader.arithmetic import value_of
from grader.capture.aliases import redirected
from grader.capture.initializer import choose, describe_initializer
from grader.capture.namespace import replaced
from grader.challenge import block_scale

_Kind = inspect.Parameter


class BlockStandIn(keras.layers.Layer):
    """Takes a block's place: the right output shape, no weights, little work.

    Every `s`-th row and column is kept; output channel k is the absolute value
    (blocks end in a ReLU; what is `linear` does not) of input channel k modulo C,
    scaled by a factor that the challenge draws for the call.

    Args:
        record: the call, as plain values: the function's name, its arguments, the
            stride `s`, and the `width` of the output unless filters end in it.
        seed: the challenge's seed.
        place: number of the call.
    """

    def __init__(self, record: dict[str, Any], seed: str, place: int):
        super().__init__(name=f"block_stand_in_{place}")
        self.record = record
        self.stride = record["s"]
        self.width = record["width"] if "width" in record else record["filters"][-1]
        self.scale = block_scale(seed, place, self.width)

    def call(self, x):
        """Subsamples, picks and scales channels."""
        channels = np.arange(self.width) % x.shape[-1]
        kept = x[:, :: self.stride, :: self.stride, :]
        taken = tf.gather(kept, channels, axis=-1)
        if not self.record.get("linear"):
            taken = tf.abs(taken)
        return taken * self.scale

    def compute_output_shape(self, input_shape):
        """Returns the block's output shape."""
        batch, height, width, _ = input_shape
        return (
            batch,
            *(None if n is None else -(-n // self.stride) for n in (height, width)),
            self.width,
        )


def bind_arguments(
    own: inspect.Signature | None,
    parameters: Sequence[Mapping[str, Any]],
    args: tuple,
    kwargs: dict,
) -> dict[str, Any]:
    """Binds a call's arguments to the specification's parameter names.

    The learner's own signature decides what a position or keyword means; the
    specification's default stands in for an argument that was left out.

    Raises:
        TypeError: as Python does, if the call does not fit the signature.
    """
    names = [parameter["name"] for parameter in parameters]
    kinds = {p.kind for p in own.parameters.values()} if own else set()
    if own and not kinds & {_Kind.VAR_KEYWORD, _Kind.VAR_POSITIONAL}:
        signature = own
    else:
        signature = inspect.Signature(
            [
                inspect.Parameter(
                    parameter["name"],
                    inspect.Parameter.POSITIONAL_OR_KEYWORD,
                    default=parameter.get("default", inspect.Parameter.empty),
                )
                for parameter in parameters
            ]
        )
    bound = signature.bind(*args, **kwargs).arguments
    if set(bound) <= set(names):
        values = dict(bound)
    else:
        positions = {own: i for i, own in enumerate(signature.parameters)}
        values = {
            names[positions[own]]: value
            for own, value in bound.items()
            if positions[own] < len(names)
        }
    defaults = {p["name"]: p["default"] for p in parameters if "default" in p}
    learned = {
        name: parameter.default
        for name, parameter in signature.parameters.items()
        if name in names and parameter.default is not _Kind.empty
    }
    return {**learned, **defaults, **values}


def _whole(function: str, name: str, value: Any) -> int:
    number: Any = value[0] if isinstance(value, (tuple, list)) and value else value
    try:
        return operator.index(number)
    except TypeError:
        text = f"{function}: {name} is a whole number, not {value!r}"
        raise TypeError(text) from None


def _widths(function: str, name: str, value: Any) -> list[int]:
    widths = [int(width) for width in value]
    if len(widths) != 3:
        raise ValueError(
            f"{function}: {name} holds three numbers (F1, F2, F3), not {len(widths)}"
        )
    return widths


def _flag(function: str, name: str, value: Any) -> bool | None:
    return None if value is None else bool(value)


def _initializer(function: str, name: str, value: Any) -> Any:
    # A default is the name of one of the course's.
    made = choose(value) if isinstance(value, str) else value
    return describe_initializer(made(seed=0) if callable(made) else made)


#: Plain values of the arguments, by the kind that the signature declares.
_KINDS: dict[str, Callable[[str, str, Any], Any]] = {
    "whole": _whole,
    "widths": _widths,
    "text": lambda function, name, value: str(value),
    "flag": _flag,
    "initializer": _initializer,
}


def plain_record(
    function: str, signature: Mapping[str, Any], values: dict[str, Any]
) -> dict[str, Any]:
    """Turns a call into plain values.

    Raises:
        TypeError: if an argument has not the type that a block needs.
    """
    record: dict[str, Any] = {"function": function, **signature.get("fixed", {})}
    for parameter in signature["parameters"]:
        name = parameter["name"]
        value = _KINDS[parameter["kind"]](function, name, values[name])
        record[parameter.get("record", name)] = value
    if isinstance(signature.get("width"), str):
        record["width"] = value_of(signature["width"], record)
        _positive(function, signature["width"], record["width"])
    elif "width" in signature:
        factor, argument = signature["width"]
        record["width"] = factor * record[argument]
        _positive(function, argument, record[argument])
    _positive(function, "the stride", record.get("s", 1))
    return record


def _positive(function: str, name: str, number: int) -> None:
    if number < 1:
        raise ValueError(f"{function}: {name} is {number}, at least 1 is needed")


@contextmanager
def stand_ins(
    namespace: dict[str, Any],
    signatures: Mapping[str, Mapping[str, Any]],
    seed: str,
) -> Iterator[None]:
    """Replaces the blocks in `namespace` while the body runs.

    Args:
        namespace: the global names that ResNet50 sees.
        signatures: for each block its `parameters` without the input tensor `X`, each
            with name, kind ("whole", "widths", "text", "flag", "initializer") and
            perhaps a default, and what it is recorded as; `fixed` values of the record;
            where the `width` of the output is not the last of the filters, a factor and
            its argument, or what gives it, as `grader.arithmetic` reads it; whether
            `aliases` of the block, such as an entry of a table, are replaced, too.
        seed: the challenge's seed.
    """
    calls = 0

    def stand_in(name: str, learners: Callable | None) -> Callable:
        parameters = [{"name": "X"}, *signatures[name]["parameters"]]
        own = inspect.signature(learners) if learners is not None else None

        def block(*args, **kwargs):
            nonlocal calls
            values = bind_arguments(own, parameters, args, kwargs)
            record = {**plain_record(name, signatures[name], values), "place": calls}
            layer = BlockStandIn(record, seed, calls)
            calls += 1
            return layer(values["X"])

        return block

    found = {name: namespace.get(name) for name in signatures}
    learners = {n: own if inspect.isfunction(own) else None for n, own in found.items()}
    blocks = {name: stand_in(name, own) for name, own in learners.items()}
    with ExitStack() as stack:
        stack.enter_context(replaced(namespace, blocks))
        for name, own in learners.items():
            if own is not None and signatures[name].get("aliases"):
                stack.enter_context(redirected(own, blocks[name]))
        yield
