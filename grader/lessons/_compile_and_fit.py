"""Lesson 2's `compile_and_fit`: judged by the training that it brings about.

A small model with weights of the challenge is trained on images of the challenge. The
judge trains it once more in NumPy, on the same batches, and compares.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader import stream
from grader.judge import mistakes
from grader.judge.finding import Finding
from grader.judge.graph import CaptureError
from grader.judge.regression import Epoch, cross_entropy, probabilities, train
from grader.judge.verdict import Verdict, nothing
from grader.judge.wording import shorten
from grader.lessons._trained import Compiled, Fit, Trained, read

FUNCTION = "compile_and_fit"
LEARNING_RATE = 0.00015
EPOCHS, BATCH_SIZE = 20, 32
#: Of the way that the weights went: rounding gives less than a tenth of it.
TOLERANCE = 0.01

PRICES = {
    "optimizer": 5,
    "learning rate": 4,
    "constants": 3,
    "loss": 5,
    "metrics": 4,
    "fit": 8,
    "again": 5,
    "data": 6,
    "weighted": 4,
    "epochs": 5,
    "batch size": 4,
    "validation": 4,
    "returned": 4,
    "numbers": 4,
}
#: What a mistake costs that shows only under other arguments than those shown.
HIDDEN = 4
_COMPILE = ("optimizer", "learning rate", "constants", "loss", "metrics")
_LOSSES = ("categorical_crossentropy", "CategoricalCrossentropy")
_ACCURACIES = ("accuracy", "acc", "categorical_accuracy", "CategoricalAccuracy")
_CONSTANTS = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
#: Optimizers of Keras: an unknown class may be an Adam of another name.
_OTHERS = (
    "SGD", "RMSprop", "AdamW", "Adamax", "Nadam", "Adagrad", "Adadelta", "Ftrl",
    "Lion", "Adafactor", "Lamb", "Muon",
)  # fmt: skip

_SENTENCES = {
    "optimizer": "The model is compiled with the optimizer Adam.",
    "learning rate": "Adam's learning rate is 0.00015.",
    "constants": "Adam's other arguments stay as Keras has them.",
    "loss": "The loss is the categorical cross-entropy.",
    "metrics": "The metrics hold the accuracy.",
    "fit": "The model is trained with model.fit.",
    "again": "model.fit is called once.",
    "data": "The model is trained on X and Y, all of them.",
    "weighted": "Each image counts as much as any other.",
    "epochs": "It is trained for as many epochs as the argument says.",
    "batch size": "The batches are as large as the argument says.",
    "validation": "validation_data are passed on.",
    "returned": "What model.fit gives is returned.",
    "numbers": "The model has learned what these steps teach it.",
}
_LOOK = dict.fromkeys(_COMPILE, "Look at the line with model.compile.") | {
    "returned": f"Look at the last line of {FUNCTION}.",
    "numbers": f"Look at what {FUNCTION} does beside compile and fit.",
}


@dataclass(frozen=True)
class Mistake:
    """Something that differs: what, and in which words."""

    what: str
    message: str


def challenge(seed: str) -> dict[str, Any]:
    """Draws the calls under which `compile_and_fit` is captured."""
    rng = stream.challenge_rng(seed, "arguments", FUNCTION)
    sizes = rng.permutation([20, 22, 23, 25])
    batches = rng.permutation([8, 9, 11, 12])
    return {
        "function": FUNCTION,
        "capture": "training",
        "seed": seed,
        "calls": [
            _call("shown", 40, 3, {"epochs": 2}),
            _call(
                "other",
                int(sizes[0]),
                4,
                {"epochs": int(rng.integers(3, 5)), "batch_size": int(batches[0])},
                validation=True,
            ),
            _call("defaults", 30, 3, {}),
        ],
    }


def _call(
    name: str,
    images: int,
    classes: int,
    arguments: dict[str, Any],
    *,
    validation: bool = False,
) -> dict[str, Any]:
    return {
        "id": name,
        "images": images,
        "classes": classes,
        "shape": [4, 4, 3],
        "arguments": arguments,
        "validation": validation,
    }


def judge(challenge: Mapping[str, Any], capture: Mapping[str, Any]) -> Verdict:
    """Judges a capture of `compile_and_fit`."""
    asked, captured = challenge["calls"], capture.get("calls")
    if not isinstance(captured, list) or len(captured) != len(asked):
        raise CaptureError(f"there are not {len(asked)} calls in it")
    findings: dict[str, Finding] = {}
    notes: dict[str, None] = {}
    for number, (call, own) in enumerate(zip(asked, captured, strict=True)):
        if not isinstance(own, dict) or own.get("id") != call["id"]:
            raise CaptureError(f"the call {call['id']!r} is not in its place")
        shown = number == 0
        if own.get("status") != "captured":
            message, look = _failure(own, shown=shown)
            if shown:
                return nothing(FUNCTION, message, look)
            failed = Finding(f"{FUNCTION}-values", HIDDEN, FUNCTION, "", message, look)
            findings.setdefault("failed", failed)
            continue
        trial = _Trial(call, challenge["seed"], read(own, call["images"]))
        if shown and not (trial.trained.compiled or trial.trained.steps):
            return nothing(
                FUNCTION,
                f"{FUNCTION} neither compiles the model nor trains it.",
                f"Write the part of {FUNCTION} that is marked for your code.",
            )
        for mistake in trial.mistakes():
            findings.setdefault(mistake.what, _finding(mistake, call, shown=shown))
        notes |= dict.fromkeys(trial.notes() if shown else ())
    kept = list(findings.values())
    if "fit" in findings:
        # without training there are no numbers
        price = PRICES["numbers"]
        end = replace(findings["fit"], check=f"{FUNCTION}-values", price=price)
        kept.append(end)
    kept.sort(key=lambda finding: -finding.price)
    return Verdict(1.0, tuple(kept), tuple(notes))


def _failure(own: Mapping[str, Any], *, shown: bool) -> tuple[str, str]:
    error = own.get("error")
    if not isinstance(error, Mapping):
        raise CaptureError("a call without a result")
    message, look = mistakes.explain(FUNCTION, error, told=shown)
    text = str(error.get("message"))
    if "No loss" in text:
        message = f"{FUNCTION} compiles the model without a loss."
    elif "compile()" in text or "not compiled" in text:
        message = f"{FUNCTION} trains a model that is not compiled: compile it first."
    elif "sparse" in text or "target.shape" in text:
        message += (
            " The labels are one-hot rows: sparse_categorical_crossentropy is for "
            "whole numbers."
        )
    if not shown:
        message = f"Called with other arguments than those shown, {message}"
    return message, look


def _finding(mistake: Mistake, call: Mapping[str, Any], *, shown: bool) -> Finding:
    what, message = mistake.what, mistake.message
    check = "compile" if what in _COMPILE else "values" if what == "numbers" else "fit"
    price = PRICES[what] if shown else min(PRICES[what], HIDDEN)
    if not shown and what not in _COMPILE:
        how = "without epochs and batch_size" if not call["arguments"] else ""
        how = how or "with other arguments than those shown"
        message = f"Called {how}: {message}"
    return Finding(
        f"{FUNCTION}-{check}",
        price,
        FUNCTION,
        _SENTENCES[what],
        message[0].upper() + message[1:],
        _LOOK.get(what, "Look at the line with model.fit."),
    )


@dataclass(frozen=True)
class _Trial:
    """A call that was asked for, and what was captured of it."""

    call: Mapping[str, Any]
    seed: str
    trained: Trained

    def mistakes(self) -> Iterator[Mistake]:
        """What differs, in the order of the specification."""
        trained = self.trained
        seen = self._expected()
        right = seen is not None and self._weights_are(seen[-1])
        compiled = trained.compiled[-1] if trained.compiled else None
        named: list[Mistake] = []
        reported = right and self._reports(trained.fits[-1], "loss", seen)
        if compiled is not None:
            named += _optimizer(compiled, right=right)
            named += _loss(compiled, right=reported)
            named += self._metrics(compiled, seen if right else None)
        yield from named
        if not trained.fits:
            yield Mistake("fit", "the model is never trained: model.fit is missing")
            return
        structure = list(self._structure())
        yield from structure
        yield from self._validation(seen if reported else None)
        if not trained.own:
            yield Mistake("returned", _returned(trained.returned))
        explained = named or structure
        if not explained and not right:
            yield Mistake(
                "numbers",
                "the weights after training are not those that these steps give: "
                "something else changes them",
            )
        elif not explained and not reported:
            text = "the loss that is reported is not that of these images"
            yield Mistake("numbers", text)

    def notes(self) -> Iterator[str]:
        """Remarks that cost nothing."""
        compiled = self.trained.compiled[-1:]
        if compiled and compiled[0].loss not in _LOSSES:
            name = shorten(compiled[0].loss)
            yield f"The loss {name!r} gives the numbers of the cross-entropy."

    @property
    def _epochs(self) -> int:
        return self.call["arguments"].get("epochs", EPOCHS)

    @property
    def _batch_size(self) -> int:
        return self.call["arguments"].get("batch_size", BATCH_SIZE)

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
            yield Mistake("again", "the model is trained more than once")
            return
        if fit.epochs != self._epochs:
            text = f"the model is trained for {fit.epochs} epochs, not {self._epochs}"
            yield Mistake("epochs", text)
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
            text = f"an epoch shows {len(set(wrong))} of the {images} images"
            if len(set(wrong)) == images:
                text = "an epoch shows some images more than once"
            yield Mistake("data", text)
            return
        largest = max((len(batch) for e in epochs for batch in e), default=0)
        if largest != min(self._batch_size, images):
            text = f"the batches have {largest} images, not {self._batch_size}"
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
        x, y = stream.training_set(self.seed, self.call["id"], "train", self.call)
        start = self._start()
        return train(x.reshape(len(x), -1), y, start, epochs, LEARNING_RATE)

    def _start(self) -> tuple[np.ndarray, np.ndarray]:
        classes = self.call["classes"]
        shape = (int(np.prod(self.call["shape"])), classes)
        return (
            stream.challenge_weight(self.seed, 0, "kernel", shape),
            stream.challenge_weight(self.seed, 0, "bias", (classes,)),
        )

    def _weights_are(self, last: Epoch) -> bool:
        kernel, bias = self._start()
        found = (self.trained.kernel, self.trained.bias)
        if (found[0].shape, found[1].shape) != (kernel.shape, bias.shape):
            return False
        way = np.concatenate([(last.kernel - kernel).ravel(), last.bias - bias])
        off = [(found[0] - last.kernel).ravel(), found[1] - last.bias]
        error, length = np.linalg.norm(np.concatenate(off)), np.linalg.norm(way)
        return bool(error <= TOLERANCE * length)

    def _reports(self, fit: Fit, key: str, seen: Sequence[Epoch] | None) -> bool:
        found = fit.history.get(key, ())
        if seen is None or len(found) != len(seen):
            return False
        each = zip(found, seen, strict=True)
        return all(abs(f - e.loss) <= 1e-3 * (1 + e.loss) for f, e in each)

    def _metrics(
        self, compiled: Compiled, seen: Sequence[Epoch] | None
    ) -> Iterator[Mistake]:
        if not compiled.metrics and not self._accuracies(seen):
            text = "the model is compiled without metrics: it reports no accuracy"
            yield Mistake("metrics", text)
            return
        if seen is None:
            right = any(metric in _ACCURACIES for metric in compiled.metrics)
        else:
            right = self._accuracies(seen)
        if not right:
            listed = ", ".join(shorten(metric, 40) for metric in compiled.metrics[:3])
            text = f"the metric {listed} is not the share of images that are right"
            yield Mistake("metrics", text)

    def _accuracies(self, seen: Sequence[Epoch] | None) -> bool:
        """Whether the history has the accuracy, whatever its name."""
        for name, values in self.trained.fits[-1].history.items() if seen else ():
            if name == "loss" or name.startswith("val_") or len(values) != len(seen):
                continue
            each = zip(values, seen, strict=True)
            if all(abs(v - e.accuracy) <= 1e-3 + e.doubtful for v, e in each):
                return True
        return False

    def _validation(self, seen: Sequence[Epoch] | None) -> Iterator[Mistake]:
        if not self.call["validation"]:
            return
        found = self.trained.fits[-1].history.get("val_loss")
        if found is None:
            text = "validation_data are not passed on to model.fit"
            yield Mistake("validation", text)
            return
        if seen is None:
            return
        part = stream.training_set(self.seed, self.call["id"], "validation", self.call)
        x, y = (np.asarray(a, np.float64) for a in part)
        losses = [
            cross_entropy(probabilities(x.reshape(len(x), -1), e.kernel, e.bias), y)
            for e in seen
        ]
        means = [float(loss.mean()) for loss in losses]
        if len(found) != len(means) or not np.allclose(found, means, atol=2e-3):
            text = "what is reported as validation is not about validation_data"
            yield Mistake("validation", text)


def _optimizer(compiled: Compiled, *, right: bool) -> Iterator[Mistake]:
    name, rate = compiled.optimizer, compiled.learning_rate
    decay = compiled.constants.get("weight_decay")
    if name == "AdamW" and not decay and right:
        return
    if name != "Adam" and (name in _OTHERS or not right):
        text = f"the optimizer is {shorten(name, 40)}, the specification asks for Adam"
        yield Mistake("optimizer", text)
        return
    slow = rate is None or abs(rate - LEARNING_RATE) > 1e-3 * LEARNING_RATE
    if slow and not right:
        default = " (Keras's default)" if rate == 0.001 else ""
        found = "no plain number" if rate is None else f"{rate:g}{default}"
        text = f"the learning rate is {found}, the specification asks for 0.00015"
        yield Mistake("learning rate", text)
    for constant, value in compiled.constants.items():
        if not _is_default(constant, value):
            text = (
                f"Adam is given {constant}={shorten(value, 20)}; the specification "
                "leaves it as Keras has it"
            )
            yield Mistake("constants", text)
            return


def _is_default(constant: str, value: Any) -> bool:
    if constant in _CONSTANTS:
        asked = _CONSTANTS[constant]
        number = isinstance(value, (int, float))
        return number and abs(value - asked) <= 1e-6 * asked
    if constant == "gradient_accumulation_steps":
        return value in (None, 1)
    return not value


def _loss(compiled: Compiled, *, right: bool) -> Iterator[Mistake]:
    name = compiled.loss
    if name not in _LOSSES:
        if not right:
            text = (
                f"the loss is {shorten(name, 60)}, the specification asks for the "
                "categorical cross-entropy"
            )
            yield Mistake("loss", text)
        return
    for option, value in compiled.loss_options.items():
        if value:
            text = f"the loss is given {option}={shorten(value, 20)}"
            text += ": the model ends in softmax" if option == "from_logits" else ""
            yield Mistake("loss", text)
            return


def _returned(kind: str) -> str:
    if kind == "NoneType":
        return f"{FUNCTION} returns nothing: it is to return what model.fit gives"
    return (
        f"{FUNCTION} returns {shorten(kind, 40)}, not the History that model.fit gives"
    )
