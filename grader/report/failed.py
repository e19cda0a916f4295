"""What a check raises in a notebook where it is not passed."""

import textwrap

from grader.report._report import Report
from grader.report._text import points


class CheckFailed(Exception):
    """Raised by a check that loses points; its message is the report's text.

    The traceback that a notebook shows is that text, too, so that the Validate button
    has it; or a line, where the report stands above it.

    Args:
        report: of the check.
        shown: whether the page shows the report already.
    """

    def __init__(self, report: Report, *, shown: bool = False):
        super().__init__(report.to_text())
        self.report = report
        self._shown = shown

    @property
    def quiet(self) -> bool:
        """Whether a page that shows the report has nothing to add."""
        return self._shown and self.report.is_line

    def _render_traceback_(self) -> list[str]:
        report = self.report
        if not self._shown:
            return report.to_text().splitlines()
        reached = f"{points(report.points)} of {points(report.max_points)} points"
        return [f"{report.check}: {report.mark}, {reached}. The report above says why."]


class CheckNotRun(Exception):
    """Raised by a check that cannot run here: it is not passed, nor is it failed.

    As an error it keeps the Validate button from calling the notebook right. Its
    traceback is the message, in lines that the button shows whole.

    Args:
        why: what is missing, a sentence.
        remedy: how to have it, another; begins a line, so that a command in it can be
            copied.
    """

    def __init__(self, why: str, remedy: str):
        super().__init__(f"{why} {remedy}")
        self._parts = why, remedy

    def _render_traceback_(self) -> list[str]:
        wrap = textwrap.TextWrapper(
            width=100, break_long_words=False, break_on_hyphens=False
        )
        return [line for part in self._parts for line in wrap.wrap(part)]
