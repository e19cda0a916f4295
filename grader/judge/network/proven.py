"""Operations that are not simulated, in a network that gives what it is to give.

What they do cannot be seen. Where all other layers are there, the outputs under fresh
weights and inputs, large ones too, tell whether they do what was asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.challenge import LARGE
from grader.judge.network.forward import forward
from grader.judge.network.graph import WEIGHTED, Graph
from grader.judge.network.match import HIDDEN, Match
from grader.judge.network.operations import is_unknown
from grader.judge.network.spec import Spec
from grader.judge.network.weights_for import (
    NotComputable,
    challenge_weights,
    initial_weights,
)
from grader.judge.sample import read_sample


@dataclass(frozen=True)
class Proof:
    """That outputs are those of the specification.

    Attributes:
        values: recomputed from the initial weights, where they were asked for.
    """

    values: np.ndarray | None = None


def proof(
    spec: Spec,
    own: Graph,
    matched: Match,
    call: Mapping[str, Any],
    x: np.ndarray,
    seed: str,
) -> Proof | None:
    """Looks whether outputs prove what operations do that cannot be seen.

    Args:
        spec: the specification.
        own: the captured graph.
        matched: how its layers were matched.
        call: the captured call.
        x: its input.
        seed: the challenge's.

    Returns:
        None if there is nothing to prove, or no proof.

    Raises:
        CaptureError: if the outputs are not of the right form.
    """
    reached = [own.nodes[index] for index in own.order]
    hidden = [node for node in reached if node.kind in HIDDEN]
    if not hidden or not all(map(is_unknown, hidden)) or "large" not in call:
        return None
    asked = _with_weights_of(spec, own, matched)
    if asked is None:
        return None
    values = None
    challenge = challenge_weights(seed)
    for name, weights, scale in (
        ("initial", initial_weights, 1),
        ("challenge", challenge, 1),
        ("training", challenge, 1),
        ("large", challenge, LARGE),
    ):
        if name not in call:
            continue
        mode = name == "training"
        try:
            found = forward(asked, x * scale, weights, training=mode, seed=seed)
        except NotComputable:
            return None
        if not read_sample(call[name]).is_of(found):
            return None
        if name == "initial":
            values = found
    return Proof(values)


def _with_weights_of(spec: Spec, own: Graph, matched: Match) -> Graph | None:
    """The specification with the captured weights; None if there are others."""
    nodes, taken = list(spec.graph.nodes), set()
    for number in spec.graph.order:
        if nodes[number].kind not in WEIGHTED:
            continue
        index = matched.pairs.get(number)
        if index is None or own.nodes[index].kind != nodes[number].kind:
            return None
        layer = own.nodes[index]
        nodes[number] = replace(
            nodes[number], operation=layer.operation, variables=layer.variables
        )
        taken.add(layer.operation)
    reached = [own.nodes[index] for index in own.order]
    weighted = {node.operation for node in reached if node.variables}
    asked = sum(nodes[number].kind in WEIGHTED for number in spec.graph.order)
    if taken != weighted or len(taken) != asked:
        return None
    return replace(spec.graph, nodes=tuple(nodes))
