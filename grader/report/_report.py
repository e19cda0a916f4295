"""The report of one check."""

from dataclasses import dataclass
from typing import Any

from grader.report._html import render_html
from grader.report._outcome import Outcome
from grader.report._text import render_text


@dataclass(frozen=True)
class Report(Outcome):
    """What one check found, for a terminal and for a notebook."""

    def to_text(self) -> str:
        """The report as plain text, one line a finding."""
        return render_text(self)

    def to_html(self) -> str:
        """The report as an HTML table: escaped, with inline styles only."""
        return render_html(self)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.to_text(), "text/html": self.to_html()}
