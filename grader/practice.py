"""A lesson's checks in the learner's own notebook."""

import importlib
import sys
from collections.abc import Callable
from typing import Any

from grader.executed import Executed, Stale

PRACTICE_SEED = "practice"


class Practice:
    """The checks of one lesson: capture and judge in one process.

    Nothing is loaded before the first check, so that a notebook starts where only
    the capture half of the package is installed.

    Args:
        name: the lesson's folder.
    """

    def __init__(self, name: str):
        self.name = name
        self._executed = _executed()

    def check(self, check: str, function: Callable[..., Any]) -> None:
        """Shows a check's report.

        Args:
            check: the check's id, such as "identity_block-layers".
            function: the learner's function.

        Raises:
            CheckFailed: if points are lost; its traceback is the report's text.
            CheckNotRun: if it needs a package that is not there or is broken.
            KeyError: if the lesson has no such check.
            RuntimeError: if the judge itself fails.
        """
        from grader.capture import capture, to_text
        from grader.install import how_to_get_torch
        from grader.lessons import get_lesson
        from grader.nbgrader.channel import LONGEST, read
        from grader.report import CheckFailed, CheckNotRun, Failure

        lesson = get_lesson(self.name)
        name = lesson.check(check).function
        if why := _cannot_run(lesson, name):
            raise CheckNotRun(
                f"{check} did not run, so it is not passed: {why}.",
                f"To have it, {how_to_get_torch(in_notebook=True)}.",
            )
        challenge = lesson.challenge(name, PRACTICE_SEED)
        stale = self._executed.stale(function) if self._executed else None
        if stale is not None:
            captured = Failure("stale", *_older(name, stale))
        else:
            text = to_text(capture(challenge, {name: function}), LONGEST)
            # as grading reads it: what passes here is not refused there
            captured = read(name, text)
        try:
            report = lesson.judge(name, challenge, captured)[check]
        except Exception as error:
            raise RuntimeError(
                f"{check} could not be judged ({type(error).__name__}). That is a "
                "fault of the course, not of your code: please tell your instructor."
            ) from error
        _show(report)
        if not report.passed:
            raise CheckFailed(report)

    def __repr__(self) -> str:
        return f"grader.lesson({self.name!r})"


def _cannot_run(lesson: Any, function: str) -> str:
    """Says which package a function needs and does not find here; else nothing."""
    package = lesson.needs.get(function)
    if package is None:
        return ""
    why = "which is not installed here"
    if not lesson.lacking(function):
        try:
            importlib.import_module(package)
            return ""
        except Exception as error:
            why = f"which is installed here but cannot be loaded ({error})"
    return f"{function} needs PyTorch, {why}"


def _executed() -> Executed | None:
    """What the cells of the notebook around did; None where there is no notebook."""
    if "IPython" not in sys.modules:
        return None
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return None if shell is None else Executed.of(shell)


def _older(function: str, stale: Stale) -> tuple[str, str]:
    """Says it at length and in short."""
    from grader.judge.failures.explain import meaning

    brief = f"The cell of {stale.name} {stale.why}"
    said = [f"{brief}."]
    if words := meaning(*stale.error).text:
        said.append(f"It {words}.")
    old = "What would be checked is the function"
    if stale.name != function:
        old = f"What {function} would use is {stale.name}"
    said.append(f"{old} of an earlier run: mend the cell and run it again.")
    return " ".join(said), brief


def _show(report: Any) -> None:
    """Displays a report in a notebook, prints it elsewhere."""
    if "ipykernel" in sys.modules:
        from IPython.display import display

        display(report)
    else:
        print(report.to_text())
