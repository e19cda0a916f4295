"""Examines what one call of a learner's function gave."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from grader.challenge import call_input
from grader.judge.network.align import align
from grader.judge.network.beside import NO_MODULE, Module, read_module
from grader.judge.network.cause import causes
from grader.judge.network.compare import compare
from grader.judge.network.difference import Difference
from grader.judge.network.equivalence import (
    equivalent,
    harmless,
    never_harmless,
)
from grader.judge.network.forward import computes, forward
from grader.judge.network.graph import Graph, Node
from grader.judge.network.idle import read_idle, with_idle
from grader.judge.network.lost import mended
from grader.judge.network.match import HIDDEN, Match
from grader.judge.network.normal import normal_form
from grader.judge.network.operations import is_unknown, together
from grader.judge.network.proven import proof
from grader.judge.network.reading import read_graph
from grader.judge.network.sides import Sides
from grader.judge.network.spec import Spec
from grader.judge.network.stages import recounted
from grader.judge.network.trial import Trial
from grader.judge.network.weights import compare_weights
from grader.judge.network.weights_for import (
    NotComputable,
    WrongWeights,
    challenge_weights,
    initial_weights,
)
from grader.judge.sample import read_sample
from grader.judge.strict import CaptureError

#: Kinds of differences of one call that are looked at: each takes its time.
_MOST_KINDS = 40


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
    module = read_module(call) if trial.spec.policy.module else NO_MODULE
    try:
        return replace(_examine(trial, call, seed, rewrite), module=module)
    except CaptureError:
        if not (trial.defaults and trial.spec.policy.may_be_large):
            raise
        return Examined(trial, failure=("unreadable", {}), module=module)


def _examine(
    trial: Trial,
    call: Mapping[str, Any],
    seed: str,
    rewrite: Callable[[Graph], Graph] | None,
) -> Examined:
    failure = None
    if call.get("status") != "captured":
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
    x = call_input(seed, trial.id, trial.batch, trial.input_shape)
    proven = None
    if failure is None and not slips:
        proven = proof(spec, shown, matched, call, x, seed)
    differences, harmless = _sorted_out(
        replace(trial, spec=spec), own, shown, matched, slips, proven is not None
    )
    remarks: list[str] = []
    if spec.policy.seeded:
        weights, remarks = compare_weights(spec, shown, matched)
        differences += weights
    if proven is not None:
        outputs = _Outputs(values=proven.values)
    elif failure is None:
        outputs = _outputs(trial, raw, call, seed, differs=bool(differences))
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
        outputs.values,
        places={n: own.nodes[i].operation for n, i in matched.pairs.items()},
        sides=Sides(spec, shown, matched),
        idle=idle,
    )


def _wrong_input(trial: Trial, raw: Graph) -> str:
    """What is wrong with a network as a whole, whatever its layers are."""
    if raw.nodes[0].shape[1:] != trial.input_shape:
        return "The model does not take images of the size that input_shape says."
    if "float" not in raw.nodes[0].attrs["dtype"]:
        return "The model takes whole numbers: pixels / 255 would become 0."
    if any(node.used_before for node in raw.nodes):
        return "Layers of an earlier call are used again: each call is to make its own."
    return ""


def _sorted_out(
    trial: Trial,
    own: Graph,
    shown: Graph,
    matched: Match,
    slips: Sequence[Difference],
    proven: bool,
) -> tuple[list[Difference], list[Difference]]:
    """The differences that change something, and those that change no number.

    Args:
        trial: the call.
        own: what was captured.
        shown: the same as a report speaks of it.
        matched: how its layers were matched.
        slips: differences that are known already, and change something.
        proven: whether the outputs prove that all but names is right.
    """
    spec, sizes = trial.spec, trial.sizes
    differences = [*compare(spec, shown, matched), *slips]
    lasting = [d for d in differences if never_harmless(spec, d) or d in slips]
    others = [d for d in differences if d not in lasting]
    if proven:
        return lasting, [replace(d, hidden=False, composed=True) for d in others]
    if others and not lasting and equivalent(spec, own, sizes, matched.pairs):
        return [], others
    verdicts: dict[tuple, bool] = {}
    for d in others:
        if _like(spec, d) not in verdicts:
            few = len(verdicts) < _MOST_KINDS
            verdicts[_like(spec, d)] = few and harmless(spec, d, sizes)
    costly = [d for d in others if not verdicts[_like(spec, d)]]
    costless = [d for d in others if d not in costly]
    if costless and not costly and not lasting:
        costly, costless = costless, []
    kept = [*lasting, *costly]
    return [d for d in differences if d in kept], costless


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


@dataclass(frozen=True)
class _Outputs:
    """Whether outputs follow from layers; the attributes are those of `Examined`."""

    unexplained: str = ""
    unbound: bool = False
    values: np.ndarray | None = None


def _outputs(
    trial: Trial, raw: Graph, call: Mapping[str, Any], seed: str, *, differs: bool
) -> _Outputs:
    """Computes the captured graph anew and compares with the captured outputs."""
    x = call_input(seed, trial.id, trial.batch, trial.input_shape)
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
        except WrongWeights as error:
            why = f"The output cannot be recomputed: {error}."
            return _Outputs(why, True, values)
        except NotComputable as error:
            hidden = any(n.kind in HIDDEN and not is_unknown(n) for n in raw.nodes)
            why = f"The output cannot be recomputed: {error}."
            return _Outputs(why if hidden or not differs else "", False, values)
        if name == "initial":
            values = computed
        output = read_sample(call[name])
        if not output.is_of(computed):
            why = (
                "The output is not what the layers compute from their weights: "
                "something outside of them changes it."
            )
            return _Outputs(why, name != "training", values)
    return _Outputs(values=values)
