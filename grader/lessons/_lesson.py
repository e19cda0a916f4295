"""What every lesson offers to the notebook and to the autograder."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import Any

from grader.judge.finding import Finding
from grader.judge.strict import CaptureError
from grader.judge.verdict import Verdict, nothing, with_discarded
from grader.report import Failure, Report


@dataclass(frozen=True)
class Check:
    """One test cell.

    Attributes:
        id: its grade id, such as "identity_block-layers".
        function: the graded function.
        points: what it is worth.
        title: what it looks at.
    """

    id: str
    function: str
    points: int
    title: str


@dataclass(frozen=True, eq=False)
class Lesson:
    """A lesson's checks. There is one of each: lessons are equal if they are the same.

    Attributes:
        name: its folder.
        notebook: its notebook, without `.ipynb`.
        title: for tables.
        checks: in the order of the notebook.
        challenges: for each function, from a seed to a challenge (plain JSON).
        judges: for each function, from challenge and capture to a verdict.
        needs: for functions that need one, the package of an extra, such as "torch".
    """

    name: str
    notebook: str
    title: str
    checks: tuple[Check, ...]
    challenges: Mapping[str, Callable[[str], dict[str, Any]]]
    judges: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Verdict]]
    needs: Mapping[str, str] = field(default_factory=dict)

    @property
    def functions(self) -> tuple[str, ...]:
        """The graded functions, in the order of the notebook."""
        return tuple(dict.fromkeys(check.function for check in self.checks))

    @property
    def points(self) -> int:
        """Points in all."""
        return sum(check.points for check in self.checks)

    def lacking(self, function: str | None = None) -> str:
        """The package of an extra that is not installed here; empty if all are.

        Args:
            function: one of `functions`; all of them by default.
        """
        for own, package in self.needs.items():
            if function in (None, own) and find_spec(package) is None:
                return package
        return ""

    def check(self, check: str) -> Check:
        """Returns a check by its id.

        Raises:
            KeyError: if there is none; the message lists those there are.
        """
        for own in self.checks:
            if own.id == check:
                return own
        known = ", ".join(own.id for own in self.checks)
        raise KeyError(f"{self.name} has no check {check!r}; its checks are {known}")

    def challenge(self, function: str, seed: str) -> dict[str, Any]:
        """Returns the arguments under which a function is to be captured.

        Args:
            function: one of `functions`.
            seed: what the challenge is drawn from; the same seed, the same challenge.
        """
        return self.challenges[function](seed)

    def judge(
        self,
        function: str,
        challenge: Mapping[str, Any],
        capture: Mapping[str, Any] | Failure,
    ) -> dict[str, Report]:
        """Judges a capture.

        Args:
            function: the graded function.
            challenge: the one that the capture was made under.
            capture: what came out, or why nothing did.

        Returns:
            A report for each check of the function, by the check's id. A capture
            that cannot be read earns nothing.

        Raises:
            Exception: of any kind, if the judge has a fault: nothing follows from it
                for the function.
        """
        checks = [check for check in self.checks if check.function == function]
        return reports(checks, self._verdict(function, challenge, capture))

    def _verdict(
        self,
        function: str,
        challenge: Mapping[str, Any],
        capture: Mapping[str, Any] | Failure,
    ) -> Verdict:
        look = f"The cell of {function}."
        if isinstance(capture, Failure):
            if capture.kind != "file":
                return nothing(function, capture.message, look)
            verdict = nothing(function, capture.message, "The file that was handed in.")
            about_all = (replace(f, layer="notebook") for f in verdict.findings)
            return replace(verdict, findings=tuple(about_all))
        status = capture.get("status")
        if status == "undefined":
            message = f"{function} is not defined: its cell is missing or has failed."
            return nothing(function, message, look)
        if status == "not_eager":
            message = (
                f"{function} cannot run: the notebook has turned eager execution off, "
                "without which Keras computes nothing. Take "
                "tf.compat.v1.disable_eager_execution() away and restart the kernel."
            )
            return nothing(function, message, "The cell with that line.")
        if status != "captured":
            return nothing(function, f"{function} is not a function.", look)
        try:
            verdict = self.judges[function](challenge, capture)
            return with_discarded(verdict, capture.get("discarded"))
        except CaptureError as error:
            message = f"What was captured of {function} cannot be read: {error}."
        return nothing(function, message, look)


def reports(checks: Sequence[Check], verdict: Verdict) -> dict[str, Report]:
    """Charges findings to their checks.

    What a check cannot pay is taken from the function's other checks, so that a
    mistake costs its price wherever it is charged.
    """
    left = {check.id: check.points * verdict.share for check in checks}
    charged: dict[str, list[Finding]] = {check.id: [] for check in checks}
    owed = 0.0
    for finding in verdict.findings:
        target = finding.check if finding.check in left else checks[0].id
        charged[target].append(finding)
        paid = min(left[target], finding.price)
        left[target] -= paid
        owed += finding.price - paid
    for check in checks:
        paid = min(left[check.id], owed)
        left[check.id] -= paid
        owed -= paid
    most = verdict.most * sum(check.points for check in checks)
    if sum(left.values()) > most:
        scale = most / sum(left.values())
        # in hundredths, downwards: the sum is not to exceed it
        left = {c: math.floor(p * scale * 100) / 100 for c, p in left.items()}
    notes = verdict.notes
    if not verdict.share:
        return _nothing(checks, verdict)
    return {
        check.id: Report(
            check.id,
            check.title,
            round(left[check.id], 2),
            check.points,
            tuple(charged[check.id]) or _elsewhere(check, left[check.id], verdict),
            notes if check is checks[0] else (),
            _culprit(check, verdict),
        )
        for check in checks
    }


def _culprit(check: Check, verdict: Verdict) -> str:
    """The check that wrong values are charged to: they follow from other mistakes."""
    if not check.id.endswith("-values"):
        return ""
    first = next((f.check for f in verdict.findings if f.price), "")
    return "" if first == check.id else first


def _nothing(checks: Sequence[Check], verdict: Verdict) -> dict[str, Report]:
    """Zero for each check; the first one says why at length."""
    first = verdict.findings[0]
    # up to an aside, which is not in the name of a file
    brief = re.split(r"\. | \((?=[^']*$)", first.message)[0].removesuffix(".")
    again = replace(first, message=f"{brief}: see {checks[0].id}.", look="")
    return {
        check.id: Report(
            check.id,
            check.title,
            0.0,
            check.points,
            (replace(again if number else first, price=check.points),),
        )
        for number, check in enumerate(checks)
    }


def _elsewhere(check: Check, left: float, verdict: Verdict) -> tuple[Finding, ...]:
    """Names the reason where a check pays for what is charged to others."""
    if left >= check.points or not verdict.findings:
        return ()
    first = verdict.findings[0]
    message = f"A mistake that is charged here, too: {first.message}"
    return (replace(first, check=check.id, price=0, message=message),)
