"""Whether a function's calls and checks fit to what it is judged by."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from grader.challenge import challenge_rng
from grader.exercise.ranges import Call, draw_calls
from grader.judge.network.function import Network
from grader.judge.network.rows import NONE
from grader.judge.network.shapes import NoShape, shapes_of
from grader.judge.words import listed, unknown

#: Of a model, beside the arguments of its table: the size of its input.
_OF_A_MODEL = ("input_shape",)
#: How many challenges are drawn to see whether they can be built.
_SEEDS = 8


def misfits(
    network: Network, checks: Sequence[str], calls: Sequence[Call]
) -> Iterator[str]:
    """Says what does not fit, without drawing anything.

    Args:
        network: that the function is judged by.
        checks: the last parts of the ids of its checks.
        calls: that it is captured under.
    """
    for part in checks:
        if part not in network.charges:
            yield (
                f"no mistake is charged to the check -{part}, so everybody would pass "
                f"it: mistakes go to {listed(_ends(network.charges))}"
            )
    arguments = network.table.arguments
    known = [*(argument.name for argument in arguments), *_OF_A_MODEL]
    for call in calls:
        for name in call.arguments:
            if name not in known:
                told = unknown("there is no argument", name, known)
                yield f"call {call.id!r}: {told}"
        for argument in arguments:
            if argument.default is NONE and argument.name not in call.arguments:
                yield f"call {call.id!r}: the argument {argument.name!r} is missing"


def _ends(parts: Iterable[str]) -> list[str]:
    return [f"-{part}" for part in sorted(parts)]


def unbuildable(name: str, network: Network, calls: Sequence[Call]) -> Iterator[str]:
    """Says which of a function's calls, as they may be drawn, cannot be built.

    Args:
        name: of the function.
        network: that it is judged by.
        calls: that it is captured under.
    """
    for call in calls:
        for seed in range(_SEEDS):
            fault = _fault(name, network, call, str(seed))
            if fault:
                yield f"{name}, call {call.id!r}{fault}"
                break
    shown = calls[0]
    try:
        drawn = draw_calls([shown], challenge_rng("0", "arguments", name))[0]
    except Exception:
        return
    channels = drawn["input_shape"][-1]
    for size in network.sizes:
        if not _why(network, drawn["arguments"], (*size, channels)):
            return
    yield (
        f"{name}: it cannot be built at any of the `sizes` of its Network, "
        f"{listed([f'{h}×{w}' for h, w in network.sizes])}, at which differences are "
        "looked for: give it others"
    )


def _fault(name: str, network: Network, call: Call, seed: str) -> str:
    try:
        drawn = draw_calls([call], challenge_rng(seed, "arguments", name))[0]
    except Exception as error:
        return f": its numbers cannot be drawn: {error}"
    arguments, shape = drawn["arguments"], tuple(drawn["input_shape"])
    why = _why(network, arguments, shape)
    if not why:
        return ""
    given = ", ".join(f"{n}={v!r}" for n, v in arguments.items())
    return f", with {given} and an input of {shape}: {why}"


def _why(network: Network, arguments: Mapping[str, Any], shape: tuple[int, ...]) -> str:
    """Why a network cannot be built; empty where it can."""
    try:
        spec = network.spec(arguments, shape[-1], opened=True)
    except Exception as error:
        return f"its rows cannot be read: {error}"
    try:
        shapes_of(spec, shape)
    except NoShape as error:
        return str(error)
    return ""
