"""Reports as plain text."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from grader.report._report import Report

WIDTH = 79


def points(number: float) -> str:
    """Writes points without a needless decimal: 3, 2.5."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def explanation(report: Report) -> str:
    """Says why nothing is lost although something is wrong."""
    return f"What is wrong here comes from a mistake in {report.explained_by}."


def render_text(report: Report) -> str:
    """Renders a report: a heading, then each finding and what it is about."""
    reached = f"{points(report.points)} of {points(report.max_points)} points"
    lines = [f"{report.check}: {report.mark}, {reached} ({report.title})"]
    for finding in report.findings:
        cost = f" [-{points(finding.price)}]" if finding.price else ""
        lines += _wrapped(f"- {finding.message}{cost}", "  ")
        if finding.sentence:
            lines += _wrapped(f"    asked: {finding.sentence.replace('`', '')}", "    ")
        if finding.look:
            lines += _wrapped(f"    where: {finding.look}", "    ")
    if report.explained_by:
        lines += _wrapped(f"  {explanation(report)}", "  ")
    for note in report.notes:
        lines += _wrapped(f"  note: {note}", "    ")
    return "\n".join(lines)


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, subsequent_indent=indent, break_on_hyphens=False
    ) or [""]
