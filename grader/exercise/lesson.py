"""What every lesson offers to the notebook and to the autograder."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from typing import Any

import numpy as np

from grader.judge.signature import NONE, Spare, read_signature, with_signature, without
from grader.judge.strict import CaptureError
from grader.judge.verdict import Verdict, nothing, with_discarded
from grader.report import Failure, Report
from grader.report.charge import Check, reports


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
        spare: of functions, what is judged without one of their arguments.
    """

    name: str
    notebook: str
    title: str
    checks: tuple[Check, ...]
    challenges: Mapping[str, Callable[[str], dict[str, Any]]]
    judges: Mapping[str, Callable[[Mapping[str, Any], Mapping[str, Any]], Verdict]]
    needs: Mapping[str, str] = field(default_factory=dict)
    spare: Mapping[str, Spare] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuses a table that does not fit together.

        Raises:
            ValueError: if two checks have one id, a check's id does not begin with its
                function's name or it has no points, or if not each function, and
                no other, has a challenge and a judge.
        """
        twice = [i for i, n in Counter(c.id for c in self.checks).items() if n > 1]
        if twice:
            raise ValueError(f"{self.name}: {twice[0]!r} is the id of two checks")
        for check in self.checks:
            if not check.id.startswith(f"{check.function}-"):
                raise ValueError(f"{self.name}: {check} is no check of its function")
            if check.points < 1:
                raise ValueError(f"{self.name}: {check.id} has {check.points} points")
        for part in (self.challenges, self.judges):
            other = set(part) ^ set(self.functions)
            if other:
                raise ValueError(f"{self.name}: {other} have checks only, or none")
        if not set(self.needs) <= set(self.functions):
            raise ValueError(f"{self.name}: {set(self.needs)} are not all functions")

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
                return nothing(function, capture.message, look, capture.brief)
            look = "The file that was handed in."
            brief = "Nothing of the notebook was graded"
            verdict = nothing(function, capture.message, look, brief)
            about_all = (replace(f, layer="notebook") for f in verdict.findings)
            return replace(verdict, findings=tuple(about_all))
        status = capture.get("status")
        if status == "undefined":
            message = f"{function} is not defined: its cell is missing or has failed."
            return nothing(function, message, look)
        if status == "not_eager":
            brief = (
                f"{function} cannot run: the notebook has turned eager execution off, "
                "without which Keras computes nothing"
            )
            message = (
                f"{brief}. Take tf.compat.v1.disable_eager_execution() away and "
                "restart the kernel."
            )
            return nothing(function, message, "The cell with that line.", brief)
        if status != "captured":
            return nothing(function, f"{function} is not a function.", look)
        try:
            signature = read_signature(challenge, capture)
            spare = self.spare.get(function, NONE)
            met = without(challenge, signature.missing, spare)
            # Numbers that are not finite are judged, not warned of.
            with np.errstate(all="ignore"):
                verdict = self.judges[function](met, capture)
            points = sum(c.points for c in self.checks if c.function == function)
            verdict = with_signature(function, verdict, signature, points)
            return with_discarded(verdict, capture.get("discarded"))
        except CaptureError as error:
            message = f"What was captured of {function} cannot be read: {error}."
        return nothing(function, message, look)
