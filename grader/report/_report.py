"""The report of one check."""

import textwrap
from dataclasses import asdict, dataclass
from typing import Any

from grader.judge.finding import Finding


@dataclass(frozen=True)
class Failure:
    """Why there is no capture to judge.

    Attributes:
        kind: "undefined", "syntax", "raised", "timeout", "died", "unreadable", or
            "file" where all of what was handed in is none that can be graded.
        message: a sentence for the student, or several.
        brief: the first of them without its end; the message's, if empty.
    """

    kind: str
    message: str
    brief: str = ""


@dataclass(frozen=True)
class Report:
    """What one check found.

    Attributes:
        check: the check's id, such as "identity_block-layers".
        title: what it looks at.
        points: points reached.
        max_points: points that can be reached.
        findings: mistakes charged to this check, dearest first.
        notes: remarks at no cost.
        explained_by: the check that a mistake is charged to which shows here, too.
    """

    check: str
    title: str
    points: float
    max_points: float
    findings: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    explained_by: str = ""

    @property
    def passed(self) -> bool:
        """Whether no point is lost."""
        return self.points >= self.max_points

    @property
    def mark(self) -> str:
        """The outcome in a word or two."""
        if not self.passed:
            return "not yet"
        return "nothing lost" if self.explained_by else "passed"

    def to_text(self) -> str:
        """The report as plain text, one line a finding."""
        from grader.report._text import render_text

        return render_text(self)

    def to_html(self) -> str:
        """The report as an HTML table: escaped, with inline styles only."""
        from grader.report._html import render_html

        return render_html(self)

    def to_dict(self) -> dict[str, Any]:
        """The report as plain JSON, without the claims: they may tell hidden calls."""
        plain = asdict(self)
        for finding in plain["findings"]:
            del finding["claims"]
        return plain

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.to_text(), "text/html": self.to_html()}


class CheckFailed(Exception):
    """Raised by a check in a notebook: its traceback is the report's text."""

    def __init__(self, report: Report):
        super().__init__(report.to_text())
        self.report = report

    def _render_traceback_(self) -> list[str]:
        return self.report.to_text().splitlines()


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
