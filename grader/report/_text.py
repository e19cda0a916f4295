"""Reports as plain text."""

import textwrap

from grader.report._outcome import Outcome

WIDTH = 79


def points(number: float) -> str:
    """Writes points without a needless decimal: 3, 2.5."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def explanation(report: Outcome) -> str:
    """Says why nothing is lost although something is wrong."""
    return f"What is wrong here comes from a mistake in {report.explained_by}."


def line(report: Outcome) -> str:
    """All that a report says which has no table of its own."""
    messages = " ".join(finding.message for finding in report.findings)
    if report.follows and not report.unwritten:
        return f"Follows from {report.follows}: {messages}"
    looks = [finding.look for finding in report.findings if finding.look]
    return " ".join([messages, *looks])


def taken_elsewhere(report: Outcome) -> str:
    """Says that findings cost more than a check has; empty where they do not."""
    over = sum(finding.price for finding in report.findings) - report.max_points
    if report.is_line or over <= 0:
        return ""
    return (
        f"This check has {points(report.max_points)} points: the other "
        f"{points(over)} are taken from the other checks of the function."
    )


def render_text(report: Outcome) -> str:
    """Renders a report: a heading, then each finding and what it is about."""
    reached = f"{points(report.points)} of {points(report.max_points)} points"
    lines = [f"{report.check}: {report.mark}, {reached} ({report.title})"]
    if report.is_line:
        lines += _wrapped(f"  {line(report)}", "  ")
    else:
        lines += _findings(report)
    for note in report.notes:
        lines += _wrapped(f"  note: {note}", "    ")
    return "\n".join(lines)


def _findings(report: Outcome) -> list[str]:
    lines: list[str] = []
    for finding in report.findings:
        cost = f" [-{points(finding.price)}]" if finding.price else ""
        lines += _wrapped(f"- {finding.message}{cost}", "  ")
        if finding.sentence:
            lines += _wrapped(f"    asked: {finding.sentence.replace('`', '')}", "    ")
        if finding.look:
            lines += _wrapped(f"    where: {finding.look}", "    ")
    if told := taken_elsewhere(report):
        lines += _wrapped(f"  {told}", "  ")
    if report.explained_by:
        lines += _wrapped(f"  {explanation(report)}", "  ")
    return lines


def _wrapped(text: str, indent: str) -> list[str]:
    return textwrap.wrap(
        text, WIDTH, subsequent_indent=indent, break_on_hyphens=False
    ) or [""]
