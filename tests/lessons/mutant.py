"""One wrong version of a graded function, and what it may cost."""

from dataclasses import dataclass

from tests.lessons.outcome import Outcome

#: What a mutant may cost: least, most, and last parts of checks that may charge it.
Price = tuple[float, float, tuple[str, ...]]


@dataclass(frozen=True)
class Mutant:
    """A mutated function.

    Attributes:
        id: function, operator and place.
        function: which of the graded functions.
        source: of the function, mutated.
        least: points that it is to lose at least; 0 with `most` 0 for what the
            verdict rule calls equal.
        most: points that it may lose.
        checks: last parts of the checks that may charge it, such as "values"; any if
            there is none.
        words: the first finding names one of these.
        why: what was changed, in words.
    """

    id: str
    function: str
    source: str
    least: float
    most: float
    checks: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    why: str = ""

    @property
    def costs(self) -> bool:
        """Whether it is wrong at all."""
        return self.most > 0


def named(mutant: Mutant, outcome: Outcome) -> bool:
    """Whether the first finding names what was changed."""
    return any(word.lower() in outcome.first.lower() for word in mutant.words)


def problems(mutant: Mutant, outcome: Outcome) -> list[str]:
    """What is wrong with the marks for a mutant, in words; naming is apart."""
    found = []
    if not mutant.least <= outcome.lost <= mutant.most:
        found.append(f"lost {outcome.lost:g}, not {mutant.least:g} to {mutant.most:g}")
    if outcome.lost == sum(r.max_points for r in outcome.reports.values()):
        return found
    charged = {
        check.rpartition("-")[2]: report.points for check, report in outcome.reports.items() if not report.passed
    }
    # A check that has nothing left lets the others pay the rest of a price.
    spent = any(charged.get(check) == 0 for check in mutant.checks)
    elsewhere = set(charged) - set(mutant.checks)
    if mutant.checks and elsewhere and not spent:
        found.append(f"charged to {', '.join(sorted(elsewhere))}")
    return found
