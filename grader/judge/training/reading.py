"""The strict reading of what was captured of a training."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.judge.sample import read_array
from grader.judge.strict import CaptureError

MOST_STEPS = 2000
MOST_ROWS = 200
MOST_FITS = 20
MOST_ITEMS = 64
MOST_EPOCHS = 500
MOST_NAME = 100
MOST_NUMBER = 2**64
#: The weights of the model's last layer.
ROLES = ("kernel", "bias")
#: What may be frozen: weights of the last layer, layers before it.
FROZEN = (*ROLES, "layers")


@dataclass(frozen=True)
class Compiled:
    """One call of `compile`.

    Attributes:
        optimizer: its class.
        learning_rate: None where it is no plain number.
        constants: the optimizer's other hyperparameters.
        loss: its name or class.
        loss_options: the loss's hyperparameters.
        metrics: names or classes.
        loss_weights: as they are written; None for none.
    """

    optimizer: str
    learning_rate: float | None
    constants: Mapping[str, Any]
    loss: str
    loss_options: Mapping[str, Any]
    metrics: tuple[str, ...]
    loss_weights: str | None = None


@dataclass(frozen=True)
class Fit:
    """One call of `fit`: how many steps and epochs it was, and what it reported.

    `compiled` is how often the model had been compiled before; `frozen` are the weights
    that were not trainable, `changed` those that had changed since the last training.
    """

    compiled: int
    steps: int
    epochs: int
    weighted: bool
    history: Mapping[str, tuple[float, ...]]
    frozen: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class TrainingStep:
    """The images of one step by number, -1 for one that was not given."""

    rows: tuple[int, ...]
    labels: bool
    weighted: bool


@dataclass(frozen=True)
class Trained:
    """A captured training; `own` says whether its History was returned.

    `changed` are the weights that changed after the last training, and `copies` says
    how often copies of the model were compiled.
    """

    compiled: tuple[Compiled, ...]
    fits: tuple[Fit, ...]
    steps: tuple[TrainingStep, ...]
    returned: str
    own: bool
    kernel: np.ndarray
    bias: np.ndarray
    changed: tuple[str, ...] = ()
    copies: int = 0

    @property
    def compilation(self) -> Compiled | None:
        """How the model was compiled when it was trained; None where it was not."""
        count = self.fits[-1].compiled if self.fits else len(self.compiled)
        return self.compiled[count - 1] if count else None


@dataclass(frozen=True)
class Stopped:
    """A training that failed.

    Attributes:
        compiled: how the model was last compiled; None where it was not.
        given: what `fit` was given as images and as labels; empty where it was not
            called.
        copies: how often copies of the model were trained.
    """

    compiled: Compiled | None = None
    given: tuple[str, ...] = ()
    copies: int = 0


def read(call: Mapping[str, Any], images: int) -> Trained:
    """Reads one captured call.

    Args:
        call: what `grader.capture.training` wrote, from an untrusted place.
        images: how many there are to train with.

    Raises:
        CaptureError: if it is not of that form.
    """
    try:
        returned = _is(call["returned"], dict, "what was returned")
        trained = Trained(
            tuple(map(_compiled, _list(call["compiled"], MOST_FITS, "compiled"))),
            tuple(map(_fit, _list(call["fits"], MOST_FITS, "fits"))),
            tuple(
                _step(step, images)
                for step in _list(call["steps"], MOST_STEPS, "steps")
            ),
            _text(returned["type"]),
            _is(returned["own"], bool, "own"),
            read_array(call["kernel"]),
            read_array(call["bias"]),
            _roles(call.get("changed", [])),
            _count(call.get("copies", 0), MOST_ITEMS),
        )
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise CaptureError(f"the training cannot be read: {error!r}") from error
    if sum(fit.steps for fit in trained.fits) > len(trained.steps):
        raise CaptureError("there are fewer steps than the calls of fit have")
    if any(fit.compiled > len(trained.compiled) for fit in trained.fits):
        raise CaptureError("there are fewer calls of compile than fit had before it")
    return trained


def read_partial(call: Mapping[str, Any]) -> Stopped:
    """What a function did before its call failed.

    Args:
        call: that failed, as it was captured.

    Raises:
        CaptureError: if it is not of the right form.
    """
    partial = call.get("partial")
    if partial is None:
        return Stopped()
    try:
        made = _list(partial["compiled"], MOST_FITS, "compiled")
        given = tuple(map(_text, _list(partial.get("given") or [], 2, "data")))
        if len(given) == 1:
            raise CaptureError("fit was given images and labels, and told of one")
        copies = _count(partial.get("copies", 0), MOST_ITEMS)
        return Stopped(_compiled(made[-1]) if made else None, given, copies)
    except (KeyError, TypeError, AttributeError, OverflowError) as error:
        raise CaptureError(f"the training cannot be read: {error!r}") from error


def _is(value: Any, kind: type, what: str) -> Any:
    if type(value) is not kind:
        raise CaptureError(f"{what} is not of type {kind.__name__}")
    return value


def _list(value: Any, most: int, what: str) -> list[Any]:
    if len(_is(value, list, what)) > most:
        raise CaptureError(f"{what} has more than {most} entries")
    return value


def _text(value: Any) -> str:
    if len(_is(value, str, "a name")) > MOST_NAME:
        raise CaptureError("a name is too long")
    return value


def _count(value: Any, most: int) -> int:
    if not 0 <= _is(value, int, "a number") <= most:
        raise CaptureError(f"a number is not between 0 and {most}")
    return value


def _plain(value: Any) -> Any:
    if type(value) is int and abs(value) > MOST_NUMBER:
        raise CaptureError(f"a hyperparameter is larger than {MOST_NUMBER}")
    if value is None or type(value) in (bool, int, float):
        return value
    return _text(value)


def _roles(value: Any, roles: Sequence[str] = ROLES) -> tuple[str, ...]:
    """Which of the weights are meant."""
    found = tuple(map(_text, _list(value, len(roles), "weights")))
    if not set(found) <= set(roles):
        raise CaptureError("there is no such weight")
    return found


def _options(value: Any) -> dict[str, Any]:
    if len(_is(value, dict, "hyperparameters")) > MOST_ITEMS:
        raise CaptureError("too many hyperparameters")
    return {_text(name): _plain(item) for name, item in value.items()}


def _compiled(data: Any) -> Compiled:
    optimizer, loss = data["optimizer"], data["loss"]
    rate = optimizer["learning_rate"]
    return Compiled(
        _text(optimizer["class"]),
        None if rate is None else float(_is(rate, float, "the learning rate")),
        _options(optimizer["others"]),
        _text(loss["name"]),
        _options(loss["others"]),
        tuple(_text(m) for m in _list(data["metrics"], MOST_ITEMS, "the metrics")),
        None if data.get("loss_weights") is None else _text(data["loss_weights"]),
    )


def _fit(data: Any) -> Fit:
    history = _is(data["history"], dict, "the history")
    if len(history) > MOST_ITEMS:
        raise CaptureError("too many entries in the history")
    return Fit(
        _count(data["compiled"], MOST_FITS),
        _count(data["steps"], MOST_STEPS),
        _count(data["epochs"], MOST_EPOCHS),
        _is(data["weighted"], bool, "weighted"),
        {
            _text(name): tuple(
                _number(v) for v in _list(values, MOST_EPOCHS, "a history")
            )
            for name, values in history.items()
        },
        _roles(data.get("frozen", []), FROZEN),
        _roles(data.get("changed", [])),
    )


def _number(value: Any) -> float:
    if value is None:
        return math.inf  # what is not finite travels as null
    number = float(_is(value, float, "a reported number"))
    return number if math.isfinite(number) else math.inf


def _step(data: Any, images: int) -> TrainingStep:
    rows = tuple(_list(data["rows"], MOST_ROWS, "a step"))
    if not rows:
        raise CaptureError("a step without images")
    if any(type(row) is not int or not -1 <= row < images for row in rows):
        raise CaptureError("a step with images that there are not")
    return TrainingStep(
        rows, _is(data["labels"], bool, "labels"), _is(data["weighted"], bool, "weight")
    )
