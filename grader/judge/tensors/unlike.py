"""How a result differs from what is asked for, where no known mistake explains it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from grader.judge.claim import Claim
from grader.judge.sample import close
from grader.judge.tensors.switches import UNUSABLE, Observation, differing

#: What may have been done to a result, in words.
_DONE: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "its opposite": np.negative,
    "its absolute value": np.abs,
    "its square": np.square,
    "its square root": lambda a: np.sqrt(np.abs(a)),
    "its exponential": np.exp,
    "its inverse": lambda a: 1 / a,
    "its ReLU": lambda a: np.maximum(a, 0),
    "its hyperbolic tangent": np.tanh,
    "its sigmoid": lambda a: 1 / (1 + np.exp(-a)),
}
_CLOSE = 1e-3
#: Channels from which on two numbers are told from any others.
_CHANNELS = 3


@dataclass(frozen=True)
class Unlike:
    """How a result differs.

    Attributes:
        about: "shape", "factor" or the like; "" where nothing more is known.
        text: as a sentence goes on after the result's name.
        captured: what the text says was found.
        expected: what it says is asked for.
        call: the one that it shows in; "" for all.
    """

    about: str
    text: str
    captured: object = None
    expected: object = None
    call: str = ""


def unlike(
    function: str, observations: Sequence[Observation]
) -> tuple[str, tuple[Claim, ...]]:
    """Says which result of a function differs, and how.

    Args:
        function: its name.
        observations: of its calls, some of which differ.

    Returns:
        A sentence, and what it says as data; "" where it would say no more than that
        the results differ.
    """
    wrong = [(o, names) for o in observations if (names := differing(o))]
    if not wrong:
        return "", ()
    first, names = wrong[0]
    name = names[0]
    every = [o for o, found in wrong if name in found]
    try:
        how = next(_ways(name, every), None)
    except UNUSABLE:
        how = None  # variables that the layer cannot compute with
    if how is None and set(names) == set(first.found):
        return "", ()
    how = how or Unlike("", "is not what the specification gives")
    is_output = name not in first.values
    begin = f"The {name}" if is_output else f"After a call of {function}, {name}"
    said = Claim(
        "values",
        how.call or first.call,
        name,
        name,
        how.about,
        how.expected,
        how.captured,
    )
    return f"{begin} {how.text}.", (said,)


def in_one_way(observations: Sequence[Observation]) -> bool:
    """Whether outputs differ in one way that is known, in all calls that differ.

    Such outputs come of the right statistics: who has not computed these cannot know
    what to do to them. An output that is one number a channel comes of anything.
    """
    wrong = [o for o in observations if differing(o)]
    try:
        how = next(_ways("output", wrong), None)
    except UNUSABLE:
        return False
    return bool(how and how.about != "shape") and all(
        _varies(o.found["output"]) for o in wrong
    )


def _varies(found: np.ndarray) -> bool:
    """Whether the numbers of a channel differ."""
    spread = np.ptp(found.reshape(-1, found.shape[-1]), axis=0)
    return bool(spread.max(initial=0) > 10 * _CLOSE * (1 + np.abs(found).max()))


def _ways(name: str, observations: Sequence[Observation]) -> Iterator[Unlike]:
    """The ways to say how a result differs that hold for each call, the best first."""
    pairs = [(o.found[name], _wanted(o)[name]) for o in observations]
    for own, (found, wanted) in zip(observations, pairs, strict=True):
        if found.shape == wanted.shape:
            continue
        text = "does not always have the shape that the specification gives"
        if own.shown:
            text = (
                f"has the shape {found.shape}, the specification gives {wanted.shape}"
            )
        yield Unlike("shape", text, found.shape, wanted.shape, own.call)
        return
    with np.errstate(all="ignore"):
        yield from _moved(name, observations)
        yield from _of_all(pairs)
        yield from _of_variables(name, observations)
        yield from _of_channels(name, observations)


def _wanted(observation: Observation) -> dict[str, np.ndarray]:
    return {k: np.asarray(v) for k, v in observation.compute().items()}


def _of_all(pairs: Sequence[tuple[np.ndarray, np.ndarray]]) -> Iterator[Unlike]:
    for words, done in _DONE.items():
        if all(close(found, done(wanted)) for found, wanted in pairs):
            yield Unlike(words, f"is not what the specification gives, but {words}")
    factors = [_factor(found, wanted) for found, wanted in pairs]
    if _alike(factors) and all(close(f, factors[0] * w) for f, w in pairs):
        number = float(f"{factors[0]:.3g}")
        yield Unlike(
            "factor", f"is {number:g} times what the specification gives", number, 1.0
        )
    offsets = [float(np.mean(found - wanted)) for found, wanted in pairs]
    if _alike(offsets) and all(close(f, w + offsets[0]) for f, w in pairs):
        number = float(f"{offsets[0]:.3g}")
        text = f"is what the specification gives plus {number:g}"
        yield Unlike("offset", text, number, 0.0)


def _factor(found: np.ndarray, wanted: np.ndarray) -> float:
    length = float(np.sum(wanted * wanted))
    return float(np.sum(found * wanted)) / length if length else np.nan


def _alike(numbers: Sequence[float]) -> bool:
    """Whether numbers are one, but for what the learner's device rounds."""
    same = np.abs(np.asarray(numbers) - numbers[0]) <= _CLOSE * (1 + abs(numbers[0]))
    return bool(np.all(same))


