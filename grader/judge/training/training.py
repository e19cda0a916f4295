"""One training that was asked for, and what differs in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.challenge import challenge_weight, training_set
from grader.judge.training.compare import (
    ACCURACIES,
    LOSSES,
    Mistake,
    aside,
    compare_loss,
    compare_optimizer,
    wrong_return,
)
from grader.judge.training.direction import goes_down
from grader.judge.training.reading import Compiled, Fit, Trained
from grader.judge.training.regression import (
    Epoch,
    cross_entropy,
    probabilities,
    train,
)
from grader.judge.training.task import Task
from grader.judge.words import counted, shorten

#: Of the way that the weights went: rounding gives less than a tenth of it.
TOLERANCE = 0.01
#: Of a reported loss: far less than a step changes it by.
_EXACT = 1e-4
#: A learning rate with which training can still be redone.
_FASTEST = 10


@dataclass(frozen=True)
class Training:
    """A call that was asked for, and what was captured of it."""

    task: Task
    call: Mapping[str, Any]
    seed: str
    trained: Trained

    def mistakes(self) -> Iterator[Mistake]:
        """What differs, in the order of the specification."""
        trained = self.trained
        seen = self._expected()
        right = seen is not None and self._weights_are(seen[-1])
        compiled = trained.compilation
        named: list[Mistake] = []
        reported = right and self._reports(trained.fits[-1], "loss", seen)
        if compiled is not None:
            named += compare_optimizer(compiled, self.task.learning_rate, right=right)
            named += compare_loss(compiled, right=reported)
            named += self._metrics(compiled, seen if right else None)
        elif trained.fits and not (reported and self._accuracies(seen)):
            named.append(Mistake("compile", "the model is not compiled before it is "
                                 "trained"))  # fmt: skip
        yield from named
        if not trained.fits:
            yield Mistake("fit", "the model is not trained by model.fit")
            return
        structure = list(self._structure())
        yield from structure
        if all(mistake.what != "again" for mistake in structure):
            yield from self._validation(seen if reported else None)
        if not trained.own:
            yield Mistake(
                "returned", wrong_return(self.task.function, trained.returned)
            )
        if right and (found := aside(trained)):
            yield found  # it shows in the numbers of another model
        elif not (right or self._learns):
            text = "the weights have not gone where training on X and Y takes them"
            yield aside(trained) or Mistake("learned", text)
            return
        explained = named or structure
        if not explained and not right:
            text = (
                "the weights after training are not those that these steps give: "
                "something else changes them"
            )
            yield replace(aside(trained) or Mistake("", text), what="numbers")
        elif not explained and not reported:
            text, weights = "the loss that is reported is not that of these images", ""
            if compiled is not None and compiled.loss_weights is not None:
                weights = shorten(compiled.loss_weights, 40)
                text += f": model.compile is given loss_weights={weights}"
            about = "loss_weights" if weights else ""
            yield Mistake("numbers", text, about, captured=weights or None)

    @property
    def _learns(self) -> bool:
        """Whether the model was trained, though perhaps in another way.

        Steps with other data or weights show nothing of it: they are believed.
        """
        trained = self.trained
        if not trained.fits or not trained.steps:
            return False
        if trained.fits[-1].weighted or any(step.weighted for step in trained.steps):
            return True
        if not all(step.labels and -1 not in step.rows for step in trained.steps):
            return True
        start, end = self._start(), (trained.kernel, trained.bias)
        if [w.shape for w in start] != [w.shape for w in end]:
            return False
        taken = [step.rows for step in trained.steps[: self.call["steps"]]]
        compiled = trained.compilation
        rate = compiled.learning_rate if compiled else None
        rate = rate if rate and 0 < rate < _FASTEST else self.task.learning_rate
        if self._weights_are(train(*self._data(), start, [taken], rate)[-1]):
            return True
        # Weights that were changed after a training leave what it reported.
        if self._reports(trained.fits[-1], "loss", self._expected(), _EXACT):
            return True
        rows = [row for batch in taken for row in batch]
        x, y = (data[rows] for data in self._data())
        return goes_down(x, y, start, end)

    def notes(self, mistakes: Sequence[Mistake]) -> Iterator[str]:
        """Remarks that cost nothing, beside what does."""
        compiled = self.trained.compilation
        wrong = any(mistake.what in ("loss", "numbers") for mistake in mistakes)
        if compiled is not None and compiled.loss not in LOSSES and not wrong:
            name = shorten(compiled.loss)
            yield f"The loss {name!r} gives the numbers of the cross-entropy."
        if compiled is not None and not compiled.metrics:
            seen = self._expected()
            if seen and self._weights_are(seen[-1]) and self._accuracies(seen):
                yield (
                    "The history has the accuracy, though `metrics` is not given: "
                    "weighted_metrics report the same where no image has a weight."
                )

    @property
    def _epochs(self) -> int:
        return self.call["arguments"].get("epochs", self.task.epochs)

    @property
    def _batch_size(self) -> int:
        return self.call["arguments"].get("batch_size", self.task.batch_size)

    def _by_epoch(self, fit: Fit) -> list[list[tuple[int, ...]]]:
        """The batches of each epoch, where all have as many."""
        rows = [step.rows for step in self.trained.steps]
        each = fit.steps // max(fit.epochs, 1)
        return [rows[i * each : (i + 1) * each] for i in range(fit.epochs)]

    def _structure(self) -> Iterator[Mistake]:
        """Which images were seen, how often, and in batches of which size."""
        trained, images = self.trained, self.call["images"]
        fit = trained.fits[0]
        if len(trained.fits) > 1 or len(trained.steps) > fit.steps:
            text = "the model is trained more than once"
            yield Mistake("again", text, captured=len(trained.fits))
            return
        size = max((len(step.rows) for step in trained.steps), default=0)
        places = (fit.epochs, size)
        if places == (self._batch_size, self._epochs) != (size, fit.epochs):
            text = "epochs and batch_size have changed places in model.fit"
            yield Mistake("epochs", text, "exchanged", places[::-1], places)
            return
        if fit.epochs != self._epochs:
            epochs = counted(fit.epochs, "epoch")
            text = f"the model is trained for {epochs}, not {self._epochs}"
            yield Mistake("epochs", text, "epochs", self._epochs, fit.epochs)
        rows = [row for step in trained.steps for row in step.rows]
        if -1 in rows:
            yield Mistake("data", "the model is trained on images that X has not")
            return
        if not all(step.labels for step in trained.steps):
            yield Mistake("data", "the model is trained on labels that Y has not")
            return
        if fit.weighted or any(step.weighted for step in trained.steps):
            yield Mistake("weighted", "some images count more than others in the loss")
        epochs = self._by_epoch(fit)
        seen = [sorted(row for batch in e for row in batch) for e in epochs]
        wrong = next((each for each in seen if each != list(range(images))), None)
        if wrong is not None:
            shows = len(set(wrong))
            text = f"an epoch shows {shows} of the {images} images"
            if shows == images:
                text = "an epoch shows some images more than once"
            yield Mistake("data", text, "images", images, shows)
            return
        largest = max((len(batch) for e in epochs for batch in e), default=0)
        if largest != min(self._batch_size, images):
            size = self._batch_size
            text = f"the batches have {counted(largest, 'image')}, not {size}"
            yield Mistake("batch size", text, "batch_size", size, largest)
        elif any(len(e) > -(-images // self._batch_size) for e in epochs):
            size = counted(largest, "image")
            text = f"an epoch has more batches than batches of {size} need"
            yield Mistake("batch size", text)

    def _expected(self) -> list[Epoch] | None:
        """What the steps that were seen give, by Adam at the rate that is asked for."""
        trained = self.trained
        steps = trained.steps
        if len(trained.fits) != 1 or trained.fits[0].steps != len(steps):
            return None
        if not steps or not all(s.labels and -1 not in s.rows for s in steps):
            return None
        epochs = self._by_epoch(trained.fits[0])
        if not epochs or not epochs[0] or sum(map(len, epochs)) != len(steps):
            return None
        # Further steps were not taken: whole epochs before them are compared.
        whole = self.call["steps"] // len(epochs[0])
        if whole < len(epochs) and self.call["steps"] % len(epochs[0]):
            return None
        epochs = epochs[:whole]
        return train(*self._data(), self._start(), epochs, self.task.learning_rate)

    def _data(self) -> tuple[np.ndarray, np.ndarray]:
        """The images, flat, and their labels."""
        x, y = training_set(self.seed, self.call["id"], "train", self.call)
        return x.reshape(len(x), -1), y

    def _start(self) -> tuple[np.ndarray, np.ndarray]:
        classes = self.call["classes"]
        shape = (int(np.prod(self.call["shape"])), classes)
        return (
            challenge_weight(self.seed, 0, "kernel", shape),
            challenge_weight(self.seed, 0, "bias", (classes,)),
        )

    def _weights_are(self, last: Epoch) -> bool:
        kernel, bias = self._start()
        found = (self.trained.kernel, self.trained.bias)
        if (found[0].shape, found[1].shape) != (kernel.shape, bias.shape):
            return False
        way = np.concatenate([(last.kernel - kernel).ravel(), last.bias - bias])
        off = [(found[0] - last.kernel).ravel(), found[1] - last.bias]
        error, length = np.linalg.norm(np.concatenate(off)), np.linalg.norm(way)
        return bool(error <= TOLERANCE * length and length > 0)

    def _reports(
        self, fit: Fit, key: str, seen: Sequence[Epoch] | None, within: float = 1e-3
    ) -> bool:
        found = fit.history.get(key, ())
        if seen is None or len(found) != fit.epochs:
            return False
        each = zip(found, seen, strict=False)
        return all(abs(f - e.loss) <= within * (1 + e.loss) for f, e in each)

    def _metrics(
        self, compiled: Compiled, seen: Sequence[Epoch] | None
    ) -> Iterator[Mistake]:
        if not compiled.metrics and not self._accuracies(seen):
            text = "the model is compiled without metrics: it reports no accuracy"
            yield Mistake("metrics", text, captured=())
            return
        if seen is None:
            right = any(metric in ACCURACIES for metric in compiled.metrics)
        else:
            right = self._accuracies(seen)
        if not right:
            listed = ", ".join(shorten(metric, 40) for metric in compiled.metrics[:3])
            text = f"the metric {listed} is not the share of images that are right"
            yield Mistake("metrics", text, captured=compiled.metrics)

    def _accuracies(self, seen: Sequence[Epoch] | None) -> bool:
        """Whether the history has the accuracy, whatever its name."""
        if seen is None or not self.trained.fits:
            return False
        for name, values in self.trained.fits[-1].history.items():
            other = name == "loss" or name.startswith("val_")
            if other or len(values) < len(seen):
                continue
            each = zip(values, seen, strict=False)
            if all(abs(v - e.accuracy) <= 1e-3 + e.doubtful for v, e in each):
                return True
        return False

    def _validation(self, seen: Sequence[Epoch] | None) -> Iterator[Mistake]:
        if not self.call["validation"]:
            return
        found = self.trained.fits[-1].history.get("val_loss")
        if found is None:
            yield Mistake("validation", "validation_data are not passed to model.fit")
            return
        if seen is None:
            return
        part = training_set(self.seed, self.call["id"], "validation", self.call)
        x, y = (np.asarray(a, np.float64) for a in part)
        losses = [
            cross_entropy(probabilities(x.reshape(len(x), -1), e.kernel, e.bias), y)
            for e in seen
        ]
        means = [float(loss.mean()) for loss in losses]
        whole = len(found) == self.trained.fits[-1].epochs
        if not whole or not np.allclose(found[: len(means)], means, atol=2e-3):
            yield Mistake("validation", "model.fit validates on something else")
