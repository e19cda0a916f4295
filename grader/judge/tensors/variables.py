"""Which variables a layer asks the store for, and what it is to ask instead."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader import stream
from grader.challenge import named_weight
from grader.judge.claim import Claim
from grader.judge.finding import Finding
from grader.judge.tensors.functions import Layer, Stored
from grader.judge.tensors.prices import VARIABLES
from grader.judge.tensors.reading import CapturedCall, FunctionRun, Made

_TOLERANCE = 1e-5
KERAS_NOTE = (
    "Keras's own GlorotUniform(seed=0) meets the seed, but draws other numbers than "
    "the course's glorot_uniform(seed=0): what is printed differs from the lesson."
)
#: A finding with a key that is the same for the same mistake in each call.
Keyed = tuple[tuple[str, str], Finding]


@dataclass(frozen=True)
class Asked:
    """A variable that a call is to ask for, and its shape there."""

    variable: Stored
    shape: tuple[int, ...]

    @property
    def name(self) -> str:
        """Its own name."""
        return self.variable.name


def asked_of(layer: Layer, channels: int, arguments: Mapping[str, Any]) -> list[Asked]:
    """The variables that a layer is to ask for in a call.

    Args:
        layer: its table.
        channels: of the input.
        arguments: of the call, defaults included.
    """
    return [Asked(v, v.shape(channels, arguments)) for v in layer.variables]


@dataclass(frozen=True)
class Matched:
    """The variables by role, and what is wrong with them.

    Attributes:
        values: the challenge's value of each role, in the shape that is asked for.
        paths: the path of each role.
        findings: by a key that is the same for the same mistake in each call.
        notes: remarks at no cost.
        missing: roles that were never asked for.
    """

    values: Mapping[str, np.ndarray]
    paths: Mapping[str, str]
    findings: Mapping[tuple[str, str], Finding]
    notes: tuple[str, ...]
    missing: tuple[str, ...]


def variables_of(
    layer: Layer, seed: str, call: CapturedCall, run: FunctionRun, x: np.ndarray
) -> Matched:
    """Finds the variables that a layer asked for in a run.

    Args:
        layer: its table.
        seed: the challenge's.
        call: whose run it is.
        run: what was captured.
        x: the call's input.
    """
    arguments = call.asked["arguments"]
    asked = asked_of(layer, x.shape[-1], layer.bound(arguments))
    scope, own = layer.scope(arguments), f"{seed}/{call.asked['id']}"
    return match_variables(layer.name, scope, asked, run, own)


def match_variables(
    function: str, scope: str, asked: Sequence[Asked], run: FunctionRun, seed: str
) -> Matched:
    """Finds for each variable that is asked for the one that was made.

    By name first; then by start and trainability, in which the four variables of a
    batch normalisation differ; then by shape.

    Args:
        function: whose variables they are.
        scope: path before their names.
        asked: of the specification.
        run: what was captured.
        seed: of the call, which the challenge's values were drawn from.
    """
    pairs, more = _pairs(asked, run, scope)
    found: list[Keyed] = []
    notes = []
    for variable in asked:
        made = pairs.get(variable.name)
        if made is None:
            found.append(_missing(function, variable))
            continue
        found += _differences(function, scope, variable, made)
        if not _starts(variable, made) and _keras_seed(variable, made):
            notes.append(KERAS_NOTE)
    found += [_extra(function, made) for made in more]
    findings: dict[tuple[str, str], Finding] = {}
    call = seed.rpartition("/")[2]
    for key, finding in found:
        told = tuple(replace(claim, call=call) for claim in finding.claims)
        findings.setdefault(key, replace(finding, claims=told))
    present = [variable for variable in asked if variable.name in pairs]
    values = {v.name: _value(v, pairs[v.name], seed) for v in present}
    if more:
        values["extra"] = named_weight(seed, more[0].path, more[0].shape)
    return Matched(
        values,
        {v.name: pairs[v.name].path for v in present},
        findings,
        tuple(notes),
        tuple(v.name for v in asked if v.name not in pairs),
    )


def _pairs(
    asked: Sequence[Asked], run: FunctionRun, scope: str
) -> tuple[dict[str, Made], list[Made]]:
    """The variables that were made by role, and those that are left."""
    left = list(run.variables)
    pairs: dict[str, Made] = {}
    for fits in (_same_path, _same_name, _alike, _same_shape):
        for variable in asked:
            if variable.name in pairs:
                continue
            found = next((m for m in left if fits(variable, m, scope)), None)
            if found is not None:
                pairs[variable.name] = found
                left.remove(found)
    _exchange(asked, pairs)
    return pairs, left


def _exchange(asked: Sequence[Asked], pairs: dict[str, Made]) -> None:
    """Undoes an exchange of two names, which each one's start gives away."""
    for one, other in itertools.combinations(asked, 2):
        if one.name not in pairs or other.name not in pairs:
            continue
        first, second = pairs[one.name], pairs[other.name]
        exchanged = _alike(one, second, "") and _alike(other, first, "")
        if exchanged and not _alike(one, first, ""):
            pairs[one.name], pairs[other.name] = second, first


