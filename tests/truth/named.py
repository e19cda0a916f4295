"""Whether the first finding on a wrong function names what is wrong.

Three things are asked of it, each by machine:

- **Where.** Its layer or message has the label of the layer, the variable or the
  recorded call that its first claim is about; the truth test holds the claim against
  the capture. What is no layer's - an argument of the function, a step of a training,
  a rule of counting - is named by itself.
- **What.** It has the argument, or a word for the kind of difference. That numbers are
  other ones says neither, and counts for nothing.
- **Which.** It has one of the words that the author of the mutant noted when it was
  made, so that it is this fault and no other one nearby.

A finding without claims is about code: it names a fault if it quotes what stands in the
lines that were changed, or points to one of them.
"""

import difflib
import re
from collections.abc import Mapping

from grader.judge.claim import Claim
from grader.judge.finding import Finding
from grader.report import Report
from tests.lessons.mutant import Mutant
from tests.lessons.source import source_of

#: What a sentence says of a difference that is not one of an argument.
_SAYS = {
    "name": ("name",),
    "missing": ("missing", "too few", "never reaches"),
    "extra": ("more than", "does not have", "too many", "cannot be seen", "is padded"),
    "moved": ("in another place",),
    "swapped": ("swapped",),
    "kind": ("asks for", "cannot be seen"),
    "wiring": ("takes", "never reaches"),
    "order": ("in this order",),
    "shared": ("one and the same",),
    "blocks": ("too few", "too many", "are missing"),
    "default": ("default",),
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
        "added to itself",
        "is missing",
    ),
    "variable name": ("name",),
    "variable scope": ("scope",),
    "variable shape": ("shape",),
    "variable trainable": ("trainable",),
    "variable initial": ("starts from",),
    "variable missing": ("missing", "never asks"),
    "variable extra": ("more than",),
    "training optimizer": ("optimizer",),
    "training learning rate": ("learning rate",),
    "training loss": ("loss",),
    "training metrics": ("metric",),
    "training compile": ("not compiled", "without a loss"),
    "training fit": ("not trained by",),
    "training again": ("more than once",),
    "training returned": ("returns",),
    "training data": ("images", "labels"),
    "training weighted": ("count more",),
    "training epochs": ("epoch",),
    "training batch size": ("batches", "batch_size"),
    "training validation": ("validation",),
    "training another": ("copy",),
    "failed": ("keyerror",),
    "outputs": ("in training mode", "from their weights"),
    "values": ("times", "plus", "opposite", "takes", "keeps"),
    "returned": ("returns",),
    "uncalled": ("without a call of", "never reaches"),
    "unused": ("never comes to",),
    "answer wrong": ("not this", "nearby"),
    "answer missing": ("not named", "no fault is named"),
    "answer again": ("for all layers",),
    "answer invented": ("no such fault",),
}
#: How arguments are called where it is not by their name in Keras.
_CALLED = {
    "function": ("built by", "is called"),
    "strides": ("stride",),
    "epsilon": ("eps",),
    "center": ("affine",),
    "scale": ("affine",),
    "use_bias": ("bias",),
    "kernel": ("kernel",),
    "pool_size": ("kernel_size", "window"),
    "units": ("out_features", "number of units"),
    "activation": ("function", "ReLU"),
    "trainable": ("requires_grad",),
    "max_value": ("cut off",),
    "negative_slope": ("slope",),
}
#: Claims that are of no layer: what they are about is named by itself.
_OF_NO_LAYER = (
    *("count", "default", "input", "numbers", "program", "signature", "training"),
)
#: Claims whose sentence is one of a table, a sentence a slip.
_TABLES = ("count", "program", "numbers")
_LINE = re.compile(r"Line (\d+) of its cell")
#: Code within a sentence; less than that is a name like X, which many lines have.
_QUOTED = re.compile(r"`([^`]{4,})`")
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

    def problem(self, entry: str, first: Finding | None) -> str | None:
        """What is said of a mutant that does not name its fault; "" if that does.

        Args:
            entry: id of its entry in the corpus.
            first: of the findings on it, if there are any.

        Returns:
            None for what is no mutant, or costs nothing here.
        """
        mutant = self._mutants.get(entry.rpartition(" (")[0])
        if mutant is None or first is None:
            return None
        if names_fault(first, mutant, self._source.solution(mutant.function)):
            return ""
        return text_of(first)


def first_of(reports: Mapping[str, Report]) -> Finding | None:
    """The dearest finding of a function's reports; None where nothing is lost."""
    if all(report.passed for report in reports.values()):
        return None
    found = [f for r in reports.values() if not r.follows for f in r.findings]
    return max(found, key=lambda finding: finding.price)


def text_of(finding: Finding) -> str:
    """What a report shows of a finding."""
    return f"{finding.layer} | {finding.message} | {finding.look}"


def names_fault(finding: Finding, mutant: Mutant, solution: str) -> bool:
    """Whether a finding names the layer, the argument or kind of difference, and this.

    Args:
        finding: the first on a function.
        mutant: what was judged.
        solution: the function's source as it is to be.
    """
    text = text_of(finding).lower()
    if mutant.words and not any(word.lower() in text for word in mutant.words):
        return False
    if finding.claims:
        return _names(finding, finding.claims[0])
    changed = _changed(mutant.source, solution)
    if any(
        code in line for code in _QUOTED.findall(finding.message) for line in changed
    ):
        return True
    number = _LINE.search(finding.look)
    for place, statement in _STATEMENTS.items():
        if finding.look.startswith(place):
            return any(statement in line for line in changed)
    return bool(number) and int(number[1]) in _edited(mutant.source, solution)


def _names(finding: Finding, claim: Claim) -> bool:
    message = f"{finding.layer} {finding.message}".lower()
    way = claim.kind.partition(" ")[0]
    if way in _TABLES:
        return claim.about != "" or not finding.look.startswith("Compare what")
    layer = claim.layer if claim.told else finding.layer
    if way not in _OF_NO_LAYER and layer.lower() not in message:
        return False
    words = _words(claim)
    if not claim.told and not claim.about:
        return True
    return any(word in message for word in words)


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
