"""One submission in, one report for each check out.

The kernel runs the slice of the notebook that defines the graded functions and then
captures each function in a request of its own. Judging happens here, where no line
of the submission runs.
"""

from collections.abc import Callable
from dataclasses import replace
from types import MappingProxyType

from nbformat import NotebookNode

from grader.lessons import Lesson
from grader.nbgrader.kernels.capturing import (
    Limits,
    OpenKernel,
    Run,
    capture_all,
    may_lack_code,
)
from grader.nbgrader.kernels.graded import Capture, Graded, judge_all
from grader.nbgrader.notebook.given import Given, told
from grader.nbgrader.notebook.slice import (
    SKIP_TAG,
    Slice,
    SyntaxProblem,
    Units,
    slice_notebook,
)
from grader.report import Failure

_NOTHING = Given()


def grade(
    notebook: NotebookNode,
    lesson: Lesson,
    seed_of: Callable[[str], str],
    open_kernel: OpenKernel,
    limits: Limits,
    given: Given = _NOTHING,
) -> Graded:
    """Captures and judges the graded functions of a notebook.

    Args:
        notebook: the submission.
        lesson: what it is judged by.
        seed_of: the challenge's seed for a function's name.
        open_kernel: starts a kernel in a folder with the lesson's files.
        limits: where grading stops waiting.
        given: what the lesson's own cells define, for a notebook that lost them.

    Raises:
        CourseError: if no kernel comes up, or judging fails.
    """
    sliced, own_cells, ends = read(notebook, lesson, known=given.units())
    challenges = {name: lesson.challenge(name, seed_of(name)) for name in own_cells}
    failures = {
        name: Failure("syntax", _syntax(name, problem))
        for name, cell in own_cells.items()
        # what an earlier cell defines is what its author went on from
        if (problem := sliced.broken.get(cell)) and sliced.bound.get(name, -1) < cell
    }
    captures: dict[str, Capture] = dict(failures)
    open_ones = {n: c for n, c in challenges.items() if n not in failures}
    run = Run(limits)
    captures |= capture_all(sliced, open_ones, ends, open_kernel, run)
    repairs: tuple[str, ...] = ()
    lost = run.lost(captures, sliced, given.names())
    if lost:
        sliced = given.before(sliced, lost)
        open_ones = {n: c for n, c in challenges.items() if may_lack_code(captures[n])}
        run = run.again()
        captures |= capture_all(sliced, open_ones, ends, open_kernel, run)
        repairs = (told(lost),)
    # What a definition needs may stand below its tests, or be a side effect that the
    # slice does not see: then all that was sliced, then all cells, as far as they go.
    for whole in (False, True):
        doubtful = {n: challenges[n] for n, c in captures.items() if may_lack_code(c)}
        if doubtful:
            more = sliced
            if whole:
                more = given.before(read(notebook, lesson, whole=True)[0], lost)
            again = capture_all(more, doubtful, {}, open_kernel, run.quick())
            captures |= {n: c for n, c in again.items() if not may_lack_code(c)}
    for name, captured in captures.items():
        if why := run.why_lacking(name, captured, sliced):
            captures[name] = why
    return replace(judge_all(lesson, challenges, captures), repairs=repairs)


def _syntax(name: str, problem: SyntaxProblem) -> str:
    text = problem.sentence(f"The cell of {name}")
    return text + ("" if text[-1:] in "?!" else ".")


def read(
    notebook: NotebookNode,
    lesson: Lesson,
    *,
    whole: bool = False,
    known: Units = MappingProxyType({}),
) -> tuple[Slice, dict[str, int], dict[str, int]]:
    """Reads what is to run from a notebook.

    Args:
        notebook: the submission.
        lesson: what it is judged by.
        whole: whether to take all cells but those that are tagged to be skipped.
        known: cells that were read before.

    Returns:
        The slice; the cell of each graded function (-1 for one that was deleted:
        another cell may define it); the last of the lesson's test cells for each.
    """
    sources, tagged, own_cells = [], set(), dict.fromkeys(lesson.functions, -1)
    tested = {check.id: check.function for check in lesson.checks}
    ends: dict[str, int] = {}
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for index, cell in enumerate(code_cells):
        metadata = cell.metadata.get("nbgrader", {})
        test = metadata.get("grade", False) and not metadata.get("solution", False)
        sources.append("" if test else cell.source)
        if SKIP_TAG in cell.metadata.get("tags", []):
            tagged.add(index)
        grade_id = str(metadata.get("grade_id"))
        if grade_id in own_cells:
            own_cells[grade_id] = index
        # an instructor's own test cells do not say where a function is done
        if test and grade_id in tested:
            ends[tested[grade_id]] = index
    # a function may stand below its tests
    ends = {name: max(end, own_cells[name]) for name, end in ends.items()}
    sliced = slice_notebook(sources, lesson.functions, tagged, whole=whole, known=known)
    return sliced, own_cells, ends
