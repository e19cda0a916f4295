"""Claims on layers, held against captured graphs."""

import base64
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.judge.claim import Claim
from grader.judge.network.draw import OTHERS
from grader.judge.network.primitives import PRIMITIVES

_ARITHMETIC = ("Divide", "Power", "Reshape", "Multiply", "Add", "Subtract")
_LEARNED = ("kernel", "bias", "gamma", "beta")
#: The channels that a PyTorch layer takes: the variable that has them, and its axis.
_TAKEN = {
    "in_channels": ("kernel", -2),
    "in_features": ("kernel", -2),
    "num_features": ("gamma", -1),
}
_OPTIONS = ("max_value", "negative_slope", "threshold")
#: Kinds that are activations, whatever they are told.
_ACTIVATIONS = {
    "ELU": "elu",
    "LeakyReLU": "leaky_relu",
    "ReLU": "relu",
    "Softmax": "softmax",
}


@dataclass(frozen=True)
class Layers:
    """A captured graph.

    Attributes:
        operations: the layers.
        nodes: their calls.
        whole: whether these are all: not where the call failed.
    """

    operations: list[dict[str, Any]]
    nodes: list[dict[str, Any]]
    whole: bool

    @classmethod
    def of(cls, call: Mapping[str, Any]) -> "Layers | None":
        """Those of a call, or those until it failed; None where there are none."""
        graph = call.get("graph", call.get("partial"))
        whole = "graph" in call
        return cls(graph["operations"], graph["nodes"], whole) if graph else None

    def rank(self, place: int) -> int:
        """How many axes a layer's result has."""
        return len(self.call(place)["shape"])

    def call(self, place: int) -> dict[str, Any]:
        """The first call of a layer."""
        return next(node for node in self.nodes if node["operation"] == place)

    def count(self, kind: str) -> int:
        """How many calls there are of layers of a kind, those within others too."""
        called = [self.operations[node["operation"]] for node in self.nodes]
        if kind != "Activation":
            return sum(operation["kind"] == kind for operation in called)
        return sum(
            operation["kind"] in _ACTIVATIONS
            or operation["config"].get("activation", "linear") != "linear"
            for operation in called
        )

    def stage(self, filters: Any) -> int:
        """How many calls of blocks there are with such filters."""
        called = [self.operations[node["operation"]] for node in self.nodes]
        blocks = [operation for operation in called if operation["kind"] == "Block"]
        return sum(block["config"]["filters"] == filters for block in blocks)

    def setting(self, place: int, about: str) -> Any:
        """A hyperparameter of a layer."""
        operation = self.operations[place]
        if about == "training":
            return self.call(place)["training"]
        if about == "max_value" and operation["kind"] == "Clip":
            return operation["config"]["x_max"]
        if about == "trainable":
            variables = operation["variables"]
            parts = [variables[r]["trainable"] for r in _LEARNED if r in variables]
            return bool(operation["trainable"] and all(parts))
        if about == "activation" and operation["kind"] in _ACTIVATIONS:
            return _ACTIVATIONS[operation["kind"]]
        if about in _TAKEN:
            role, axis = _TAKEN[about]
            shape = operation["variables"][role]["shape"]
            return shape[axis] * operation["config"].get("groups", 1)
        found = _plain(operation["config"].get(about))
        if about == "padding" and "kernel_size" in operation["config"]:
            return self._border(place) or found
        if about == "axis" and isinstance(found, int) and found < 0:
            return found + self.rank(place)
        return found

    def _border(self, place: int) -> Any:
        """The padding that PyTorch adds for a convolution, "same" if half a window."""
        before = [i for i in self.sources(place) if i >= 0]
        own = self.operations[before[0]] if before else {"name": ""}
        operation = self.operations[place]
        if not own["name"].endswith(f" of {operation['name']}"):
            return None
        window, border = operation["config"]["kernel_size"], own["config"]["padding"]
        half = all(side == [n // 2] * 2 for side, n in zip(border, window, strict=True))
        return "same" if half else _plain(border)

    def sources(self, place: int) -> Iterator[int]:
        """The layers that a layer takes, -1 for the input."""
        for item in self.call(place)["inputs"]:
            node = item.get("node")
            if node is not None:
                yield self.nodes[node - 1]["operation"] if node else -1


def _plain(value: Any) -> Any:
    return tuple(map(_plain, value)) if isinstance(value, list) else value


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return abs(one - other) <= 1e-6 * abs(one)
    return one == other


def problem(
    claim: Claim, own: Layers, right: Layers | None, rows: Mapping[str, int]
) -> str:
    """What is not so of a claim; "" where it is true.

    Args:
        claim: on a layer.
        own: what was captured.
        right: what was captured of the solution in the same call.
        rows: by the keys of the specification's rows, the solution's layers.
    """
    if claim.place >= len(own.operations):
        return ""  # in a block that the judge opened
    place = rows.get(claim.row, -1)
    check = _CHECKS.get(claim.kind)
    if check is None:
        return f"nobody checks claims of kind {claim.kind}"
    if right is None:
        return "the solution gives no graph"
    if claim.kind != "extra" and _within(right, place, claim):
        return ""  # the solution calls a helper for it
    if claim.kind != "extra" and place < 0:
        return "the solution has no such layer"
    return check(claim, own, right, place, rows)


def _within(right: Layers, place: int, claim: Claim) -> bool:
    """Whether a layer is in a block that the solution calls, where others build it."""
    if place < 0:
        return any(operation["kind"] == "Block" for operation in right.operations)
    return right.operations[place]["kind"] == "Block" != claim.expected


def _attr(claim: Claim, own: Layers, right: Layers, place: int, rows: Any) -> str:
    found = own.setting(claim.place, claim.about)
    asked = right.setting(place, claim.about)
    if claim.about == "activation" and claim.captured == "custom":
        return "" if found == "custom" else f"captured is {found}"
    expected = claim.expected
    if claim.about == "training" and expected is None:
        expected = None if asked else asked  # nobody says otherwise: it may be off
    if claim.about in _OPTIONS and asked is None:
        expected = None  # of a ReLU that is no layer of its own
    if claim.about == "axis" and isinstance(expected, int) and expected < 0:
        expected += right.rank(place)
    if not _same(found, claim.captured):
        return f"captured is {found}, not {claim.captured}"
    if not _same(asked, expected):
        return f"the solution has {asked}, not {claim.expected}"
    return "they are the same" if _same(found, asked) else ""


def _name(claim: Claim, own: Layers, right: Layers, place: int, rows: Any) -> str:
    found = own.operations[claim.place]["name"]
    asked = right.operations[place]["name"]
    if found != claim.captured:
        return f"the captured name is {found}"
    return "" if asked == claim.expected else f"the solution's name is {asked}"


def _missing(claim: Claim, own: Layers, right: Layers, place: int, rows: Any) -> str:
    layer = right.operations[place]
    if layer["kind"] != claim.expected and claim.expected != "Activation":
        return f"the solution has a {layer['kind']} there"
    for node in own.nodes:
        other = own.operations[node["operation"]]
        # a layer that the specification names
        alike = (other["kind"], other["name"]) == (layer["kind"], claim.layer)
        if alike:
            return "it is there"
    there, asked = own.count(claim.expected), right.count(claim.expected)
    if claim.expected == "Block":
        filters = layer["config"]["filters"]
        there, asked = own.stage(filters), right.stage(filters)
    return "" if there < asked else f"there are {there} {claim.expected} of {asked}"


def _extra(claim: Claim, own: Layers, right: Layers, place: int, rows: Any) -> str:
    kind = own.operations[claim.place]["kind"]
    if claim.captured in ("Composed", "Unknown"):
        # operations that are no layer's work: the solution has less than all of these
        more = len(own.operations) > len(right.operations)
        return "" if more else "the solution has as many operations"
    if kind != claim.captured and claim.captured != "Activation":
        return f"it is a {kind}"
    if kind == "Block" and not claim.told:
        made = [_arguments(operation) for operation in right.operations]
        return (
            "so is the solution's"
            if _arguments(own.operations[claim.place]) in made
            else ""
        )
    there, asked = own.count(claim.captured), right.count(claim.captured)
    if claim.captured == "Block":
        filters = own.operations[claim.place]["config"]["filters"]
        there, asked = own.stage(filters), right.stage(filters)
    if there > asked or not own.whole:
        return ""
    return f"there are {there} {claim.captured} of {asked}"


def _kind(claim: Claim, own: Layers, right: Layers, place: int, rows: Any) -> str:
    operation = own.operations[claim.place]
    # a function of PyTorch's is told by its bare name
    found = operation["config"].get("class", operation["kind"]).removeprefix("torch.")
    asked = right.operations[place]["kind"]
    # several operations together are told by what they do: the last is looked at here
    several = operation["kind"] in {*PRIMITIVES, *_ARITHMETIC} and found != asked
    if claim.captured not in (found, operation["kind"]) and not several:
        return f"it is a {found}"
    wanted = "Activation" if asked in _ACTIVATIONS else asked
    fits = claim.expected in (asked, wanted)
    return "" if fits else f"the solution has a {asked}"


def _wiring(claim: Claim, own: Layers, right: Layers, place: int, rows: Any) -> str:
    found = Counter(own.sources(claim.place))
    said = Counter(source for _, source in claim.captured)
    if not claim.told:
        return ""  # a call that gives back X may lie between
    if not said <= found:
        return f"captured are {sorted(found)}, said {sorted(said)}"
    asked = Counter(right.sources(place))
    # what is not among the solution's layers is in a block that it calls
    known = [rows[key] for key in claim.expected if key in rows]
    known += [-1 for key in claim.expected if key == "input"]
    whole = len(known) == len(claim.expected)
    fits = Counter(known) == asked if whole else Counter(known) <= asked
    return "" if fits else f"the solution has {sorted(asked)}, said {known}"


def _order(claim: Claim, own: Layers, right: Layers, place: int, rows: Any) -> str:
    said = [source for _, source in claim.captured]
    found = list(own.sources(claim.place))
    return "" if said == found else f"captured are {found}, said {said}"


def _moved(claim: Claim, own: Layers, right: Layers, place: int, rows: Any) -> str:
    kind = right.operations[place]["kind"]
    other = own.operations[claim.place]["kind"]
    if kind != other:
        return f"a {other} is not the {kind}"
    return _wiring(claim, own, right, place, rows)


def _shared(claim: Claim, own: Layers, right: Layers, place: int, rows: Any) -> str:
    _, other = claim.captured
    one = own.operations[claim.place]
    blocks = one["config"].get("place") == own.operations[other]["config"].get("place")
    if claim.place != other and not (one["kind"] == "Block" and blocks):
        return "they are two layers"
    return ""


def _swapped(claim: Claim, own: Layers, right: Layers, place: int, rows: Any) -> str:
    key, other = claim.captured
    one = _arguments(own.operations[claim.place]), _arguments(own.operations[other])
    asked = _arguments(right.operations[rows[key]]), _arguments(right.operations[place])
    return "" if one == asked else f"captured are {one}"


def _arguments(operation: Mapping[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in operation["config"].items() if k not in ("place", "width")}


def _weight(claim: Claim, own: Layers, right: Layers, place: int, rows: Any) -> str:
    operation = own.operations[claim.place]
    if claim.about == "kernel" and claim.captured != OTHERS:
        made = operation["config"]["kernel_initializer"]
        words = {str(v) for v in made.values()} | {
            str(made.get("kind")).partition("_")[2],
            f"seed {made.get('seed')}",
        }
        if "no seed" in claim.captured:
            return "" if made.get("seed") is None else f"it is drawn with {made}"
        return "" if claim.captured in words else f"it is drawn with {made}"
    data = base64.b64decode(operation["variables"][claim.about]["data"])
    start = np.frombuffer(data, np.float32)
    if claim.about == "kernel":
        first = base64.b64decode(right.operations[place]["variables"]["kernel"]["data"])
        return "it does" if first == data else ""
    return "it does" if np.all(np.abs(start - claim.expected) <= 1e-5) else ""


_CHECKS = {
    "attr": _attr,
    "name": _name,
    "missing": _missing,
    "extra": _extra,
    "kind": _kind,
    "wiring": _wiring,
    "order": _order,
    "moved": _moved,
    "shared": _shared,
    "swapped": _swapped,
    "weight": _weight,
}


def blocks(claim: Claim, own: Layers, right: Layers) -> str:
    """What is not so of a claim on the number of a stage's blocks."""
    found, asked = (
        sum(
            o["kind"] == "Block" and str(o["config"]["filters"]) == claim.about
            for o in (layers.operations[n["operation"]] for n in layers.nodes)
        )
        for layers in (own, right)
    )
    if (found, asked) == (claim.captured, claim.expected):
        return ""
    return f"it has {found} blocks of {asked}"


def alike(claim: Claim, own: Layers, right: Layers) -> int:
    """The solution's layer of a captured layer's kind; -1 for none."""
    kind = own.operations[claim.place]["kind"] if claim.place >= 0 else claim.expected
    found = [i for i, o in enumerate(right.operations) if o["kind"] == kind]
    return found[0] if found else -1
