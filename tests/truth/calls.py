"""Claims on recorded calls and variables, held against captures of tensors."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.challenge import call_input, stand_in
from grader.judge.claim import Claim
from grader.judge.sample import read_sample
from grader.judge.tensors.dataflow import Flow, value
from grader.judge.tensors.functions import TensorFunction


def calls_of(captured: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The calls that a captured call recorded, those before a failure too."""
    if captured.get("status") != "captured":
        return captured.get("calls", [])
    return captured["runs"].get("recorded", {}).get("calls", [])


def variables_of(captured: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The variables that were made in a captured call, by path."""
    runs = captured["runs"].values()
    return {v["path"]: v for run in runs for v in run["variables"]}


class Tensors:
    """What each recorded call of a captured call gave.

    Args:
        challenge: that it was captured under.
        call: of the challenge.
        captured: what came of it.
        library: the functions that may be called.
    """

    def __init__(
        self,
        challenge: Mapping[str, Any],
        call: Mapping[str, Any],
        captured: Mapping[str, Any],
        library: Mapping[str, TensorFunction],
    ):
        x = call_input(
            challenge["seed"], call["id"], call["batch"], call["input_shape"]
        )
        x = x * np.float32(call.get("scale", 1)) + np.float32(call.get("shift", 0))
        self.values: dict[Any, np.ndarray] = {"x": x}
        self.calls = calls_of(captured)
        self.captured = captured
        seed = f"{challenge['seed']}/{call['id']}"
        for number, made in enumerate(self.calls):
            given = read_sample(made["input"])
            if given.step > 1 or made["function"] not in library:
                continue
            extent = library[made["function"]].extent
            try:
                stride, width = extent.of(given.shape[-1], made["arguments"])
            except ValueError:
                continue
            self.values[number] = stand_in(
                seed, number, given.whole, stride, width, valid=extent.valid
            )

    def gives(self, how: str, keys: Any, sample: Mapping[str, Any]) -> bool | None:
        """Whether tensors joined in a way are what was captured; None if unknown."""
        if not set(keys) <= set(self.values):
            return None
        try:
            return read_sample(sample).is_of(value(Flow(how, tuple(keys)), self.values))
        except ValueError:
            return False


def problem(claim: Claim, own: Tensors, right: Mapping[str, Any]) -> str:
    """What is not so of a claim; "" where it is true.

    Args:
        claim: on a call.
        own: what was captured.
        right: what was captured of the solution in the same call.
    """
    kind = claim.kind.removeprefix("call ")
    asked = {c["path"].partition("/")[2]: c for c in calls_of(right)}
    if kind in ("missing", "extra"):
        function = claim.captured if kind == "missing" else claim.about
        if function == "create_var":
            there = [v for v in variables_of(own.captured) if v == claim.row]
            return "" if there else "there is no such variable"
        there, wanted = (
            sum(c["function"] == function for c in calls)
            for calls in (own.calls, asked.values())
        )
        right_way = there < wanted if kind == "missing" else there > wanted
        return "" if right_way else f"there are {there} calls of {function}"
    if kind in ("argument", "path"):
        return _setting(claim, own.calls[claim.place], asked[claim.row])
    if claim.captured is None:
        return ""
    sample = own.captured["runs"]["recorded"]["outputs"].get(claim.row)
    if kind == "source":
        sample = own.calls[claim.place]["input"]
    how, keys = claim.captured
    return "it is given another" if own.gives(how, keys, sample) is False else ""


def _setting(claim: Claim, own: Mapping[str, Any], asked: Mapping[str, Any]) -> str:
    if claim.kind == "call path":
        found = own["path"], asked["path"]
    else:
        found = own["arguments"].get(claim.about), asked["arguments"].get(claim.about)
    # a stride that is left out follows from the channels
    said = claim.captured if found[0] is None else found[0], claim.expected
    if (said[0], found[1] if found[1] is not None else said[1]) == (
        claim.captured,
        claim.expected,
    ):
        return ""
    return f"captured is {found[0]}, the solution has {found[1]}"


def variable_problem(
    claim: Claim, own: Mapping[str, Any], right: Mapping[str, Any], scope: str
) -> str:
    """What is not so of a claim on a variable; "" where it is true."""
    made, asked = variables_of(own), variables_of(right)
    wanted = {path.rpartition("/")[2]: v for path, v in asked.items()}
    kind = claim.kind.removeprefix("variable ")
    if kind == "missing":
        there = [path for path in made if path.rpartition("/")[2] == claim.layer]
        return "it is there" if there else ""
    if claim.captured not in made:
        return f"{claim.captured} was never made"
    inner = claim.captured.rpartition("/")
    if kind == "extra":
        return "" if len(made) > len(asked) else "there is not one more"
    if kind == "name":
        return "" if inner[2] != claim.layer else "it is its name"
    if kind == "scope":
        return "" if inner[0] != scope else "it is its scope"
    one = made[claim.captured]
    if kind == "trainable":
        other = wanted.get(inner[2])
        return "it is" if other and other["trainable"] == one["trainable"] else ""
    other = wanted[claim.layer]
    if kind == "shape":
        return "" if one["initial"]["shape"] != other["initial"]["shape"] else "it has"
    same = read_sample(one["initial"]).whole, read_sample(other["initial"]).whole
    return "it does" if same[0].shape == same[1].shape and np.allclose(*same) else ""
