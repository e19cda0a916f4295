"""From what differs in the trainings to a verdict on the function."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from grader.judge.calls import paired_calls
from grader.judge.claim import Claim
from grader.judge.failures.explain import Explanation, explain
from grader.judge.finding import Finding
from grader.judge.general import Tried, limited
from grader.judge.training.compare import Mistake, stops
from grader.judge.training.reading import read, read_partial
from grader.judge.training.task import Task
from grader.judge.training.training import Training
from grader.judge.verdict import Verdict, failed_call, not_written, nothing

_COMPILED = ("optimizer", "learning rate", "constants", "loss", "metrics", "compile")
#: What takes the weights another way.
_ASIDE = ("optimizer", "learning rate", "constants", "loss")
_UNTRAINED = ("fit", "learned")
#: What leaves the weights as they are to be.
_UNSEEN = {"metrics", "validation", "returned"}
_RETURNS = "what model.fit gives"


def judge(
    task: Task, challenge: Mapping[str, Any], capture: Mapping[str, Any]
) -> Verdict:
    """Judges a function that trains a model.

    Args:
        task: what it is to do.
        challenge: what the capture was made under.
        capture: what came out.

    Raises:
        CaptureError: if the capture cannot be read.
    """
    function = task.function
    findings: dict[str, Finding] = {}
    notes: dict[str, None] = {}
    tried: list[Tried] = []
    for number, (call, own) in enumerate(paired_calls(challenge, capture)):
        shown = number == 0
        if own.get("status") != "captured":
            failed = explain(function, own, returns=_RETURNS, told=shown)
            if shown:
                return _stopped(task, failed, own)
            findings.setdefault("failed", _failed(task, failed))
            tried.append(Tried(False, False))
            continue
        training = Training(task, call, challenge["seed"], read(own, call["images"]))
        if shown and training.trained.copies and not training.trained.compiled:
            return _another(function, call)
        if shown and not (training.trained.compiled or training.trained.steps):
            message = f"{function} calls neither model.compile nor model.fit."
            return not_written(function, message)
        found = list(training.mistakes())
        if not findings.keys().isdisjoint(_ASIDE):
            # A few such steps can lead anywhere: the call that is shown says enough.
            found = [mistake for mistake in found if mistake.what != "learned"]
        works = all(mistake.what not in _UNTRAINED for mistake in found)
        tried.append(Tried(shown, works))
        for mistake in found:
            finding = _finding(task, mistake, call, shown=shown)
            findings.setdefault(mistake.what, finding)
        notes |= dict.fromkeys(training.notes(found) if shown else ())
    kept = list(findings.values())
    if what := next((what for what in _UNTRAINED if what in findings), ""):
        # without training there are no numbers
        numbers = task.requirements["numbers"]
        check = f"{function}-{numbers.check}"
        kept.append(replace(findings[what], check=check, price=numbers.price))
    kept.sort(key=lambda finding: -finding.price)
    most, told = limited(function, kept, tried)
    numbers = not findings.keys() <= _UNSEEN
    return Verdict(1.0, told, tuple(notes), most, numbers=numbers)


def _another(function: str, call: Mapping[str, Any]) -> Verdict:
    """The verdict on a function that leaves the model that it is given as it is."""
    message = (
        f"{function} compiles a copy of the model: the model that it is given is "
        "neither compiled nor trained."
    )
    look = f"Look at the line of {function} that copies the model."
    said = Claim("training another", call["id"], function, about="copy")
    return nothing(function, message, look, claims=(said,))


def _stopped(task: Task, failed: Explanation, own: Mapping[str, Any]) -> Verdict:
    """The verdict on a call that fails, with what it was compiled with until then."""
    uncompiled = "not compiled" in failed.clause
    found = list(stops(read_partial(own), uncompiled=uncompiled))
    if not found:
        return failed_call(task.function, failed)
    first = found[0]
    look = task.requirements[first.what].look
    if failed.look.startswith("Line "):
        look = f"{look} The error comes in line {failed.look.removeprefix('Line ')}"
    message = failed.message
    if first.message and first.captured != "NoneType":
        said = f"{first.message[0].upper()}{first.message[1:]}."
        message = f"{said} With that, the call fails."
        if first.captured is not None:
            message = f"{said} After that, {failed.message}"
    claims = (first.claim(own["id"], task.function),)
    return failed_call(task.function, replace(failed, look=look), message, claims)


def _failed(task: Task, failed: Explanation) -> Finding:
    """A call that fails, though the one that is shown does not."""
    function = task.function
    check = f"{function}-{task.requirements['numbers'].check}"
    message = failed.under_other_arguments
    return Finding(check, task.hidden, function, "", message, failed.look)


def _finding(
    task: Task, mistake: Mistake, call: Mapping[str, Any], *, shown: bool
) -> Finding:
    message, required = mistake.message, task.requirements[mistake.what]
    price = required.price if shown else min(required.price, task.hidden)
    if not shown and mistake.what not in _COMPILED:
        how = "with other arguments than those shown"
        if not call["arguments"]:
            how = "without epochs and batch_size"
        message = f"Called {how}: {message}"
    if not message.startswith(task.function):
        message = message[0].upper() + message[1:]
    return Finding(
        f"{task.function}-{required.check}",
        price,
        task.function,
        required.sentence,
        f"{message}.",
        required.look,
        (mistake.claim(call["id"], task.function),),
    )
