"""The report of one check."""

from dataclasses import asdict, dataclass
from typing import Any

from grader.judge.finding import Finding


@dataclass(frozen=True)
class Failure:
    """Why there is no capture to judge.

    Attributes:
        kind: "undefined", "syntax", "raised", "timeout", "died", "unreadable", or
            "file" where all of what was handed in is none that can be graded.
        message: a sentence for the student.
    """

    kind: str
    message: str


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
        """The report as plain JSON."""
        return asdict(self)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.to_text(), "text/html": self.to_html()}


class CheckFailed(Exception):
    """Raised by a check in a notebook: its traceback is the report's text."""

    def __init__(self, report: Report):
        super().__init__(report.to_text())
        self.report = report

    def _render_traceback_(self) -> list[str]:
        return self.report.to_text().splitlines()