def _of_variables(name: str, observations: Sequence[Observation]) -> Iterator[Unlike]:
    """What is added where it is to be multiplied, and the other way round."""
    for variable, value in observations[0].values.items():
        if variable == name or value.ndim != 1:
            continue
        for text, combine in _COMBINED.items():
            if all(_combined(o, name, variable, combine) for o in observations):
                told = text.format(variable)
                yield Unlike(variable, f"is not what the specification gives: {told}")


#: From a result without a variable, with ones for it, and the variable itself.
_COMBINED: dict[str, Callable[..., np.ndarray]] = {
    "{} is multiplied, not added": lambda zero, one, v: zero * v,
    "it is divided by {}": lambda zero, one, v: zero / v,
    "{} is added, not multiplied": lambda zero, one, v: one + v,
    "{} is squared": lambda zero, one, v: zero + (one - zero) * v * v,
}


def _combined(
    own: Observation, name: str, variable: str, combine: Callable[..., np.ndarray]
) -> bool:
    value = own.values.get(variable)
    if value is None or own.given_values is None:
        return False
    zero, one = (
        np.asarray(own.given_values({**own.values, variable: filled})[name])
        for filled in (np.zeros_like(value), np.ones_like(value))
    )
    try:
        return close(own.found[name], combine(zero, one, value))
    except ValueError:
        return False  # they cannot be combined at all


def _of_channels(name: str, observations: Sequence[Observation]) -> Iterator[Unlike]:
    """Of a normalised channel, what it is multiplied by, or what is added, is right."""
    lines = [_line(name, own) for own in observations]
    found = [
        (*line, own.values)
        for line, own in zip(lines, observations, strict=True)
        if line is not None
    ]
    if not found or len(found) < len(lines):
        return
    if all(close(shift, values["beta"], 10 * _CLOSE) for _, shift, values in found):
        yield Unlike(
            "multiplied",
            "is not what the specification gives: beta is added, but x - mean is not "
            "multiplied by gamma / sqrt(variance + epsilon)",
        )
    if all(close(factor, values["gamma"], 10 * _CLOSE) for factor, _, values in found):
        yield Unlike(
            "added",
            "is not what the specification gives: x is multiplied by gamma / "
            "sqrt(variance + epsilon), but what is added to that is another",
        )


def _line(name: str, own: Observation) -> tuple[np.ndarray, np.ndarray] | None:
    """By what normalised channels are multiplied, and what is added to them."""
    names = ("gamma", "beta")
    if own.given_values is None or any(n not in own.values for n in names):
        return None
    width = own.values["gamma"].size
    values = {**own.values, "gamma": np.ones(width), "beta": np.zeros(width)}
    normal = np.asarray(own.given_values(values)[name])
    if normal.shape != own.found[name].shape:
        return None
    z, y = (a.reshape(-1, width) for a in (normal, own.found[name]))
    centred = z - z.mean(axis=0)
    factor = np.sum(centred * y, axis=0) / np.sum(centred**2, axis=0)
    shift = y.mean(axis=0) - factor * z.mean(axis=0)
    # a channel that is one number, or next to it, tells nothing of what was at hand
    fits = abs(factor).min() > 0.05 and close(factor * z + shift, y)
    return (factor, shift) if fits else None


def _moved(name: str, observations: Sequence[Observation]) -> Iterator[Unlike]:
    """A variable's new value: how much of the old one is in it, and how much is new."""
    first = observations[0]
    parts = [_parts(name, own) for own in observations]
    if any(part is None for part in parts) or not parts[0]:
        return
    old, asked, new = parts[0]
    told = []
    if abs(old - asked) > _CLOSE:
        much = f"keeps {old:.3g} of its old value ({asked:.3g} is asked for)"
        told.append(much if first.shown else "keeps another part of its old value")
    if new < 0:
        told.append("takes off what the batch gives, which is to be added")
    elif abs(new - 1) > 10 * _CLOSE:
        told.append(f"takes {new:.3g} times as much of the batch as it is to")
    if told:
        said = round(old, 3), round(new, 3)
        yield Unlike("old value", " and ".join(told), said, (round(asked, 3), 1.0))


def _parts(name: str, own: Observation) -> tuple[float, float, float] | None:
    """How much of a variable's old value is kept, is to be, and the rest's factor."""
    value = own.values.get(name)
    if value is None or own.given_values is None or value.size < _CHANNELS:
        return None
    zero, one = (
        np.asarray(own.given_values({**own.values, name: filled})[name])
        for filled in (np.zeros_like(value), np.ones_like(value))
    )
    asked = one - zero
    if not close(asked, np.full_like(asked, asked.mean()), 1e-9):
        return None
    columns = np.stack([value.reshape(-1), zero.reshape(-1)], axis=1)
    found = own.found[name].reshape(-1)
    if np.linalg.matrix_rank(columns) < columns.shape[1]:
        return None
    old, new = np.linalg.lstsq(columns, found, rcond=None)[0]
    if not close(columns @ np.array([old, new]), found):
        return None
    return float(old), float(asked.mean()), float(new)
