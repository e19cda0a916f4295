"""A graded function as a table: its checks, its calls, and who judges it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from grader.challenge import challenge_rng
from grader.exercise.lesson import Check, Lesson
from grader.exercise.ranges import Call, draw_calls
from grader.exercise.sense import misfits, unbuildable
from grader.judge.network.function import Network
from grader.judge.signature import NONE, Spare
from grader.judge.verdict import Verdict
from grader.judge.words import listed


@dataclass(frozen=True)
class Function:
    """A graded function.

    Attributes:
        name: of the function.
        checks: the last part of each one's id, its points, and what it looks at.
        calls: that it is captured under; the shown one first.
        told: what a challenge tells the capture beside them.
        judge: from challenge and capture to a verdict.
        charges: the last parts of the ids of checks that the judge may charge to.
            What builds layers says so itself, and so does a table of tensors.
        needs: the package of an extra that it needs, such as "torch".
        spare: what is judged without one of its arguments.

    Raises:
        ValueError: if the judge may charge to a check that there is not.
    """

    name: str
    checks: tuple[tuple[str, int, str], ...]
    calls: tuple[Call, ...]
    told: Mapping[str, Any]
    judge: Callable[[Mapping[str, Any], Mapping[str, Any]], Verdict]
    charges: frozenset[str] = frozenset()
    needs: str = ""
    spare: Spare = NONE

    def __post_init__(self) -> None:
        """Refuses a judge that does not fit to checks and calls."""
        owner = getattr(self.judge, "__self__", None)
        charges = self.charges | getattr(owner, "charges", frozenset())
        lacking = charges - {part for part, _, _ in self.checks}
        if lacking:
            told = listed([f"-{part}" for part in sorted(lacking)])
            raise ValueError(
                f"{self.name}: it lacks checks that mistakes are charged to: {told}"
            )
        parts = [part for part, _, _ in self.checks]
        if isinstance(owner, Network):
            for told in misfits(owner, parts, self.calls):
                raise ValueError(f"{self.name}: {told}")

    def unbuildable(self) -> tuple[str, ...]:
        """Says which of its calls nobody could build, as they may be drawn."""
        owner = getattr(self.judge, "__self__", None)
        if not isinstance(owner, Network):
            return ()
        return tuple(unbuildable(self.name, owner, self.calls))

    def challenge(self, seed: str) -> dict[str, Any]:
        """Draws a challenge: the same seed, the same challenge."""
        rng = challenge_rng(seed, "arguments", self.name)
        calls = draw_calls(self.calls, rng)
        return {"function": self.name, "seed": seed, **self.told, "calls": calls}


#: What the capture is told of a call.
INITIAL = {"initial": True}
ONE_MODE = {"training": False}
#: Of a call with as many filters as the network has: what it builds, and nothing that
#: this computes. Neither are kernels drawn: that would take seconds.
BUILT = {"outputs": False}


def builds(
    network: Network,
    checks: tuple[tuple[str, int, str], ...],
    *calls: Call,
    **told: Any,
) -> Function:
    """A function that builds layers, as it is captured in Keras.

    Args:
        network: what it builds.
        checks: of the function.
        calls: that it is captured under; the shown one first.
        told: what else a challenge tells the capture.
    """
    stand_ins = {n: t.signature(aliases=True) for n, t in network.blocks.items()}
    returns = "model" if network.blocks else "tensor"
    told = {"returns": returns, "stand_ins": stand_ins, **told}
    name, judge, spare = network.table.name, network.judge, network.table.spare
    return Function(name, checks, calls, told, judge, spare=spare)


def lesson_of(
    name: str, notebook: str, title: str, functions: Sequence[Function]
) -> Lesson:
    """Makes a lesson of its functions, in the order of the notebook."""
    return Lesson(
        name=name,
        notebook=notebook,
        title=title,
        checks=tuple(
            Check(f"{f.name}-{part}", f.name, points, what)
            for f in functions
            for part, points, what in f.checks
        ),
        challenges={f.name: f.challenge for f in functions},
        judges={f.name: f.judge for f in functions},
        needs={f.name: f.needs for f in functions if f.needs},
        spare={f.name: f.spare for f in functions},
    )
