"""The training run: resumable, the same for the same seed on the same machine."""

from __future__ import annotations

import json
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import keras
import numpy as np

from resnet_data._layout import Images
from resnet_data.training.evaluate import evaluate
from resnet_data.training.examples import STEPS, Pool, batches

LEARNING_RATE = 1e-3
WARM_UP = 5  # epochs
LABEL_SMOOTHING = 0.05
WEIGHT_DECAY = 0.02
MEASURE_EVERY = 5  # epochs, from one checkpoint to the next
HISTORY = "history.json"


@dataclass(frozen=True)
class Epoch:
    """One line of the history; `tests` has loss and accuracy for each test set."""

    number: int
    seconds: float
    loss: float
    accuracy: float
    tests: dict[str, tuple[float, float]]


class OtherRun(Exception):
    """The folder keeps a run that began with other numbers."""


def learning_rate(step: int, epochs: int) -> float:
    """A linear warm-up, then half a cosine down to nothing.

    Near its end the weights stand still, so that the moving averages of
    BatchNormalization, which follow at 1 % a step, catch up with them.
    """
    if step < WARM_UP * STEPS:
        return LEARNING_RATE * (step + 1) / (WARM_UP * STEPS)
    part = (step - WARM_UP * STEPS) / max((epochs - WARM_UP) * STEPS, 1)
    return LEARNING_RATE * 0.5 * (1.0 + math.cos(math.pi * min(part, 1.0)))


def fit(
    model: Any,
    pool: Pool,
    tests: dict[str, Images],
    *,
    epochs: int,
    seed: int,
    folder: Path,
) -> list[Epoch]:
    """Train a model, or go on where an earlier run of this folder stopped.

    Args:
        model: an untrained ResNet50.
        pool: what the batches are made from.
        tests: sets whose loss and accuracy are noted along the way; nothing is
            chosen by them.
        epochs: of 32 batches of 64 images each.
        seed: of the batches.
        folder: where checkpoints and the history are kept.

    Returns:
        The whole history.

    Raises:
        OtherRun: the folder has a run with other numbers.
    """
    _compile(model)
    plan = {
        "epochs": epochs,
        "seed": seed,
        "photographs": len(pool.photos.x),
        "drawn": len(pool.drawn.x),
    }
    history = _resume(model, folder, plan)
    first = len(history)
    if first:
        print(f"Going on after epoch {first} of {epochs}.", flush=True)
    if first < epochs:
        model.fit(
            batches(pool, seed, first, epochs),
            initial_epoch=first,
            epochs=epochs,
            steps_per_epoch=STEPS,
            shuffle=False,
            verbose=0,
            callbacks=[_Run(history, tests, plan, folder)],
        )
    return history


class _Run(keras.callbacks.Callback):
    """Sets the learning rate, keeps checkpoints and says how far the run is."""

    def __init__(
        self,
        history: list[Epoch],
        tests: dict[str, Images],
        plan: dict[str, int],
        folder: Path,
    ) -> None:
        super().__init__()
        self._history, self._tests = history, tests
        self._plan, self._folder = plan, folder
        self._epochs = plan["epochs"]
        self._number, self._begun = len(history), 0.0

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self._number, self._begun = epoch, time.monotonic()

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        step = self._number * STEPS + batch
        model: Any = self.model
        model.optimizer.learning_rate = learning_rate(step, self._epochs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        seconds = time.monotonic() - self._begun
        due = (epoch + 1) % MEASURE_EVERY == 0 or epoch + 1 == self._epochs
        scores = [
            evaluate(self.model, name, images)
            for name, images in (self._tests.items() if due else ())
        ]
        tests = {score.name: (score.loss, score.accuracy) for score in scores}
        line = Epoch(epoch + 1, seconds, logs["loss"], logs["accuracy"], tests)
        self._history.append(line)
        if due:
            _keep(self.model, self._history, self._plan, self._folder)
        typical = float(np.median([each.seconds for each in self._history[-20:]]))
        print(_told(line, self._epochs, typical), flush=True)


def _compile(model: Any) -> None:
    optimizer = keras.optimizers.AdamW(
        LEARNING_RATE, weight_decay=WEIGHT_DECAY, global_clipnorm=5.0
    )
    # Shifts and scales are not decayed.
    optimizer.exclude_from_weight_decay(var_names=["bias", "beta", "gamma"])
    loss = keras.losses.CategoricalCrossentropy(label_smoothing=LABEL_SMOOTHING)
    model.compile(optimizer, loss, metrics=["accuracy"])
    optimizer.build(model.trainable_variables)


def _resume(model: Any, folder: Path, plan: dict[str, int]) -> list[Epoch]:
    """Load the last checkpoint, the optimizer's state included, and its history."""
    path = folder / HISTORY
    if not path.is_file():
        return []
    kept = json.loads(path.read_text(encoding="utf-8"))
    if kept["plan"] != plan:
        raise OtherRun(
            f"{folder} has a run with {_words(kept['plan'])}; this one has "
            f"{_words(plan)}. Remove that folder, or name another one."
        )
    model.load_weights(folder / kept["checkpoint"])
    return [Epoch(**line) for line in kept["epochs"]]


def _words(plan: dict[str, int]) -> str:
    return ", ".join(f"{name} {number:,}" for name, number in plan.items())


def _keep(model: Any, history: list[Epoch], plan: dict[str, int], folder: Path) -> None:
    """Write a checkpoint; the history, written last, says which one counts."""
    folder.mkdir(parents=True, exist_ok=True)
    name = f"epoch-{history[-1].number:04}.weights.h5"
    model.save_weights(folder / name)
    lines = [asdict(line) for line in history]
    text = json.dumps({"plan": plan, "checkpoint": name, "epochs": lines})
    new = folder / f"{HISTORY}.new"
    new.write_text(text, encoding="utf-8")
    new.replace(folder / HISTORY)
    for old in folder.glob("epoch-*.weights.h5"):
        if old.name != name:
            old.unlink()


def _told(line: Epoch, epochs: int, typical: float) -> str:
    left = (epochs - line.number) * typical
    tests = "".join(
        f"  {name} {accuracy:.3f} ({loss:.3f})"
        for name, (loss, accuracy) in line.tests.items()
    )
    return (
        f"epoch {line.number:3}/{epochs}  loss {line.loss:.3f}  "
        f"accuracy {line.accuracy:.3f}  {line.seconds:4.0f} s, "
        f"{left / 60:3.0f} min left{tests}"
    )
