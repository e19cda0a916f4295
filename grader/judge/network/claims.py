"""What differences say of a capture, as data."""

from collections.abc import Iterable, Mapping

from grader.judge.claim import Claim
from grader.judge.network.difference import Difference
from grader.judge.network.examine import Examined
from grader.judge.network.graph import INPUT
from grader.judge.network.spec import Spec

#: Kinds whose values are numbers of nodes: where a layer gets its input from.
_SOURCES = ("moved", "wiring", "order")
#: Kinds that name another layer of the specification.
_PAIRS = ("swapped", "shared")


def claims(
    seen: Examined, differences: Iterable[Difference], *, told: bool = True
) -> tuple[Claim, ...]:
    """What a sentence about differences says.

    Args:
        seen: the call that they show in.
        differences: one group, in order.
        told: whether the sentence tells the values.
    """
    return tuple(_claim(seen, d, told) for d in differences)


def _claim(seen: Examined, d: Difference, told: bool) -> Claim:
    spec, places = seen.trial.spec, seen.places
    expected, captured = d.asked, d.found
    if d.kind in _SOURCES:
        expected = tuple(_row(spec, number) for number in d.asked)
        captured = tuple((_row(spec, n), places.get(n, -1)) for n in d.found)
    elif d.kind in _PAIRS:
        expected = spec.keys[d.node]
        captured = _named(spec, places, str(d.found))
    line = spec.lines[d.node]
    return Claim(
        d.kind,
        seen.trial.id,
        line.where if d.is_block_too_many else line.label,
        spec.keys[d.node],
        d.attr,
        expected,
        captured,
        d.place if d.place >= 0 else places.get(d.node, -1),
        told,
    )


def of_input(function: str, seen: Examined) -> tuple[Claim, ...]:
    """That a model takes images of another size than it is told, if that is so."""
    graph = seen.graph or (seen.sides and seen.sides.graph)
    if graph is None or graph.nodes[0].shape[1:] == seen.trial.input_shape:
        return ()
    return (Claim("input", seen.trial.id, function, about="input_shape"),)


def of_outputs(function: str, seen: Examined) -> tuple[Claim, ...]:
    """That outputs do not follow from the layers, if that is so."""
    said = Claim("outputs", seen.trial.id, function, about="output")
    return (said,) if seen.deviates else ()


def _row(spec: Spec, number: int) -> str:
    return "input" if number == INPUT else spec.keys[number]


def _named(spec: Spec, places: Mapping[int, int], label: str) -> tuple[str, int]:
    """Row and place of the layer that a report calls so."""
    number = next(n for n in spec.graph.order if spec.lines[n].label == label)
    return spec.keys[number], places.get(number, -1)
