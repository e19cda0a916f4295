"""What a check says: points, findings and notes, as text and as HTML."""

from grader.judge.finding import Finding
from grader.report._html import render_html
from grader.report._outcome import Failure
from grader.report._report import Report
from grader.report._text import points, render_text
from grader.report.failed import CheckFailed, CheckNotRun

__all__ = [
    "CheckFailed",
    "CheckNotRun",
    "Failure",
    "Finding",
    "Report",
    "points",
    "render_html",
    "render_text",
]
