"""Compares initial weights with those that the specification's seed gives."""

from collections.abc import Iterator

import numpy as np

from grader import stream
from grader.judge.difference import Difference
from grader.judge.graph import Graph, Node, Variable
from grader.judge.match import Match
from grader.judge.spec import Spec

TOLERANCE = 1e-5
_CONSTANTS = {
    "bias": 0.0,
    "gamma": 1.0,
    "beta": 0.0,
    "moving_mean": 0.0,
    "moving_variance": 1.0,
}
SEED = 0
KERAS_NOTE = (
    "Keras's own GlorotUniform(seed=0) meets the seed, but draws other numbers than "
    "the course's glorot_uniform(seed=0): the printed `out` differs from the "
    "published one."
)


def compare_weights(
    spec: Spec, own: Graph, matched: Match
) -> tuple[list[Difference], list[str]]:
    """Returns the differences, and remarks that cost nothing."""
    found: list[Difference] = []
    notes: dict[str, None] = {}
    for number in spec.graph.order:
        index = matched.pairs.get(number)
        if index is None or own.nodes[index].kind != spec.graph.nodes[number].kind:
            continue
        node = own.nodes[index]
        if _keras_seed(node) == SEED:
            notes[KERAS_NOTE] = None
        found.extend(_of_layer(number, node))
    return found, list(notes)


def _keras_seed(node: Node) -> int | None:
    initializer = node.attrs.get("kernel_initializer") or {}
    if initializer.get("kind") == "keras_glorot_uniform":
        return initializer.get("seed")
    return None


def _of_layer(number: int, node: Node) -> Iterator[Difference]:
    for role, variable in node.variables.items():
        if role == "kernel":
            if _keras_seed(node) == SEED and _in_range(variable):
                continue
            if _close(variable, _kernel(variable)):
                continue
            yield Difference("weight", number, role, "seed 0", _drawn(node), node.label)
        elif role in _CONSTANTS:
            constant = _CONSTANTS[role]
            expected = np.full(variable.sample.shape, constant, np.float32)
            if not _close(variable, expected):
                yield Difference("weight", number, role, constant, "others", node.label)


def _kernel(variable: Variable) -> np.ndarray:
    if len(variable.shape) < 2:
        return np.full(variable.sample.shape, np.nan)
    return stream.glorot_sample(SEED, variable.shape, variable.step)


def _close(variable: Variable, expected: np.ndarray) -> bool:
    return bool(np.all(np.abs(variable.sample - expected) <= TOLERANCE))


def _in_range(variable: Variable) -> bool:
    """Whether a kernel can be a draw of Glorot and Bengio's uniform distribution."""
    if len(variable.shape) < 2:
        return False
    limit = np.sqrt(6 / sum(stream.fans(variable.shape)))
    sample = variable.sample
    return bool(np.abs(sample).max() <= limit * 1.001 and np.ptp(sample) > 0)


def _drawn(node: Node) -> str:
    """Says where a kernel's initial values come from."""
    initializer = node.attrs.get("kernel_initializer") or {}
    kind, seed = initializer.get("kind"), initializer.get("seed")
    if kind == "keras_glorot_uniform" and seed is None:
        return "no seed (Keras's default glorot_uniform)"
    if kind in ("keras_glorot_uniform", "course_glorot_uniform") and seed != SEED:
        return f"seed {seed}"
    return str(initializer.get("class", "other values"))
