"""Runs an instructor's own test cells in a submission, and judges as nbgrader does.

They are asserts in the process where the student's code runs, so they are worth what
nbgrader's are: who means to can forge them. They run in kernels of their own, after all
captures: whatever happens there, the marks of the lesson's checks stand.
"""

import re
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from nbgrader.utils import determine_grade

from grader import escape
from grader.judge.finding import Finding
from grader.lessons import Lesson
from grader.nbgrader.kernels.capturing import Limits
from grader.nbgrader.kernels.graded import Answers
from grader.nbgrader.kernels.kernel import Kernel, Outcome
from grader.nbgrader.notebook.questions import Questions, grade_id
from grader.nbgrader.notebook.slice import SKIP_TAG
from grader.report import Report

TITLE = "a test of your instructor"
#: characters of an error that are shown
SHOWN = 300
_LATE = Outcome("timeout", "late")
_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_LINE = re.compile(r"Cell In ?\[\d+\], line (\d+)")

OpenKernel = Callable[[], AbstractContextManager[Kernel]]


def judge_answers(
    notebook: NotebookNode,
    lesson: Lesson,
    questions: Questions,
    open_kernel: OpenKernel,
    limits: Limits,
) -> Answers:
    """Runs a notebook's cells in order, and judges the instructor's test cells.

    Args:
        notebook: the submission; the instructor's cells are all there.
        lesson: its own test cells are left out: they are judged by captures.
        questions: the instructor's cells.
        open_kernel: starts a kernel in a folder with the lesson's files.
        limits: seconds for a cell and for all of them.
    """
    run = _Run(in_order(notebook, lesson, questions), questions, limits)
    outcomes = run.outcomes(open_kernel)
    reports, doubtful = {}, set[str]()
    for question in questions.tests:
        outcome = outcomes.get(question, Outcome("died", "it was not run"))
        reports[question], sure = _judged(question, questions, outcome, limits)
        doubtful |= set[str]() if sure else {question}
    return Answers(reports, frozenset(doubtful), questions.digest)


def unanswered(questions: Questions, reason: str) -> Answers:
    """No points for any question, where nothing can be read of a submission."""
    told = f"was not graded: {_line(reason)}"
    graded = (*questions.tests, *questions.by_hand)
    reports = {q: _report(q, 0.0, questions.points(q), told) for q in graded}
    return Answers(reports, questions=questions.digest)


def in_order(
    notebook: NotebookNode, lesson: Lesson, questions: Questions
) -> list[NotebookNode]:
    """The cells to run, up to the last of the instructor's test cells.

    A test cell that stands above what stands above it in the release is run below it.
    Tags of a submission do not keep a test cell from being run.
    """
    tests, checks = questions.tests, {check.id for check in lesson.checks}
    cells = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code"
        and grade_id(cell) not in checks
        and (SKIP_TAG not in cell.metadata.get("tags", []) or grade_id(cell) in tests)
    ]
    for question in sorted(tests, key=lambda test: len(questions.before(test))):
        ids, before = [grade_id(cell) for cell in cells], questions.before(question)
        last = max((i for i, other in enumerate(ids) if other in before), default=-1)
        if question in ids and ids.index(question) < last:
            cells.insert(last, cells.pop(ids.index(question)))
    last = max(
        (i for i, cell in enumerate(cells) if grade_id(cell) in tests), default=-1
    )
    return cells[: last + 1]


class _Run:
    """Runs cells in order, and again in a new kernel without one that ended the old."""

    def __init__(self, cells: list[NotebookNode], questions: Questions, limits: Limits):
        self._cells = cells
        self._questions = questions
        self._limits = limits
        self._outcomes: dict[str, Outcome] = {}
        self._left_out: set[int] = set()
        self._end = time.monotonic() + limits.submission

    def outcomes(self, open_kernel: OpenKernel) -> dict[str, Outcome]:
        """How each test cell ended."""
        done = False
        while not done:
            with open_kernel() as kernel:
                done = self._once(kernel)
        return self._outcomes

    def _once(self, kernel: Kernel) -> bool:
        """Goes through all cells; false if the kernel was lost on the way."""
        for index, cell in enumerate(self._cells):
            if index in self._left_out:
                continue
            question = grade_id(cell)
            seconds = self._seconds(question)
            outcome = _LATE
            if seconds:
                outcome = kernel.run(cell.source, seconds, outputs=True)
            if question in self._questions.tests:
                self._outcomes.setdefault(question, outcome)
            if outcome.status == "timeout" or outcome.lost:
                self._left_out.add(index)
            if outcome.lost:
                return False
        return True

    def _seconds(self, question: str) -> float:
        """Seconds that a cell may take.

        Where a notebook has used up its time, the instructor's cells have as much
        again: another cell that takes long costs none of their points.
        """
        more = self._limits.submission if question in self._questions.cells else 0.0
        left = self._end + more - time.monotonic()
        return max(0.0, min(self._limits.statement, left))


