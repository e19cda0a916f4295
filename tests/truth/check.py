"""Holds all that reports say of a capture against it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from grader.judge.claim import Claim
from grader.lessons import Lesson
from grader.lessons.resnet_from_tensors import LIBRARY
from grader.report import Failure, Report
from tests.truth import calls, layers, others, words
from tests.truth.words import Calls


@dataclass(frozen=True)
class Case:
    """A challenge, and what the solution gives under it.

    Attributes:
        lesson: the function's.
        function: that is captured.
        challenge: under which.
        right: what was captured of the solution, by the ids of calls.
        rows: by the ids of calls, the solution's layers by the keys of the rows.
    """

    lesson: Lesson
    function: str
    challenge: Mapping[str, Any]
    right: Calls
    rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        lesson: Lesson,
        function: str,
        challenge: Mapping[str, Any],
        solution: Mapping[str, Any],
    ) -> "Case":
        """A case of a lesson's function."""
        rows = {}
        judge = getattr(lesson.judges[function], "__self__", None)
        if hasattr(judge, "examine"):
            for call in judge.examine(challenge, solution):
                keys = call.trial.spec.keys
                rows[call.trial.id] = {keys[n]: p for n, p in call.places.items()}
        return cls(lesson, function, challenge, by_id(solution), rows)

    def asked(self, call: str) -> Mapping[str, Any]:
        """A call of the challenge."""
        return next(each for each in self.challenge["calls"] if each["id"] == call)

    def problem(self, claim: Claim, own: Mapping[str, Any]) -> str:
        """What is not so of a claim; "" where it is true.

        Args:
            claim: on a call.
            own: what was captured of it.
        """
        right, way = self.right[claim.call], claim.kind.partition(" ")[0]
        if way == "training":
            return others.training(claim, own, right)
        if way == "answer":
            return others.answer(claim, own)
        if way == "count":
            return others.count(claim, own, right)
        asked = self.asked(claim.call)
        if way == "numbers":
            return "they are right" if own["challenge"] == right["challenge"] else ""
        if way == "outputs":
            keys = ("initial", "challenge", "training")
            same = all(own.get(key) == right.get(key) for key in keys)
            return "they are the solution's" if same else ""
        if way == "failed":
            return "it does not fail" if own["status"] == "captured" else ""
        if way in ("returned", "uncalled", "unused"):
            return others.left(claim, own)
        if way == "values":
            return others.values(claim, own, right)
        if way == "input":
            shape = own["graph"]["input_shape"][1:]
            asked = self.asked(claim.call)["input_shape"]
            return "it takes that size" if shape == list(asked) else ""
        if way == "call":
            tensors = calls.Tensors(self.challenge, asked, own, LIBRARY)
            return calls.problem(claim, tensors, right)
        if way == "variable":
            scope = asked["arguments"].get("scope", self.function)
            return calls.variable_problem(claim, own, right, scope)
        found, expected = layers.Layers.of(own), layers.Layers.of(right)
        assert found is not None
        assert expected is not None
        if way == "blocks":
            return layers.blocks(claim, found, expected)
        rows = self.rows.get(claim.call)
        if rows is None:  # a part of a function is judged by its layers
            rows = {claim.row: layers.alike(claim, found, expected)}
        return layers.problem(claim, found, expected, rows)


def by_id(capture: Mapping[str, Any]) -> Calls:
    """The calls of a capture."""
    return {call["id"]: call for call in capture.get("calls", [])}


def judged(case: Case, capture: Mapping[str, Any] | Failure) -> Mapping[str, Report]:
    """The reports on a capture."""
    return case.lesson.judge(case.function, case.challenge, capture)


def false(
    case: Case, capture: Mapping[str, Any] | Failure, reports: Mapping[str, Report]
) -> Iterator[tuple[str, str]]:
    """Lists what reports say of a capture that is not so.

    Yields:
        In which way, and the sentence.
    """
    if isinstance(capture, Failure):
        return
    own = by_id(capture)
    for finding in [f for report in reports.values() for f in report.findings]:
        for claim in finding.claims:
            found = _problem(case, claim, capture, own)
            if found:
                yield f"{claim.kind}: {found}", finding.message
        ids = {claim.call for claim in finding.claims} - {""}
        arguments = case.asked(min(ids)).get("arguments", {}) if ids else {}
        asked = case.challenge["calls"]
        for found in (
            *words.problems(finding, arguments),
            *words.failure_problems(finding, own),
            *words.whole_problems(finding, asked, own, case.right),
        ):
            yield found, finding.message


def _problem(case: Case, claim: Claim, capture: Mapping[str, Any], own: Calls) -> str:
    if claim.kind == "program":
        return ""  # what the judge computed
    if claim.kind == "default":
        calls = [
            c for c in case.challenge["calls"] if claim.about not in c["arguments"]
        ]
        differ = any(own[c["id"]] != case.right[c["id"]] for c in calls)
        return "" if differ else "where it is left out, all is right"
    if claim.kind == "signature":
        there = claim.about in capture["signature"]["own"]
        return "it has that argument" if there else ""
    return case.problem(claim, own[claim.call])
