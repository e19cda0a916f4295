"""Claims on trainings, counts and answers, held against captures."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.judge.claim import Claim
from grader.judge.sample import read_sample
from tests.lessons.almost_a_resnet.truth import RIGHT

_LOSSES = ("categorical_crossentropy", "CategoricalCrossentropy")


def training(claim: Claim, own: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    """What is not so of a claim on a training; "" where it is true."""
    what = claim.kind.removeprefix("training ")
    check = {
        "optimizer": _compiled,
        "learning rate": _compiled,
        "constants": _compiled,
        "loss": _compiled,
        "metrics": _compiled,
        "epochs": _epochs,
        "batch size": _batches,
        "data": _images,
    }.get(what)
    if check is not None:
        return check(claim, own, right)
    if what == "compile" and "fits" in own and own["fits"][-1]["compiled"]:
        return "it is compiled"
    if what in ("learned", "numbers") and claim.about:
        return _aside(claim, own)
    if what == "another" and not own["copies"]:
        return "no copy is compiled"
    if what == "fit" and own["fits"]:
        return "it is trained"
    if what == "again" and len(own["fits"]) < 2:
        steps = sum(fit["steps"] for fit in own["fits"])
        return "" if len(own["steps"]) > steps else "it is trained once"
    if what == "returned" and own["returned"]["own"]:
        return "it is returned"
    if what == "weighted" and not any(s["weighted"] for s in own["steps"]):
        return "" if own["fits"][0]["weighted"] else "none is weighted"
    return ""


def _compiled(claim: Claim, own: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    compiled = own.get("partial", own)["compiled"]
    at = own["fits"][-1]["compiled"] if own.get("fits") else len(compiled)
    made, asked = compiled[at - 1], right["compiled"][-1]
    if claim.about == "optimizer":
        found = made["optimizer"]["class"], asked["optimizer"]["class"]
        said = claim.captured, claim.expected
    elif claim.about == "learning_rate":
        rates = made["optimizer"]["learning_rate"], asked["optimizer"]["learning_rate"]
        found = tuple(rate and round(rate, 9) for rate in rates)
        said = tuple(r and round(r, 9) for r in (claim.captured, claim.expected))
    elif claim.kind == "training metrics":
        found, said = tuple(made["metrics"]), claim.captured
    elif claim.about == "loss":
        found, said = made["loss"]["name"], claim.captured
        if found in _LOSSES:
            return "it is the cross-entropy"
    else:
        part = "loss" if claim.kind == "training loss" else "optimizer"
        found, said = made[part]["others"].get(claim.about), claim.captured
        if found == asked[part]["others"].get(claim.about):
            return "the solution has it, too"
    return "" if found == said else f"captured is {found}"


def _aside(claim: Claim, own: Mapping[str, Any]) -> str:
    """Whether weights were changed or held beside the training, as it is said."""
    if claim.about == "loss_weights":
        found = own["compiled"][-1]["loss_weights"]
    else:
        before, frozen = (
            tuple(role for fit in own["fits"] for role in fit[key])
            for key in ("changed", "frozen")
        )
        places = {"before": before, "trainable": frozen, "after": tuple(own["changed"])}
        found = places[claim.about]
    return "" if found == claim.captured else f"captured is {found}"


def left(claim: Claim, own: Mapping[str, Any]) -> str:
    """What is not so of a claim on what came back, or was never come to."""
    if claim.kind == "returned":
        return "" if own["type"] == claim.about else f"it returns {own['type']}"
    if claim.kind == "uncalled":
        return "" if own["status"] == "uncalled" else "there are calls"
    found = tuple(item["name"] for item in own["graph"]["unused"])
    return "" if found == claim.captured else f"unused are {found}"


def values(claim: Claim, own: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    """What is not so of a claim on how a result differs from the solution's."""
    found, asked = (_result(claim.row, captured) for captured in (own, right))
    if claim.about == "shape":
        shapes = found.shape, asked.shape
        said = claim.captured, claim.expected
        return "" if shapes == said else f"the shapes are {shapes}"
    if claim.about == "factor":
        asked = claim.captured * asked
    if claim.about == "offset":
        asked = claim.captured + asked
    alike = found.shape == asked.shape and np.allclose(found, asked, 1e-2, 1e-2)
    computed = claim.about in ("factor", "offset")
    return "" if alike == computed else f"it is {found.ravel()[:3]}"


