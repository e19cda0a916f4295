"""Compares initial weights with those that the specification asks for."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from grader.judge.network.difference import Difference
from grader.judge.network.draw import GLOROT, OTHERS, Draw
from grader.judge.network.graph import Graph, Node, Variable
from grader.judge.network.match import Match
from grader.judge.network.spec import Spec

TOLERANCE = 1e-5
_CONSTANTS = {
    "bias": 0.0,
    "gamma": 1.0,
    "beta": 0.0,
    "moving_mean": 0.0,
    "moving_variance": 1.0,
}
KERAS_NOTE = (
    "Keras's own GlorotUniform(seed=0) meets the seed, but draws other numbers than "
    "the course's glorot_uniform(seed=0): the printed `out` differs from the "
    "published one."
)


def compare_weights(
    spec: Spec, own: Graph, matched: Match, *, drawn: bool = True
) -> tuple[list[Difference], list[str]]:
    """Compares the initial weights of a captured graph.

    Args:
        spec: what is asked for.
        own: the captured graph.
        matched: how its layers were matched.
        drawn: whether the capture let Keras and the course draw their kernels.

    Returns:
        The differences, and remarks that cost nothing.
    """
    found: list[Difference] = []
    notes: dict[str, None] = {}
    for number in spec.graph.order:
        index = matched.pairs.get(number)
        if index is None or own.nodes[index].kind != spec.graph.nodes[number].kind:
            continue
        node = own.nodes[index]
        if node.used_before:
            continue  # an earlier call made it, and has changed its weights
        draw = spec.draws.get(number, GLOROT)
        if draw == GLOROT and _from_keras(node) and _seed(node) == draw.seed:
            notes[KERAS_NOTE] = None
        found.extend(_of_layer(number, node, draw, drawn))
    return found, list(notes)


def _initializer(node: Node) -> Mapping[str, Any]:
    return node.attrs.get("kernel_initializer") or {}


def _from_keras(node: Node) -> bool:
    return _initializer(node).get("kind") == "keras_glorot_uniform"


def _seed(node: Node) -> int | None:
    return _initializer(node).get("seed")


def _of_layer(number: int, node: Node, draw: Draw, drawn: bool) -> Iterator[Difference]:
    for role, variable in node.variables.items():
        if role == "kernel":
            told = None if drawn else draw.is_told_by(_initializer(node))
            if _is_drawn(node, variable, draw) if told is None else told:
                continue
            found = _drawn(node, draw)
            yield Difference("weight", number, role, draw.words, found, node.label)
        elif role in _CONSTANTS:
            constant = _CONSTANTS[role]
            if not _close(variable, np.float32(constant)):
                yield Difference("weight", number, role, constant, OTHERS, node.label)


def _is_drawn(node: Node, variable: Variable, draw: Draw) -> bool:
    if draw.may_be(_initializer(node), variable):
        return True
    return _close(variable, draw.sample(variable))


def _close(variable: Variable, expected: np.ndarray | np.float32) -> bool:
    return bool((np.abs(variable.initial.values - expected) <= TOLERANCE).all())


def _drawn(node: Node, draw: Draw) -> str:
    """Says where a kernel's initial values come from."""
    initializer = _initializer(node)
    kind, seed = initializer.get("kind"), initializer.get("seed")
    if kind == "keras_glorot_uniform" and seed is None:
        return "no seed (Keras's default glorot_uniform)"
    if kind in (f"keras_{draw.kind}", f"course_{draw.kind}") and seed != draw.seed:
        return "no seed" if seed is None else f"seed {seed}"
    if kind == f"course_{draw.kind}" and draw.kind != "constant":
        return OTHERS
    if str(kind).startswith(("course_", "keras_")):
        return str(kind).partition("_")[2]
    return str(initializer.get("class", OTHERS))
