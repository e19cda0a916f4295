"""Examines what one call of a learner's function gave."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from grader.challenge import call_input
from grader.judge.network.align import align
from grader.judge.network.beside import NO_MODULE, Module, read_module
from grader.judge.network.cause import causes
from grader.judge.network.difference import Difference
from grader.judge.network.effect import sorted_out
from grader.judge.network.forward import computes, forward
from grader.judge.network.graph import Graph, Node
from grader.judge.network.idle import read_idle, with_idle
from grader.judge.network.lost import mended
from grader.judge.network.match import Match
from grader.judge.network.normal import normal_form
from grader.judge.network.operations import together
from grader.judge.network.proven import proof
from grader.judge.network.reading import read_graph
from grader.judge.network.sides import Sides
from grader.judge.network.stages import recounted
from grader.judge.network.trial import Trial
from grader.judge.network.weights import compare_weights
from grader.judge.network.weights_for import (
    AtRandom,
    NotComputable,
    WrongWeights,
    challenge_weights,
    initial_weights,
)
from grader.judge.sample import read_sample
from grader.judge.strict import CaptureError


@dataclass(frozen=True)
class Examined:
    """What a call showed.

    Attributes:
        trial: the call.
        failure: why there is no graph: (status, details of the capture).
        causes: what can have made it fail, the surest first.
        differences: those that change something.
        harmless: those that change no number.
        notes: remarks at no cost.
        matched: how the layers were matched.
        graph: what was captured, in normal form.
        unexplained: why the outputs are not what the captured layers compute.
        unbound: whether the outputs belong to other layers, weights or inputs.
        deviates: whether they are not what the layers compute.
        values: the numbers at the published place, recomputed.
        module: what is told of a PyTorch module beside its graph.
        places: of the specification's nodes, the numbers of the captured layers.
        sides: what was compared, for a picture.
        idle: what was built and leads nowhere.
    """

    trial: Trial
    failure: tuple[str, Mapping[str, Any]] | None = None
    causes: tuple[Difference, ...] = ()
    differences: tuple[Difference, ...] = ()
    harmless: tuple[Difference, ...] = ()
    notes: tuple[str, ...] = ()
    matched: Match | None = None
    graph: Graph | None = None
    unexplained: str = ""
    unbound: bool = False
    deviates: bool = False
    values: np.ndarray | None = None
    module: Module = NO_MODULE
    places: Mapping[int, int] = field(default_factory=dict)
    sides: Sides | None = None
    idle: tuple[Node, ...] = ()


def examine(
    trial: Trial,
    call: Mapping[str, Any],
    seed: str,
    rewrite: Callable[[Graph], Graph] | None = None,
    before: Sequence[Examined] = (),
) -> Examined:
    """Judges one captured call against its specification.

    Args:
        trial: the call.
        call: its part of the capture.
        seed: the challenge's.
        rewrite: applied to the graph before it is compared.
        before: what earlier calls showed. A call without outputs has as many filters
            as a network: a difference that is known costs no numbers there.

    Raises:
        CaptureError: if the capture is not of the right form.
    """
    module = read_module(call) if trial.spec.policy.module else NO_MODULE
    try:
        return replace(_examine(trial, call, seed, rewrite, before), module=module)
    except CaptureError:
        if not (trial.defaults and trial.spec.policy.may_be_large):
            raise
        return Examined(trial, failure=("unreadable", {}), module=module)


def _examine(
    trial: Trial,
    call: Mapping[str, Any],
    seed: str,
    rewrite: Callable[[Graph], Graph] | None,
    before: Sequence[Examined],
) -> Examined:
    failure = None
    if call.get("status") == "not_run" and not trial.sized:
        trial = replace(trial, outputs=False)  # the images have another size
    elif call.get("status") != "captured":
        failure = (str(call.get("status")), call)
        if "graph" not in call:
            found = causes(trial.spec, trial.input_shape, call, rewrite)
            every, places = found.differences, found.places
            return Examined(trial, failure, every, places=places, sides=found.sides)
    if "graph" not in call:
        raise CaptureError("a call that was captured has no graph")
    idle = read_idle(call)
    raw = read_graph(call["graph"])
    normal = normal_form(raw)
    spec = trial.spec
    own = rewrite(normal.graph) if rewrite else normal.graph
    lost, counted = mended(spec, own), recounted(spec, own)
    if counted is not None:
        spec, own, slips = counted.spec, counted.graph, counted.slips
        shown = together(own)
        matched = align(spec, shown)
    elif lost is None:
        shown, slips = together(own), ()
        matched = align(spec, shown)
    else:
        own, shown, matched, slips = lost.graph, lost.graph, lost.matched, (lost.slip,)
    x = np.zeros(0)
    if trial.outputs:
        x = call_input(seed, trial.id, trial.batch, trial.input_shape)
    proven = None
    if failure is None and trial.outputs and not slips:
        proven = proof(spec, shown, matched, call, x, seed)
    differences, harmless = sorted_out(
        replace(trial, spec=spec),
        own,
        shown,
        matched,
        slips,
        known={} if trial.outputs else _known(before),
        proven=proven is not None
        or (not trial.outputs and not slips and _was_proven(before)),
    )
    remarks: list[str] = []
    if spec.policy.seeded:
        drawn = trial.outputs
        weights, remarks = compare_weights(spec, shown, matched, drawn=drawn)
        differences += weights
    if proven is not None:
        outputs = _Outputs(values=proven.values)
    elif not trial.outputs:
        outputs = _Outputs()
    elif failure is None:
        outputs = _outputs(raw, call, x, seed, differs=bool(differences))
    else:
        # said to have failed: can its layers be computed all the same?
        outputs = _Outputs(unbound=computes(raw, x, seed))
    return Examined(
        trial,
        failure,
        (),
        tuple(with_idle(spec, differences, idle)),
        tuple(harmless),
        (*normal.notes, *remarks, *_remarks(own)),
        matched,
        normal.graph,
        _wrong_input(trial, raw) or outputs.unexplained,
        outputs.unbound,
        outputs.deviates,
        outputs.values,
        places={n: own.nodes[i].operation for n, i in matched.pairs.items()},
        sides=Sides(spec, shown, matched),
        idle=idle,
    )


def _wrong_input(trial: Trial, raw: Graph) -> str:
    """What is wrong with a network as a whole, whatever its layers are."""
    if trial.sized and raw.nodes[0].shape[1:] != trial.input_shape:
        return "The model does not take images of the size that input_shape says."
    if "float" not in raw.nodes[0].attrs["dtype"]:
        return "The model takes whole numbers: pixels / 255 would become 0."
    if any(node.used_before for node in raw.nodes):
        return "Layers of an earlier call are used again: each call is to make its own."
    return ""


def _known(before: Sequence[Examined]) -> dict[tuple, bool]:
    """Whether a difference changes something, by its key, as far as calls showed it."""
    found: dict[tuple, bool] = {}
    for call in before:
        key_of = call.trial.spec.key_of
        found |= {key_of(d): True for d in call.differences}
        for d in call.harmless:
            found.setdefault(key_of(d), False)
    return found


def _was_proven(before: Sequence[Examined]) -> bool:
    """Whether outputs proved an earlier call to be right in a way that is not read."""
    return any(d.composed for call in before for d in call.harmless)


def _remarks(own: Graph) -> list[str]:
    nodes = [own.nodes[index] for index in own.order]
    remarks = []
    if any(node.attrs.get("momentum", 0.99) != 0.99 for node in nodes):
        remarks.append("Another momentum only matters in longer training.")
    if any(node.attrs.get("kernel_regularizer") for node in nodes):
        remarks.append("A regulariser is not asked for. It costs nothing.")
    return remarks


@dataclass(frozen=True)
class _Outputs:
    """Whether outputs follow from layers; the attributes are those of `Examined`."""

    unexplained: str = ""
    unbound: bool = False
    values: np.ndarray | None = None
    deviates: bool = False


def _outputs(
    raw: Graph, call: Mapping[str, Any], x: np.ndarray, seed: str, *, differs: bool
) -> _Outputs:
    """Computes the captured graph anew and compares with the captured outputs."""
    challenge = challenge_weights(seed)
    values = None
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
        except AtRandom:
            continue  # nothing is known of its output
        except WrongWeights as error:
            why = f"The output cannot be recomputed: {error}."
            return _Outputs(why, True, values)
        except NotComputable as error:
            # a layer that hides its work differs, and is charged as such
            why = "" if differs else f"The output cannot be recomputed: {error}."
            return _Outputs(why, False, values)
        if name == "initial":
            values = computed
        output = read_sample(call[name])
        if not output.is_of(computed):
            mode = "In training mode the" if name == "training" else "The"
            why = (
                f"{mode} output is not what the layers compute from their weights: "
                "something outside of them changes it."
            )
            return _Outputs(why, name != "training", values, deviates=True)
    return _Outputs(values=values)
