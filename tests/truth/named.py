"""Whether a finding names what is wrong: the layer, and what of it.

It is measured by what the finding claims, which is held against the capture, or by the
line that it points to, which is to be one of those that were changed.
"""

import difflib
import re
from collections.abc import Mapping

from grader.judge.claim import Claim
from grader.judge.finding import Finding
from grader.report import Report
from tests.lessons.source import source_of

#: What a sentence says of a difference that is not one of an argument.
_SAYS = {
    "name": ("name",),
    "missing": ("missing", "too few", "never reaches"),
    "extra": ("more than", "does not have", "too many", "cannot be seen"),
    "moved": ("in another place",),
    "swapped": ("swapped",),
    "kind": ("asks for", "cannot be seen"),
    "wiring": ("takes", "never reaches"),
    "order": ("in this order",),
    "shared": ("one and the same",),
    "blocks": ("too few", "too many", "are missing"),
    "call missing": ("missing", "not called"),
    "call extra": ("more than",),
    "call path": ("scope",),
    "call source": ("given", "between", "before"),
    "call output": (
        "found",
        "traced",
        "at the end",
        "the output is",
        "is not added",
        "is missing",
    ),
}
#: How arguments are called where it is not by their name in Keras.
_CALLED = {
    "function": ("built by", "is called"),
    "strides": ("stride",),
    "epsilon": ("eps",),
    "use_bias": ("bias",),
    "kernel": ("kernel",),
    "pool_size": ("kernel_size", "window"),
    "units": ("out_features", "number of units"),
    "activation": ("function", "ReLU"),
    "trainable": ("requires_grad",),
    "max_value": ("cut off",),
    "negative_slope": ("slope",),
}
#: Claims on a function as a whole: what they are about is not a layer.
_WHOLE = (
    *("answer", "count", "default", "failed", "input"),
    *("numbers", "program", "signature", "training", "variable"),
)
_LINE = re.compile(r"Line (\d+) of its cell")
#: Places to look at that are no numbers of lines, and what is written there.
_STATEMENTS = {
    "The last line of ": "return",
    "Write the part of ": "return",
    "The line that defines ": "def ",
}


class Named:
    """Whether the first finding on a lesson's mutants names what is wrong.

    Args:
        name: the lesson's folder.
    """

    def __init__(self, name: str):
        self._source = source_of(name)
        self._mutants = {
            f"{name}/{m.function}/mutant/{m.id}": m
            for m in self._source.part("mutants").MUTANTS
            if m.costs
        }

    def problem(self, entry: str, reports: Mapping[str, Report]) -> str | None:
        """What is said of a mutant that does not name its fault; "" if that does.

        Args:
            entry: id of its entry in the corpus.
            reports: on it.

        Returns:
            None for what is no mutant, or costs nothing here.
        """
        mutant = self._mutants.get(entry.rpartition(" (")[0])
        if mutant is None or all(report.passed for report in reports.values()):
            return None
        found = [f for r in reports.values() if not r.follows for f in r.findings]
        first = max(found, key=lambda finding: finding.price)
        solution = self._source.solution(mutant.function)
        if names_fault(first, mutant.source, solution):
            return ""
        return f"{first.layer} | {first.message} | {first.look}"


def names_fault(finding: Finding, source: str, solution: str) -> bool:
    """Whether a finding names the layer, and the argument or kind of difference.

    Args:
        finding: the first on a function.
        source: of the function.
        solution: its source as it is to be.
    """
    if finding.claims:
        return _names(finding, finding.claims[0])
    number = _LINE.search(finding.look)
    for place, statement in _STATEMENTS.items():
        if finding.look.startswith(place):
            return any(statement in line for line in _changed(source, solution))
    return bool(number) and int(number[1]) in _edited(source, solution)


def _names(finding: Finding, claim: Claim) -> bool:
    message = f"{finding.layer} {finding.message}".lower()
    if claim.kind.partition(" ")[0] in _WHOLE:
        return True
    layer = claim.layer if claim.told else finding.layer
    if layer.lower() not in message:
        return False
    if not claim.told:
        return not claim.about or any(word in message for word in _words(claim))
    return any(word in message for word in _words(claim))


def _words(claim: Claim) -> list[str]:
    says = _SAYS.get(claim.kind, ())
    own = (claim.about, *_CALLED.get(claim.about, ())) if claim.about else ()
    return [word.lower() for word in (*says, *own)]


def _changed(source: str, solution: str) -> list[str]:
    """The lines that only one of two sources has."""
    lines = difflib.ndiff(solution.splitlines(), source.splitlines())
    return [line for line in lines if line.startswith(("+", "-"))]


def _edited(source: str, solution: str) -> dict[int, str]:
    """The lines of a source that the solution does not have, by number.

    Where lines were left out, the one that follows counts.
    """
    own = source.splitlines()
    matcher = difflib.SequenceMatcher(None, solution.splitlines(), own, autojunk=False)
    found: dict[int, str] = {}
    for tag, _, _, first, last in matcher.get_opcodes():
        if tag != "equal":
            rows = range(first, max(last, first + 1))
            found |= {row + 1: own[row] for row in rows if row < len(own)}
    return found
