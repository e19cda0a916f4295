"""Captures how a learner's function trains a small model.

The model is real, and trained by Keras. It notes how it was compiled, which images
each step saw, and what became of its weights: so it is the training that is judged,
and not the way in which it was asked for.
"""

import copy
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

import keras
import numpy as np

from grader.capture.arrays import encode
from grader.capture.calling import call_by_name
from grader.capture.failure import failed
from grader.capture.kinds import plain
from grader.challenge import challenge_weight, training_set

MOST_STEPS = 2000
MOST_KEYS = 16
MOST_FITS = 20
#: What is written down of an optimizer beside its class and learning rate.
_OPTIMIZER = (
    "beta_1",
    "beta_2",
    "epsilon",
    "amsgrad",
    "weight_decay",
    "clipnorm",
    "clipvalue",
    "global_clipnorm",
    "use_ema",
    "gradient_accumulation_steps",
    "momentum",
)
_LOSS = ("from_logits", "label_smoothing")
#: The weights of the model's last layer.
_ROLES = ("kernel", "bias")
#: Takes the word of copies of the model that are compiled, while a call is captured.
_COPIES: ContextVar[list[str] | None] = ContextVar("copies", default=None)
#: Arguments of `fit` that a report may name.
_FIT = ("epochs", "batch_size", "initial_epoch", "steps_per_epoch", "validation_split")


class TooMuch(Exception):
    """A function that trains on and on."""


class _Changes:
    """Notes which weights were changed outside of `fit`.

    Args:
        weights: as they are at first, by role.
    """

    def __init__(self, weights: dict[str, np.ndarray]):
        self._last = weights

    def since(self, weights: dict[str, np.ndarray]) -> list[str]:
        """The roles of those that are others than they were when last looked at."""
        last, self._last = self._last, weights
        return [
            role for role in _ROLES if not np.array_equal(last[role], weights[role])
        ]


class Watched(keras.Model):
    """A model that notes how it is compiled and trained."""

    notes: dict[str, Any] | None = None

    def watch(self, images: np.ndarray, labels: np.ndarray, steps: int) -> None:
        """Begins to note.

        Args:
            images: those that the function is given, (m, height, width, channels).
            labels: their one-hot rows, (m, classes).
            steps: how many change the weights; further ones are only noted.
        """
        self._limit = steps
        self.notes = {"compiled": [], "fits": [], "steps": []}
        self.histories: list[Any] = []
        self.given: list[str] | None = None
        layer: Any = self.layers[-1]
        # of layers that are attributes Keras makes parts of the model
        self.read = lambda: {
            role: np.array(getattr(layer, role).value) for role in _ROLES
        }
        self.frozen = lambda: [
            *(role for role in _ROLES if not getattr(layer, role).trainable),
            *{"layers" for other in self.layers[:-1] if not other.trainable},
        ]
        self.changes = _Changes(self.read())
        self._row = {image.tobytes(): i for i, image in enumerate(images)}
        self._labels = labels

    def compile(self, *args, **kwargs):
        """Compiles, so that each step can be seen."""
        names = ("optimizer", "loss", "loss_weights", "metrics", "weighted_metrics")
        kwargs = {**dict(zip(names, args, strict=False)), **kwargs}
        kwargs |= {"run_eagerly": True, "jit_compile": False}
        super().compile(**kwargs)
        if self.notes is None:
            copies = _COPIES.get()
            if copies is not None:
                copies.append("compiled")
            return  # a copy of the model that was given
        self.notes["compiled"].append(
            {
                "optimizer": _describe_optimizer(self.optimizer),
                "loss": _describe_loss(self.loss),
                "metrics": _names(kwargs.get("metrics")),
                "loss_weights": _written_out(kwargs.get("loss_weights")),
            }
        )

    def fit(self, *args, **kwargs):
        """Trains, and notes what came back."""
        if self.notes is None:
            copies = _COPIES.get()
            if copies is not None:
                copies.append("trained")
            return super().fit(*args, **kwargs)
        if len(self.notes["fits"]) >= MOST_FITS:
            raise TooMuch(f"fit is called more than {MOST_FITS} times")
        before, compiled = len(self.notes["steps"]), len(self.notes["compiled"])
        names = ("x", "y", "batch_size", "epochs", "verbose")
        given = {**dict(zip(names, args, strict=False)), **kwargs}
        frozen, changed = self.frozen(), self.changes.since(self.read())
        self.given = [self._role(given.get(name)) for name in ("x", "y")]
        history = super().fit(*args, **kwargs)
        self.changes.since(self.read())
        self.histories.append(history)
        self.notes["fits"].append(
            {
                "arguments": {n: plain(given[n]) for n in _FIT if n in given},
                "weighted": any(
                    given.get(n) is not None for n in ("class_weight", "sample_weight")
                ),
                "compiled": compiled,
                "frozen": frozen,
                "changed": changed,
                "steps": len(self.notes["steps"]) - before,
                "epochs": len(history.epoch),
                "history": _describe_history(history.history),
            }
        )
        return history

    def _role(self, data: Any) -> str:
        """What `fit` is given, by its shape."""
        shape = tuple(getattr(data, "shape", ()))[1:]
        known = {self.input_shape[1:]: "images", self._labels.shape[1:]: "labels"}
        return "nothing" if data is None else known.get(shape, "other")

    def train_step(self, data):
        """Notes the step's images by their number, -1 for others."""
        if self.notes is None:
            return super().train_step(data)
        x, y, weights = keras.utils.unpack_x_y_sample_weight(data)
        if len(self.notes["steps"]) >= MOST_STEPS:
            raise TooMuch(f"it trains for more than {MOST_STEPS} steps")
        images = np.asarray(keras.ops.convert_to_numpy(x), "float32")
        rows = [self._row.get(image.tobytes(), -1) for image in images]
        labels = np.asarray(keras.ops.convert_to_numpy(y), "float32")
        right = labels.shape == (len(rows), self._labels.shape[1])
        right = right and bool(np.all(labels == self._labels[rows]))
        self.notes["steps"].append(
            {"rows": rows, "labels": right, "weighted": weights is not None}
        )
        if len(self.notes["steps"]) <= self._limit:
            return super().train_step(data)
        for metric in self.metrics:
            if metric.name == "loss":
                # It goes on falling, for callbacks that look at it.
                metric.update_state(1 / len(self.notes["steps"]))
        return self.get_metrics_result()


