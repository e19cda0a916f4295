"""A lesson's checks in the learner's own notebook."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from grader.executed import Executed, Stale

if TYPE_CHECKING:
    from grader.lessons import Lesson
    from grader.page import Page
    from grader.report import Report

PRACTICE_SEED = "practice"
#: set where a notebook is graded or validated, and nobody looks at its page
EXECUTION = "NBGRADER_EXECUTION"


class Practice:
    """The checks of one lesson: capture and judge in one process.

    Nothing of the judge is needed before the first check, so that a notebook starts
    where only the capture half of the package is installed.

    Args:
        name: the lesson's folder.
    """

    def __init__(self, name: str):
        self.name = name
        shell = _shell()
        self._executed = None if shell is None else Executed.of(shell)
        self._page = None
        self._known: tuple[Any, int, Mapping[str, Report]] | None = None
        if shell is not None and self._executed is not None:
            self._page = _page(name, shell, self._executed)

    def check(self, check: str, function: Callable[..., Any]) -> None:
        """Shows a check's report.

        Args:
            check: the check's id, such as "identity_block-layers".
            function: the learner's function.

        Raises:
            CheckFailed: if points are lost; its traceback is the report's text, or a
                line where the page shows the report.
            CheckNotRun: if it needs a package that is not there or is broken.
            KeyError: if the lesson has no such check.
            RuntimeError: if the judge itself fails.
        """
        from grader.install import how_to_get_torch
        from grader.lessons import get_lesson
        from grader.report import CheckFailed, CheckNotRun

        lesson = get_lesson(self.name)
        name = lesson.check(check).function
        if why := _cannot_run(lesson, name):
            if self._page is not None:
                self._page.note_missing(name, f"not checked: {why}")
            raise CheckNotRun(
                f"{check} did not run, so it is not passed: {why}.",
                f"To have it, {how_to_get_torch(in_notebook=True)}.",
            )
        reports = self._reports_known(function)
        if check not in reports:
            reports = self._judge(lesson, check, function)
        report = reports[check]
        if self._page is not None:
            self._page.note(name, function, reports)
            self._page.show(report)
        else:
            _show(report)
        if not report.passed:
            raise CheckFailed(report, shown=self._page is not None)

    def _reports_known(self, function: Any) -> Mapping[str, Report]:
        """What was judged last, if nothing but checks ran since."""
        if self._known is None or self._executed is None:
            return {}
        judged, moment, reports = self._known
        same = judged is function and moment == self._executed.moment
        return reports if same else {}

    def _judge(self, lesson: Lesson, check: str, function: Any) -> Mapping[str, Report]:
        from grader.capture import capture, to_text
        from grader.nbgrader.kernels.channel import LONGEST, read
        from grader.report import Failure

        name = lesson.check(check).function
        challenge = lesson.challenge(name, PRACTICE_SEED)
        stale = self._executed.stale(function) if self._executed else None
        if stale is not None:
            captured = Failure("stale", *_older(name, stale))
        else:
            text = to_text(capture(challenge, {name: function}), LONGEST)
            # as grading reads it: what passes here is not refused there
            captured = read(name, text)
        try:
            reports = lesson.judge(name, challenge, captured)
        except Exception as error:
            raise RuntimeError(
                f"{check} could not be judged ({type(error).__name__}). That is a "
                "fault of the course, not of your code: please tell your instructor."
            ) from error
        if self._executed is not None:
            self._known = function, self._executed.moment, reports
        return reports

    def progress(self) -> None:
        """Shows the points so far, what is left and what comes next.

        What counts is what the checks said in this run of the notebook, of functions
        that are still the same. Outside of a notebook nothing is shown.
        """
        if self._page is not None:
            self._page.show_progress()

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


def _shell() -> Any:
    """The shell of the notebook around; None where there is no notebook."""
    if "IPython" not in sys.modules:
        return None
    from IPython.core.getipython import get_ipython

    return get_ipython()


def _page(name: str, shell: Any, executed: Executed) -> Page | None:
    """The page that somebody looks at; None where there is none."""
    if EXECUTION in os.environ or not hasattr(shell, "kernel"):
        return None
    if find_spec("grader.page") is None:
        return None
    from grader.lessons import LESSONS
    from grader.page import Page

    return Page(shell, executed, LESSONS[name]) if name in LESSONS else None


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
