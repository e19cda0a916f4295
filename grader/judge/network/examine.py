"""Examines what one call of a learner's function gave."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from grader import stream
from grader.judge.network.compare import compare
from grader.judge.network.difference import Difference
from grader.judge.network.equivalence import (
    equivalent,
    harmless,
    never_harmless,
)
from grader.judge.network.forward import (
    NotComputable,
    WrongWeights,
    challenge_weights,
    forward,
    initial_weights,
)
from grader.judge.network.graph import Graph, read_graph
from grader.judge.network.match import HIDDEN, Match, match
from grader.judge.network.normal import normal_form
from grader.judge.network.spec import Spec
from grader.judge.network.weights import compare_weights
from grader.judge.sample import read_sample
from grader.judge.strict import CaptureError

#: Kinds of differences of one call that are looked at: each takes its time.
_MOST_KINDS = 40


@dataclass(frozen=True)
class Trial:
    """A call as the judge sees it.

    Attributes:
        id: the call's name in challenge and capture.
        spec: what the function is to build under the call's arguments.
        input_shape: (height, width, channels).
        batch: examples in the input.
        sizes: input shapes at which a difference may show.
        usual: whether the arguments are such as ResNets have.
        defaults: whether the call leaves all arguments to their defaults.
        published: the expected `(index, numbers)` of the original assignment.
    """

    id: str
    spec: Spec
    input_shape: tuple[int, ...]
    batch: int
    sizes: Sequence[tuple[int, ...]]
    usual: bool = True
    defaults: bool = False
    published: tuple[tuple[int, ...], tuple[float, ...]] | None = None


@dataclass
class Examined:
    """What a call showed.

    Attributes:
        trial: the call.
        failure: why there is no graph: (status, details of the capture).
        differences: those that change something.
        notes: remarks at no cost.
        matched: how the layers were matched.
        graph: what was captured, in normal form.
        unexplained: why the outputs are not what the captured layers compute.
        unbound: whether the outputs belong to other layers, weights or inputs.
        values: the numbers at the published place, recomputed.
    """

    trial: Trial
    failure: tuple[str, Mapping[str, Any]] | None = None
    differences: list[Difference] = field(default_factory=list)
    harmless: list[Difference] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    matched: Match | None = None
    graph: Graph | None = None
    unexplained: str = ""
    unbound: bool = False
    values: np.ndarray | None = None


def examine(
    trial: Trial,
    call: Mapping[str, Any],
    seed: str,
    rewrite: Callable[[Graph], Graph] | None = None,
) -> Examined:
    """Judges one captured call against its specification.

    Args:
        trial: the call.
        call: its part of the capture.
        seed: the challenge's.
        rewrite: applied to the graph before it is compared.

    Raises:
        CaptureError: if the capture is not of the right form.
    """
    seen = Examined(trial)
    if call.get("status") != "captured":
        seen.failure = (str(call.get("status")), call)
        if "graph" not in call:
            return seen
    if "graph" not in call:
        raise CaptureError("a call that was captured has no graph")
    raw = read_graph(call["graph"])
    normal = normal_form(raw)
    seen.graph = normal.graph
    own = rewrite(normal.graph) if rewrite else normal.graph
    seen.notes = list(normal.notes)
    seen.matched = match(trial.spec, own)
    differences = compare(trial.spec, own, seen.matched)
    _sort_out(seen, own, differences)
    weights, remarks = compare_weights(trial.spec, own, seen.matched)
    seen.differences += weights
    seen.notes += [*remarks, *_remarks(own)]
    if seen.failure is None:
        _explain_outputs(seen, raw, call, seed)
    else:
        seen.unbound = _can_run(seen, raw, seed)
    if any(node.used_before for node in raw.nodes):
        seen.unexplained = (
            "Layers of an earlier call are used again: each call is to make its own."
        )
    if "float" not in raw.nodes[0].attrs["dtype"]:
        seen.unexplained = "The model takes whole numbers: pixels / 255 would become 0."
    found = raw.nodes[0].shape[1:]
    if found != trial.input_shape:
        seen.unexplained = (
            "The model does not take images of the size that input_shape says."
        )
    return seen


def _sort_out(seen: Examined, own: Graph, differences: list[Difference]) -> None:
    """Sets apart the differences that change no number."""
    spec, sizes = seen.trial.spec, seen.trial.sizes
    lasting = [d for d in differences if never_harmless(spec, d)]
    others = [d for d in differences if d not in lasting]
    pairs = seen.matched.pairs if seen.matched else {}
    if others and not lasting and equivalent(spec, own, sizes, pairs):
        seen.harmless = others
        return
    verdicts: dict[tuple, bool] = {}
    for d in others:
        if _like(spec, d) not in verdicts:
            few = len(verdicts) < _MOST_KINDS
            verdicts[_like(spec, d)] = few and harmless(spec, d, sizes)
    costly = [d for d in others if not verdicts[_like(spec, d)]]
    together = [d for d in others if d not in costly]
    if together and not costly and not lasting:
        costly, together = together, []
    seen.harmless = together
    kept = [*lasting, *costly]
    seen.differences = [d for d in differences if d in kept]


def _like(spec: Spec, d: Difference) -> tuple:
    """What makes two differences alike: in a deep network one stands for all."""
    node = spec.graph.nodes[d.node]
    window = node.attrs.get("kernel_size")
    return (d.kind, node.kind, window, d.attr, repr(d.asked), repr(d.found))


def _remarks(own: Graph) -> list[str]:
    nodes = [own.nodes[index] for index in own.order]
    remarks = []
    if any(node.attrs.get("momentum", 0.99) != 0.99 for node in nodes):
        remarks.append("Another momentum only matters in longer training.")
    if any(node.attrs.get("kernel_regularizer") for node in nodes):
        remarks.append("A regulariser is not asked for. It costs nothing.")
    return remarks


def _can_run(seen: Examined, raw: Graph, seed: str) -> bool:
    """Whether the layers of a call that is said to have failed can be computed."""
    trial = seen.trial
    x = stream.call_input(seed, trial.id, trial.batch, trial.input_shape)
    try:
        forward(raw, x, challenge_weights(seed), seed=seed)
    except NotComputable:
        return False
    return True


def _explain_outputs(
    seen: Examined, raw: Graph, call: Mapping[str, Any], seed: str
) -> None:
    """Computes the captured graph anew and compares with the captured outputs."""
    trial = seen.trial
    x = stream.call_input(seed, trial.id, trial.batch, trial.input_shape)
    challenge = challenge_weights(seed)
    for name, weights in (
        ("initial", initial_weights),
        ("challenge", challenge),
        ("training", challenge),
    ):
        if name not in call:
            if name == "challenge":
                raise CaptureError("a call without its outputs")
            continue
        try:
            computed = forward(raw, x, weights, training=name == "training", seed=seed)
        except WrongWeights as error:
            seen.unexplained = f"The output cannot be recomputed: {error}."
            seen.unbound = True
            return
        except NotComputable as error:
            hidden = any(node.kind in HIDDEN for node in raw.nodes)
            if hidden or not seen.differences:
                seen.unexplained = f"The output cannot be recomputed: {error}."
            return
        if name == "initial":
            seen.values = computed
        output = read_sample(call[name])
        if not output.is_of(computed):
            seen.unexplained = (
                "The output is not what the layers compute from their weights: "
                "something outside of them changes it."
            )
            seen.unbound = name != "training"
            return