def capture_calls(
    function: Callable, challenge: dict[str, Any], namespace: dict[str, Any]
) -> list[dict[str, Any]]:
    """Captures each call of a challenge: how a small model was trained.

    Args:
        function: the learner's, called as `function(model, X, Y, ...)`.
        challenge: a seed and the calls: numbers of images and classes, the images'
            shape, further arguments, and whether there are validation data.
        namespace: where the function was looked up.
    """
    return [_capture(function, challenge["seed"], c) for c in challenge["calls"]]


def _capture(function: Callable, seed: str, call: dict[str, Any]) -> dict[str, Any]:
    x, y = training_set(seed, call["id"], "train", call)
    model = _model(seed, call)
    model.watch(x, y, call["steps"])
    arguments = copy.deepcopy(call["arguments"])
    if call["validation"]:
        arguments["validation_data"] = training_set(
            seed, call["id"], "validation", call
        )
    # The data are copies: nothing that is done to them reaches those noted.
    data = (model, x.copy(), y.copy())
    copies: list[str] = []
    token = _COPIES.set(copies)
    try:
        returned = call_by_name(function, data, arguments)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        compiled = (model.notes or {}).get("compiled", [])
        trained = copies.count("trained")
        partial = {"compiled": compiled, "given": model.given, "copies": trained}
        return {**failed(call, "raised", error, function), "partial": partial}
    finally:
        _COPIES.reset(token)
    try:
        written = _written(model, returned)
    except Exception as error:
        return failed(call, "unreadable", error, function)
    return {
        "id": call["id"],
        "status": "captured",
        "copies": copies.count("compiled"),
        **written,
    }


def _model(seed: str, call: Mapping[str, Any]) -> Watched:
    """One dense layer with softmax; its weights are drawn from the challenge."""
    inputs = keras.Input(tuple(call["shape"]))
    layer: Any = keras.layers.Dense(call["classes"], activation="softmax")
    model = Watched(inputs, layer(keras.layers.Flatten()(inputs)))
    for role, variable in (("kernel", layer.kernel), ("bias", layer.bias)):
        shape = tuple(variable.shape)
        variable.assign(challenge_weight(seed, 0, role, shape))
    return model


def _written(model: Watched, returned: Any) -> dict[str, Any]:
    layer: Any = model.layers[-1]
    own = any(
        history is returned
        or (type(returned) is type(history) and returned.history == history.history)
        for history in model.histories
    )
    kind = "Model" if isinstance(returned, Watched) else type(returned).__name__
    return {
        **(model.notes or {}),
        "returned": {"type": kind, "own": own},
        "changed": model.changes.since(model.read()),
        "kernel": encode(layer.kernel.value),
        "bias": encode(layer.bias.value),
    }


def _describe_optimizer(optimizer: Any) -> dict[str, Any]:
    config = optimizer.get_config()
    rate = config.get("learning_rate")
    return {
        "class": type(optimizer).__name__,
        "learning_rate": plain(rate) if isinstance(rate, float) else None,
        "others": {n: plain(config[n]) for n in _OPTIMIZER if n in config},
    }


def _describe_loss(loss: Any) -> dict[str, Any]:
    if isinstance(loss, (list, tuple)) and len(loss) == 1:
        (loss,) = loss
    config = loss.get_config() if isinstance(loss, keras.losses.Loss) else {}
    return {
        "name": _name(loss),
        "others": {n: plain(config[n]) for n in _LOSS if n in config},
    }


def _written_out(weights: Any) -> str | None:
    """Weights of losses as they would be written."""
    return None if weights is None else str(plain(weights))[:40]


def _names(metrics: Any) -> list[str]:
    if metrics is None:
        return []
    return [_name(metric) for metric in keras.tree.flatten(metrics)[:MOST_KEYS]]


def _name(thing: Any) -> str:
    if isinstance(thing, str):
        return thing[:100]
    return str(getattr(thing, "__name__", type(thing).__name__))[:100]


def _describe_history(history: Any) -> dict[str, list[float]]:
    kept = list(history.items())[:MOST_KEYS]
    return {str(key)[:100]: [float(v) for v in values] for key, values in kept}