def _judged(
    question: str, questions: Questions, outcome: Outcome, limits: Limits
) -> tuple[Report, bool]:
    """A report, and whether the mark is one that nbgrader gives without a doubt."""
    most = questions.points(question)
    if outcome.status not in {"ok", "error"}:
        return _report(question, 0.0, most, _unfinished(outcome, limits)), True
    points, doubt = _points(questions.cells[question], outcome, most)
    message = _failure(outcome, questions.sources[question])
    if not message and points < most:
        message = f"gives {points:g} of {most:g} points, partial credit."
    return _report(question, points, most, message, doubt), not doubt


def _points(
    metadata: Mapping[str, Any], outcome: Outcome, most: float
) -> tuple[float, str]:
    """Points by nbgrader's own rule, and what is strange about them."""
    cell = new_code_cell(metadata={"nbgrader": dict(metadata)})
    cell.outputs = [*outcome.outputs]
    values = (o for o in outcome.outputs if o.output_type == "execute_result")
    value = next((str(o.data["text/plain"]) for o in values), "")
    try:
        points = float(determine_grade(cell)[0] or 0.0)
    except ValueError:
        return (
            most,
            f"Its value is {_line(value)}, more than the cell is worth: it gets all "
            "points.",
        )
    except KeyError:
        return 0.0, "Its value cannot be shown as text: it gets no points."
    if points == most and _is_strange(value):
        return (
            most,
            f"Its value is {_line(value)}, for which nbgrader gives all points.",
        )
    return points, ""


def _is_strange(value: str) -> bool:
    """Whether a value is a number that can be no number of points."""
    try:
        return not float(value) >= 0
    except ValueError:
        return False


def _failure(outcome: Outcome, source: str) -> str:
    """Why nbgrader gives no points, in words; empty where it gives some."""
    for output in outcome.outputs:
        if output.output_type == "error":
            return _raised(output, source)
        if output.get("name") == "stderr":
            told = _line(output.text)
            return f"wrote to stderr, for which nbgrader gives no points: {told}"
        if output.output_type == "execute_result":
            return ""
    return ""


def _raised(output: NotebookNode, source: str) -> str:
    error = _line(f"{output.ename}: {output.evalue}").removesuffix(": ").rstrip(":")
    shown = _ANSI.sub("", "\n".join(output.traceback))
    lines = source.splitlines()
    found = _LINE.search(shown)
    number = int(found[1]) if found else 0
    if not 0 < number <= len(lines):
        return f"failed: {error}"
    return f"failed: {error} (line {number}: {_line(lines[number - 1])})"


def _unfinished(outcome: Outcome, limits: Limits) -> str:
    if outcome is _LATE:
        seconds = f"{limits.submission:.0f} seconds"
        return f"was not run: the notebook had used up its {seconds}."
    if outcome.status == "timeout":
        return (
            f"did not end by itself: it was stopped after {limits.statement:.0f} "
            "seconds. Is there an endless loop?"
        )
    return f"was stopped: {_line(outcome.message)}."


def _line(text: str) -> str:
    """A text that is not ours as one line, short."""
    shown = " ".join(escape.line(_ANSI.sub("", text)).split())
    return shown if len(shown) <= SHOWN else shown[:SHOWN] + "…"


def _report(
    question: str, points: float, most: float, message: str, doubt: str = ""
) -> Report:
    findings: tuple[Finding, ...] = ()
    if message and points < most:
        look = f"The test cell {question}, and the cells above that it calls."
        told = f"{question} {message}"
        findings = (Finding(question, most - points, question, "", told, look),)
    notes = (doubt,) if doubt else ()
    return Report(question, TITLE, points, most, findings, notes)
