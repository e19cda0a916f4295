"""How the calls of a function that builds layers went: does it work at all?"""

from collections.abc import Mapping, Sequence
from typing import Any

from grader.challenge import call_input
from grader.judge.general import Tried
from grader.judge.network.difference import changes_shapes
from grader.judge.network.examine import Examined
from grader.judge.network.forward import computes
from grader.judge.network.graph import Graph

_SEED = "tried"


def part_there(call: Examined) -> float:
    """How much of what the learner was to write is there.

    Below one half, points are in proportion; a function that stops at the code
    that was given has none.
    """
    assert call.matched is not None
    asked = call.trial.spec.asked
    there = sum(number in call.matched.pairs for number in asked)
    part = there / len(asked)
    return 1.0 if part >= 0.5 else part


def refused(call: Examined) -> bool:
    """Whether a careful function turned down a stride that no ResNet uses."""
    if call.failure is None or call.trial.usual:
        return False
    error = call.failure[1].get("error")
    line = error.get("line") if isinstance(error, Mapping) else None
    source = str(line.get("source")) if isinstance(line, Mapping) else ""
    return source.startswith(("raise ", "assert "))


def tried_calls(calls: Sequence[Examined], *, model: bool) -> list[Tried]:
    """Says of each call whether the function does its work there.

    Args:
        calls: the first is the one that the lesson shows.
        model: whether the function also makes the network's input.
    """
    shown = calls[0]
    others = [c for c in calls[1:] if not refused(c)]
    varied = {name for c in others for name in _varied(shown, c, model=model)}
    # One argument that is passed over is a slip with a price of its own.
    by_heart = len(varied) > 1
    return [
        Tried(True, _works(shown)),
        *(
            Tried(
                c.trial.defaults or _same_call(shown, c, model=model),
                _follows(shown, c)
                or (_works(c) and not (by_heart and _repeats(shown, c, model=model))),
            )
            for c in others
        ),
    ]


def _works(call: Examined) -> bool:
    return call.failure is None and part_there(call) == 1


def _follows(shown: Examined, call: Examined) -> bool:
    """Whether a call fails for the slips of the shown one, which cost their own price.

    They are put into what the call asks for: does that fit together?
    """
    slips = [d for d in shown.differences if changes_shapes(d)]
    if call.failure is None or not slips:
        return False
    asked, other = shown.trial.spec, call.trial.spec
    if any(slip.kind != "attr" for slip in slips):
        return True
    graph = other.graph
    for slip in slips:
        node = other.by_key.get(asked.keys[slip.node])
        if node is not None:
            graph = graph.changed(node, **{slip.attr: slip.found})
    x = call_input(_SEED, "fits", 1, call.trial.input_shape)
    return not computes(graph, x, _SEED)


def _same_call(shown: Examined, call: Examined, *, model: bool) -> bool:
    same = shown.trial.spec.graph == call.trial.spec.graph
    return same and not _varied(shown, call, model=model)


def _varied(shown: Examined, call: Examined, *, model: bool) -> set[str]:
    """The hyperparameters that are to be others than in the shown call."""
    one, other = shown.trial.spec, call.trial.spec
    found = set()
    for key in {*one.by_key, *other.by_key}:
        first, second = (
            spec.graph.nodes[spec.by_key[key]].attrs if key in spec.by_key else {}
            for spec in (one, other)
        )
        names = {*first, *second}
        found |= {name for name in names if first.get(name) != second.get(name)}
    if model and shown.trial.input_shape != call.trial.input_shape:
        found.add("input_shape")
    return found


def _repeats(shown: Examined, call: Examined, *, model: bool) -> bool:
    """Whether a call built the shown layers once more, whatever it was asked for."""
    if shown.graph is None or call.graph is None:
        return False
    return _built(shown.graph, model=model) == _built(call.graph, model=model)


def _built(graph: Graph, *, model: bool) -> list[Any]:
    layers = [
        (node.kind, node.attrs, node.inputs, node.training)
        for node in (graph.nodes[index] for index in graph.order)
    ]
    return [graph.nodes[0].shape if model else (), *layers]
