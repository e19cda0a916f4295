"""The page of a running notebook: what its checks said, and what is shown there."""

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from IPython.display import display

from grader.executed import Binding, Executed
from grader.lessons import Lesson
from grader.page.front import record
from grader.page.outline import Outline
from grader.page.progress import (
    Judged,
    Progress,
    following,
    reached_by,
    row_of,
    unchecked,
)
from grader.page.quiet import Quiet
from grader.page.rendering import bundle, remark, with_line
from grader.report import Report

#: under which a shell keeps what was judged, for the next `grader.lesson` in it
_KEY = "resnet_course"


class Page:
    """A lesson in a running notebook.

    Args:
        shell: of the notebook.
        executed: what its cells bound.
        lesson: that it is.
    """

    def __init__(self, shell: Any, executed: Executed, lesson: Lesson):
        self._executed = executed
        self._lesson = lesson
        kept = shell.meta.setdefault(_KEY, {})
        self._judged: dict[str, tuple[Mapping[str, Report], Binding | None, str]]
        self._judged = kept.setdefault(lesson.name, {})
        Quiet.of(shell, executed, tell).watch(lesson.functions)

    def note(self, name: str, function: Any, reports: Mapping[str, Report]) -> None:
        """Keeps what the checks of a function said, for as long as it is the same."""
        self._judged[name] = reports, self._executed.binding(function), ""

    def note_missing(self, name: str, why: str) -> None:
        """Keeps why the checks of a function did not run."""
        self._judged[name] = {}, None, why

    def show(self, report: Report) -> None:
        """Shows a report, with how far the lesson is if it is more than a line."""
        shown = {"text/plain": report.to_text(), "text/html": report.to_html()}
        if not report.is_line:
            shown = with_line(shown, self.progress())
        name = self._lesson.check(report.check).function
        reached = reached_by(self._judged[name][0].values())
        display(shown, raw=True, metadata=record(name, reached, time.time()))

    def show_progress(self) -> None:
        """Shows how far the lesson is."""
        display(bundle(self.progress()), raw=True)

    def progress(self) -> Progress:
        """How far the lesson is, by functions that are as they were judged."""
        outline = Outline.of(self._lesson.notebook)
        rows = []
        for function in self._lesson.functions:
            judged = self._counting(function, outline.texts.get(function, ""))
            row = row_of(self._lesson, function, judged)
            rows.append(replace(row, link=outline.link(function)))
        return Progress(tuple(rows), following(self._lesson))

    def _counting(self, name: str, saved: str) -> Judged:
        if name not in self._judged:
            return unchecked(name, self._executed.text(name), saved)
        reports, binding, why = self._judged[name]
        if binding is None:
            return Judged({}, why)
        if not self._executed.holds(name, binding):
            return Judged({}, "not checked since the last change")
        stale = self._executed.stale(binding.function[0])
        if stale is not None:
            mend = f"mend the cell of {stale.name}"
            return Judged({}, f"the cell of {stale.name} {stale.why}", mend)
        return Judged(reports)


def tell(sentence: str) -> None:
    """Shows a sentence of no weight."""
    display(remark(sentence), raw=True)
