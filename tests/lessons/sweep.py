"""Mutants under many challenges."""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.lessons.mutant import Mutant, named, problems
from tests.lessons.source import source_of


@dataclass(frozen=True)
class Judged:
    """What came of a mutant.

    Attributes:
        id: the mutant's.
        costs: whether it is wrong at all.
        wrong: what is wrong with its marks, each with a seed.
        told: whether the first finding names the change under each seed.
        first: its first finding, of a seed under which that is not so if there is one.
    """

    id: str
    costs: bool
    wrong: tuple[str, ...]
    told: bool
    first: str


def judged(name: str, mutant: Mutant, seeds: Sequence[str]) -> Judged:
    """Judges a lesson's mutant under each seed."""
    source = source_of(name)
    wrong: dict[str, str] = {}
    told, first, lost = True, "", set()
    for seed in seeds:
        try:
            outcome = source.judge(mutant.function, mutant.source, seed)
        except Exception as error:
            wrong.setdefault(f"the judge raised {error!r}", seed)
            continue
        lost.add(outcome.lost > 0)
        for problem in problems(mutant, outcome):
            wrong.setdefault(problem, seed)
        mute = mutant.costs and not named(mutant, outcome)
        if mute or not first:
            first = f"-{outcome.lost:g} {outcome.first}"
        told = told and not mute
    if len(lost) > 1:
        wrong["passes under some seeds"] = "any"
    lines = tuple(f"{problem} (seed {seed})" for problem, seed in wrong.items())
    return Judged(mutant.id, mutant.costs, lines, told, first)
