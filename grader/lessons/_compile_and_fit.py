"""Lesson 2's `compile_and_fit`: judged by the training that it brings about.

A small model with weights of the challenge is trained on images of the challenge. The
judge trains it once more in NumPy, on the same batches, and compares.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from grader import stream
from grader.judge import mistakes
from grader.judge.calls import paired_calls
from grader.judge.finding import Finding
from grader.judge.general import Tried, limited
from grader.judge.strict import CaptureError
from grader.judge.verdict import Verdict, nothing
from grader.lessons._compiled import FUNCTION, Mistake
from grader.lessons._trained import read
from grader.lessons._training import Training

PRICES = {
    "optimizer": 5,
    "learning rate": 4,
    "constants": 3,
    "loss": 5,
    "metrics": 4,
    "compile": 8,
    "fit": 8,
    "learned": 8,
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
_COMPILE = ("optimizer", "learning rate", "constants", "loss", "metrics", "compile")
#: What takes the weights another way.
_ASIDE = ("optimizer", "learning rate", "constants", "loss")
_UNTRAINED = ("fit", "learned")
_SENTENCES = {
    "optimizer": "The model is compiled with the optimizer Adam.",
    "learning rate": "Adam's learning rate is 0.00015.",
    "constants": "Adam's other arguments stay as Keras has them.",
    "loss": "The loss is the categorical cross-entropy.",
    "metrics": "The metrics hold the accuracy.",
    "compile": "The model is compiled before it is trained.",
    "fit": "The model is trained with model.fit.",
    "learned": "The model is trained on X and Y.",
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
    "learned": f"Look at what {FUNCTION} does beside compile and fit.",
}


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
            _call("defaults", 30, 3, {}, steps=3),
        ],
    }


def _call(
    name: str,
    images: int,
    classes: int,
    arguments: dict[str, Any],
    *,
    validation: bool = False,
    steps: int = 40,
) -> dict[str, Any]:
    return {
        "id": name,
        "images": images,
        "classes": classes,
        "shape": [4, 4, 3],
        "arguments": arguments,
        "validation": validation,
        "steps": steps,
    }


def judge(challenge: Mapping[str, Any], capture: Mapping[str, Any]) -> Verdict:
    """Judges a capture of `compile_and_fit`."""
    findings: dict[str, Finding] = {}
    notes: dict[str, None] = {}
    tried: list[Tried] = []
    for number, (call, own) in enumerate(paired_calls(challenge, capture)):
        shown = number == 0
        if own.get("status") != "captured":
            message, look = _failure(own, shown=shown)
            if shown:
                return nothing(FUNCTION, message, look)
            failed = Finding(f"{FUNCTION}-values", HIDDEN, FUNCTION, "", message, look)
            findings.setdefault("failed", failed)
            tried.append(Tried(False, False))
            continue
        trial = Training(call, challenge["seed"], read(own, call["images"]))
        if shown and not (trial.trained.compiled or trial.trained.steps):
            return nothing(
                FUNCTION,
                f"{FUNCTION} neither compiles the model nor trains it.",
                f"Write the part of {FUNCTION} that is marked for your code.",
            )
        found = list(trial.mistakes())
        if not findings.keys().isdisjoint(_ASIDE):
            # A few such steps can lead anywhere: the call that is shown says enough.
            found = [mistake for mistake in found if mistake.what != "learned"]
        works = all(mistake.what not in _UNTRAINED for mistake in found)
        tried.append(Tried(shown, works))
        for mistake in found:
            findings.setdefault(mistake.what, _finding(mistake, call, shown=shown))
        notes |= dict.fromkeys(trial.notes() if shown else ())
    kept = list(findings.values())
    if what := next((what for what in _UNTRAINED if what in findings), ""):
        # without training there are no numbers
        price = PRICES["numbers"]
        end = replace(findings[what], check=f"{FUNCTION}-values", price=price)
        kept.append(end)
    kept.sort(key=lambda finding: -finding.price)
    most, told = limited(FUNCTION, kept, tried)
    return Verdict(1.0, told, tuple(notes), most)


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