def _result(name: str, captured: Mapping[str, Any]) -> np.ndarray:
    """An output of a call, or a variable after it."""
    run = captured["runs"]["real"]
    if name in run["outputs"]:
        return read_sample(run["outputs"][name]).whole
    path = next(path for path in run["changed"] if path.endswith(f"/{name}"))
    return read_sample(run["changed"][path]).whole


def _epochs(claim: Claim, own: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    if claim.about == "exchanged":
        found = tuple(
            (each["fits"][0]["epochs"], max(len(s["rows"]) for s in each["steps"]))
            for each in (own, right)
        )
        return "" if found[0] == found[1][::-1] else f"epochs and batches: {found}"
    found = own["fits"][0]["epochs"], right["fits"][0]["epochs"]
    return "" if found == (claim.captured, claim.expected) else f"they are {found}"


def _batches(claim: Claim, own: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    if not claim.about:
        return "" if len(own["steps"]) > len(right["steps"]) else "they are as many"
    largest, asked = (
        max(len(step["rows"]) for step in each["steps"]) for each in (own, right)
    )
    if largest != claim.captured or asked > claim.expected:
        return f"they have {largest}, in the solution {asked}"
    return ""


def _images(claim: Claim, own: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    if "steps" not in own:
        images, labels = own["partial"]["given"]
        found = {"images": images, "labels": labels}.get(claim.about, "nothing")
        exchanged = (images, labels) == ("labels", "images")
        so = exchanged if claim.about == "exchanged" else found == "nothing"
        return "" if so else f"{images} and {labels} are passed"
    rows = [row for step in own["steps"] for row in step["rows"]]
    if not claim.about:
        labels = all(step["labels"] for step in own["steps"])
        return "they are those of X and Y" if labels and -1 not in rows else ""
    asked = {row for step in right["steps"] for row in step["rows"]}
    if len(asked) != claim.expected:
        return f"there are {len(asked)}"
    epochs = own["fits"][0]["epochs"]
    each = len(own["steps"]) // epochs
    parts = [own["steps"][i * each : (i + 1) * each] for i in range(epochs)]
    shown = [len({row for step in part for row in step["rows"]}) for part in parts]
    return "" if claim.captured in shown else f"they show {shown}"


def count(claim: Claim, own: Mapping[str, Any], right: Mapping[str, Any]) -> str:
    """What is not so of a claim on a count; "" where it is true."""
    found = own.get("value"), right["value"]
    if found != (claim.captured, claim.expected):
        return f"counted are {found[0]} of {found[1]}"
    return "the count is right" if found[0] == found[1] else ""


def answer(claim: Claim, own: Mapping[str, Any]) -> str:
    """What is not so of a claim on named faults; "" where it is true."""
    pairs = [tuple(pair) for pair in own["answer"] if isinstance(pair, list)]
    kind = claim.kind.removeprefix("answer ")
    if kind == "missing":
        left = [pair for pair in RIGHT if pair not in pairs]
        return "" if claim.expected <= len(left) else f"{len(left)} are not named"
    pair = claim.layer, claim.about
    if pair not in pairs:
        return "" if own["answer"] != [] and len(pairs) < len(own["answer"]) else "?"
    if pair in RIGHT:
        return "it is a fault"
    there = claim.layer in {place for place, _ in RIGHT}
    if kind == "wrong" and not claim.expected and not there:
        return "nothing is wrong there"
    if kind == "wrong" and claim.expected:
        known = claim.about in {fault for _, fault in RIGHT}
        return "" if known else "there is no such fault nearby"
    return ""
