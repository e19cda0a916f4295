"""One mutant under many challenges."""

from collections.abc import Sequence

from tests.mutants.mutant import Limit, Mutant
from tests.mutants.outcome import judge_source, named, problems


def judge(task: tuple[Mutant, Sequence[str]]) -> tuple[str, list[str], bool, str]:
    """Judges a mutant under each seed.

    Returns:
        Its id, what is wrong with its marks, whether the first finding names the
        change under each seed, and its first finding.
    """
    mutant, seeds = task
    wrong: dict[str, str] = {}
    told, first, lost = True, "", set()
    for seed in seeds:
        try:
            outcome = judge_source(mutant.function, mutant.source, seed)
        except Exception as error:
            wrong.setdefault(f"the judge raised {error!r}", seed)
            continue
        lost.add(outcome.lost)
        first = first or f"-{outcome.lost:g} {outcome.first}"
        for problem in problems(mutant, outcome):
            wrong.setdefault(problem, seed)
        if mutant.limit is not Limit.NOTHING and not named(mutant, outcome):
            told, first = False, f"-{outcome.lost:g} {outcome.first}"
    if len({points > 0 for points in lost}) > 1:
        wrong["passes under some seeds"] = ""
    return (
        mutant.id,
        [f"{problem} (seed {seed})" for problem, seed in wrong.items()],
        told,
        first,
    )
