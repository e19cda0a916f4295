"""Which variables a layer of lesson 3 asks the store for, and what it asks instead."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from grader import stream
from grader.judge.finding import Finding
from grader.judge.tensors import Made, Run

_TOLERANCE = 1e-5
KERAS_NOTE = (
    "Keras's own GlorotUniform(seed=0) meets the seed, but draws other numbers than "
    "the course's glorot_uniform(seed=0): what is printed differs from the lesson."
)
PRICES = {
    "missing": 3,
    "name": 2,
    "scope": 2,
    "shape": 3,
    "trainable": 2,
    "initial": 2,
    "extra": 3,
}


@dataclass(frozen=True)
class Asked:
    """A variable of the specification.

    Attributes:
        name: its own name.
        shape: its shape.
        written: the shape as the lesson writes it.
        initial: the value that it starts from; None for glorot_uniform(seed=0).
        trainable: whether training changes it.
    """

    name: str
    shape: tuple[int, ...]
    written: str
    initial: float | None
    trainable: bool = True

    @property
    def sentence(self) -> str:
        """The specification's."""
        start = {None: "glorot_uniform(seed=0)", 0.0: '"zeros"', 1.0: '"ones"'}
        trained = "" if self.trainable else "; it is not trainable"
        return (
            f'create_var makes "{self.name}" of shape {self.written}, which starts '
            f"from {start[self.initial]}{trained}."
        )


@dataclass
class Matched:
    """The variables by role, and what is wrong with them.

    Attributes:
        values: the challenge's value of each role, in the shape that is asked for.
        paths: the path of each role.
        findings: by a key that is the same for the same mistake in each call.
        notes: remarks at no cost.
        missing: roles that were never asked for.
    """

    values: dict[str, np.ndarray] = field(default_factory=dict)
    paths: dict[str, str] = field(default_factory=dict)
    findings: dict[tuple[str, ...], Finding] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def match_variables(
    function: str, scope: str, asked: Sequence[Asked], run: Run, seed: str
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
    matched = Matched()
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
    for variable in asked:
        if variable.name in pairs:
            made = pairs[variable.name]
            _compare(matched, function, scope, variable, made)
            _value(matched, variable, made, seed)
        else:
            matched.missing.append(variable.name)
            text = f'"{variable.name}" is missing: create_var is never asked for it.'
            _add(matched, function, "missing", variable.name, text, variable.sentence)
    for made in left:
        text = f'"{made.name[:60]}" is one variable more than the specification has.'
        sentence = "There are no other variables."
        _add(matched, function, "extra", made.name, text, sentence)
    if left:
        drawn = stream.named_weight(seed, left[0].path, left[0].shape)
        matched.values["extra"] = drawn
    return matched


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
        and made.trainable == asked.trainable
        and _starts(asked, made)
    )


def _same_shape(asked: Asked, made: Made, scope: str) -> bool:
    return sorted(made.shape) == sorted(asked.shape)


def _starts(asked: Asked, made: Made) -> bool:
    """Whether a variable starts from the value that is asked for."""
    values = made.initial.values
    if asked.initial is not None:
        return bool(np.all(np.abs(values - asked.initial) <= _TOLERANCE))
    if len(made.shape) < 2:
        return False
    drawn = stream.glorot_sample(0, made.shape, made.initial.step)
    return bool(np.all(np.abs(values - drawn) <= _TOLERANCE))


def _keras_seed(asked: Asked, made: Made) -> bool:
    found = made.initializer or {}
    if asked.initial is not None or len(made.shape) < 2:
        return False
    limit = np.sqrt(6 / sum(stream.fans(made.shape))) * 1.001
    return (
        found.get("kind") == "keras_glorot_uniform"
        and found.get("seed") == 0
        and bool(np.abs(made.initial.values).max(initial=0) <= limit)
        and bool(np.ptp(made.initial.values) > 0)
    )


def _compare(
    matched: Matched, function: str, scope: str, asked: Asked, made: Made
) -> None:
    name = asked.name
    if made.name != name:
        _add(matched, function, "name", name, f'"{made.name[:60]}" is the name of a '
             f'variable that is to be called "{name}".', asked.sentence)  # fmt: skip
    if made.path.rpartition("/")[0] != scope:
        _add(matched, function, "scope", "", _scope_words(made, scope), "The variables "
             "are made within variable_scope(scope).")  # fmt: skip
    if made.shape != asked.shape:
        _add(matched, function, "shape", name, f'"{name}" has another shape than '
             f"{asked.written}.", asked.sentence)  # fmt: skip
    if made.trainable != asked.trainable:
        what = "trainable" if made.trainable else "not trainable"
        _add(matched, function, "trainable", "", f'"{name}" is {what}; the '
             "specification asks for the opposite.", asked.sentence)  # fmt: skip
    if not _starts(asked, made):
        if _keras_seed(asked, made):
            matched.notes.append(KERAS_NOTE)
        else:
            _add(matched, function, "initial", name, f'"{name}" starts from other '
                 "values than the initializer of the specification gives.",
                 asked.sentence)  # fmt: skip


def _scope_words(made: Made, scope: str) -> str:
    if "/" not in made.path:
        return (
            f'"{made.path}" is made outside of the scope: variable_scope(scope) '
            "is not open there."
        )
    if made.path.startswith(f"{scope}/"):
        return f'"{made.name}" is made within one scope more than the function\'s.'
    return f'"{made.name}" is made within another scope than the argument scope says.'


def _value(matched: Matched, asked: Asked, made: Made, seed: str) -> None:
    """Takes a value in the shape that is asked for, where axes were exchanged."""
    value = stream.named_weight(seed, made.path, made.shape)
    if value.shape != asked.shape:
        turned = np.swapaxes(value, -1, -2) if value.ndim > 1 else value
        value = turned if turned.shape == asked.shape else value
    matched.values[asked.name] = value
    matched.paths[asked.name] = made.path


def _add(
    matched: Matched, function: str, kind: str, about: str, message: str, sentence: str
) -> None:
    # Without its moving average, batch_norm has none to update.
    moves = kind == "missing" and about.startswith("moving_")
    finding = Finding(
        f"{function}-{'moving' if moves else 'variables'}",
        PRICES[kind],
        function,
        sentence,
        message,
        "Look at the calls of create_var.",
    )
    matched.findings.setdefault((kind, about), finding)
