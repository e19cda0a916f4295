"""What differs in how a model was compiled, and in what it was trained to be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from grader.judge.claim import Claim
from grader.judge.training.reading import Compiled, Stopped, Trained
from grader.judge.words import shorten

LOSSES = ("categorical_crossentropy", "CategoricalCrossentropy")
ACCURACIES = ("accuracy", "acc", "categorical_accuracy", "CategoricalAccuracy")
_CONSTANTS = {"beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7}
#: Optimizers of Keras: an unknown class may be an Adam of another name.
_OTHERS = (
    "SGD", "RMSprop", "AdamW", "Adamax", "Nadam", "Adagrad", "Adadelta", "Ftrl",
    "Lion", "Adafactor", "Lamb", "Muon",
)  # fmt: skip


@dataclass(frozen=True)
class Mistake:
    """Something that differs.

    Attributes:
        what: kind of mistake.
        message: says so.
        about: the argument, if it is about one.
        expected: what the message says is asked for.
        captured: what it says was found.
    """

    what: str
    message: str
    about: str = ""
    expected: Any = None
    captured: Any = None

    def claim(self, call: str, function: str) -> Claim:
        """What the message says of a call, as data."""
        kind, values = f"training {self.what}", (self.expected, self.captured)
        return Claim(kind, call, function, "", self.about, *values)


def compare_optimizer(
    compiled: Compiled, learning_rate: float, *, right: bool
) -> Iterator[Mistake]:
    """Compares class, learning rate and constants.

    Args:
        compiled: as captured.
        learning_rate: the one that is asked for.
        right: whether the weights are those that it gives.
    """
    name, rate = compiled.optimizer, compiled.learning_rate
    decay = compiled.constants.get("weight_decay")
    if name == "AdamW" and not decay and right:
        return
    if name != "Adam" and (name in _OTHERS or not right):
        text = f"the optimizer is {shorten(name, 40)}, the specification asks for Adam"
        yield Mistake("optimizer", text, "optimizer", "Adam", name)
        return
    other = rate is None or abs(rate - learning_rate) > 1e-3 * learning_rate
    if other and not right:
        default = " (Keras's default)" if rate == 0.001 else ""
        found = "no plain number" if rate is None else f"{rate:g}{default}"
        asked = f"the specification asks for {learning_rate:g}"
        text = f"the learning rate is {found}, {asked}"
        about = "learning_rate"
        yield Mistake("learning rate", text, about, learning_rate, rate)
    for constant, value in compiled.constants.items():
        if not _is_default(constant, value):
            text = (
                f"Adam is given {constant}={shorten(value, 20)}; the specification "
                "leaves it as Keras has it"
            )
            yield Mistake("constants", text, constant, captured=value)
            return


def _is_default(constant: str, value: Any) -> bool:
    if constant in _CONSTANTS:
        asked = _CONSTANTS[constant]
        number = isinstance(value, (int, float))
        return number and abs(value - asked) <= 1e-6 * asked
    if constant == "gradient_accumulation_steps":
        return value in (None, 1)
    return not value


def compare_loss(compiled: Compiled, *, right: bool) -> Iterator[Mistake]:
    """The loss; `right`: what it reported is the cross-entropy."""
    name = compiled.loss
    if name not in LOSSES:
        if not right:
            text = (
                f"the loss is {shorten(name, 60)}, the specification asks for the "
                "categorical cross-entropy"
            )
            yield Mistake("loss", text, "loss", captured=name)
        return
    for option, value in compiled.loss_options.items():
        if value:
            text = f"the loss is given {option}={shorten(value, 20)}"
            text += ": the model ends in softmax" if option == "from_logits" else ""
            yield Mistake("loss", text, option, captured=value)
            return


def stops(stopped: Stopped, *, uncompiled: bool) -> Iterator[Mistake]:
    """What stops a training.

    Args:
        stopped: what was done until then.
        uncompiled: whether it fails as the model is not compiled.
    """
    images, labels = stopped.given or ("images", "labels")
    if (images, labels) == ("labels", "images"):
        text = "the labels are passed to model.fit as images, and the images as labels"
        yield Mistake("data", text, "exchanged")
    if images == "nothing":
        text = "X is not passed on to model.fit: it is given no images"
        yield Mistake("data", text, "images")
    elif (images, labels) == ("images", "nothing"):
        text = "Y is not passed on to model.fit: it is given no labels"
        yield Mistake("data", text, "labels")
    if uncompiled and stopped.copies:
        text = "what is trained is a copy of the model, and the copy is not compiled"
        yield Mistake("compile", text)
    elif uncompiled and not stopped.compiled:
        yield Mistake("compile", "")
    if stopped.compiled:
        yield from compare_loss(stopped.compiled, right=False)


def wrong_return(function: str, kind: str) -> str:
    """Says what was returned instead of a History."""
    if kind == "NoneType":
        return f"{function} returns nothing: it is to return what model.fit gives"
    return (
        f"{function} returns {shorten(kind, 40)}, not the History that model.fit gives"
    )


def aside(trained: Trained) -> Mistake | None:
    """What took the weights elsewhere beside the training, or kept them."""
    before = [role for fit in trained.fits for role in fit.changed]
    if frozen := [role for fit in trained.fits for role in fit.frozen]:
        names, verb = _weights(frozen)
        text = f"{names} {verb} not trainable while model.fit runs: trainable is False"
        return Mistake("learned", text, "trainable", True, tuple(frozen))
    for when, roles in (("after", trained.changed), ("before", before)):
        if roles:
            names, verb = _weights(roles)
            text = (
                f"{names} of the model {verb} changed {when} model.fit: nothing but "
                "the training is to change the weights"
            )
            return Mistake("learned", text, when, captured=tuple(roles))
    return None


def _weights(roles: Sequence[str]) -> tuple[str, str]:
    """The weights of some roles, and the verb that goes with them."""
    found = [role for role in dict.fromkeys(roles) if role != "layers"]
    if not found:
        return "layers before the last", "are"
    return f"the {' and the '.join(found)}", "is" if len(found) == 1 else "are"