def _same_path(asked: Asked, made: Made, scope: str) -> bool:
    return made.path == f"{scope}/{asked.name}"


def _same_name(asked: Asked, made: Made, scope: str) -> bool:
    return made.name == asked.name


def _alike(asked: Asked, made: Made, scope: str) -> bool:
    return (
        made.shape == asked.shape
        and made.trainable == asked.variable.trainable
        and _starts(asked, made)
    )


def _same_shape(asked: Asked, made: Made, scope: str) -> bool:
    return sorted(made.shape) == sorted(asked.shape)


def _starts(asked: Asked, made: Made) -> bool:
    """Whether a variable starts from the value that is asked for."""
    values = made.initial.values
    if asked.variable.initial is not None:
        return bool(np.all(np.abs(values - asked.variable.initial) <= _TOLERANCE))
    if len(made.shape) < 2:
        return False
    drawn = stream.glorot_sample(0, made.shape, made.initial.step)
    return bool(np.all(np.abs(values - drawn) <= _TOLERANCE))


def _keras_seed(asked: Asked, made: Made) -> bool:
    found = made.initializer or {}
    if asked.variable.initial is not None or len(made.shape) < 2:
        return False
    limit = np.sqrt(6 / sum(stream.fans(made.shape))) * 1.001
    return (
        found.get("kind") == "keras_glorot_uniform"
        and found.get("seed") == 0
        and bool(np.abs(made.initial.values).max(initial=0) <= limit)
        and bool(np.ptp(made.initial.values) > 0)
    )


def _differences(
    function: str, scope: str, asked: Asked, made: Made
) -> Iterator[Keyed]:
    name, sentence = asked.name, asked.variable.sentence
    if made.name != name:
        text = (
            f'"{made.name[:60]}" is the name of a variable that is to be called '
            f'"{name}".'
        )
        yield _keyed(function, "name", name, text, sentence, made=made)
    if made.path.rpartition("/")[0] != scope:
        text = _scope_words(made, scope)
        within = "The variables are made within variable_scope(scope)."
        yield _keyed(function, "scope", "", text, within, made=made)
    if made.shape != asked.shape:
        text = f'"{name}" has another shape than {asked.variable.written}.'
        yield _keyed(function, "shape", name, text, sentence, made=made)
    if made.trainable != asked.variable.trainable:
        what = "trainable" if made.trainable else "not trainable"
        text = f'"{name}" is {what}; the specification asks for the opposite.'
        yield _keyed(function, "trainable", "", text, sentence, made=made)
    if not _starts(asked, made) and not _keras_seed(asked, made):
        text = (
            f'"{name}" starts from other values than the initializer of the '
            "specification gives."
        )
        yield _keyed(function, "initial", name, text, sentence, made=made)


def _missing(function: str, asked: Asked) -> Keyed:
    variable = asked.variable
    text = f'"{variable.name}" is missing: create_var is not asked for it.'
    return _keyed(
        function, "missing", variable.name, text, variable.sentence, variable.check
    )


def _extra(function: str, made: Made) -> Keyed:
    text = f'"{made.name[:60]}" is one variable more than the specification has.'
    sentence = "There are no other variables."
    return _keyed(function, "extra", made.name, text, sentence, made=made)


def _keyed(
    function: str,
    kind: str,
    about: str,
    message: str,
    sentence: str,
    check: str = "variables",
    *,
    made: Made | None = None,
) -> Keyed:
    finding = Finding(
        f"{function}-{check}",
        VARIABLES[kind],
        function,
        sentence,
        message,
        "Look at the calls of create_var.",
        (Claim(f"variable {kind}", layer=about, captured=made and made.path),),
    )
    return (kind, about), finding


def _scope_words(made: Made, scope: str) -> str:
    if "/" not in made.path:
        return (
            f'"{made.path}" is made outside of the scope: variable_scope(scope) '
            "is not open there."
        )
    if made.path.startswith(f"{scope}/"):
        return f'"{made.name}" is made within one scope more than the function\'s.'
    return f'"{made.name}" is made within another scope than the argument scope says.'


def _value(asked: Asked, made: Made, seed: str) -> np.ndarray:
    """A value in the shape that is asked for, where axes were exchanged."""
    value = named_weight(seed, made.path, made.shape)
    if value.shape != asked.shape:
        turned = np.swapaxes(value, -1, -2) if value.ndim > 1 else value
        value = turned if turned.shape == asked.shape else value
    return value
