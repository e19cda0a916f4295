"""nbgrader's execution step for the lessons of this course: capture, then judge."""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell
from nbgrader.preprocessors import Execute
from traitlets import Bool, Float, Integer
from traitlets.config import Config

from grader import escape
from grader.lessons import Lesson
from grader.nbgrader.handed_in.salvage import REFUSED, REPAIRED
from grader.nbgrader.kernels.answers import judge_answers, unanswered
from grader.nbgrader.kernels.capturing import Limits
from grader.nbgrader.kernels.graded import Graded, refuse
from grader.nbgrader.kernels.kernel import Kernel
from grader.nbgrader.kernels.scratch import copy_files
from grader.nbgrader.kernels.submission import grade
from grader.nbgrader.notebook.given import Given
from grader.nbgrader.notebook.place import Place, lesson_of
from grader.nbgrader.notebook.questions import Questions
from grader.report import Failure, Report
from grader.sandbox.asking import Asked
from grader.sandbox.away import folder_for_now
from grader.sandbox.manager import BoundedManager, SandboxManager
from grader.sandbox.probe import demand
from grader.sandbox.warm import parent_for

#: key of `resources` under which the marks travel to `SaveMarks`
KEY = "resnet_course"
#: above what was mended, in the first cell of a graded notebook
MENDED = "**Mended before grading**"
#: with a warm parent of kernels, before they start cold
_TRIES = 3


class CaptureAndJudge(Execute):
    """Grades a submission of a lesson and writes the reports into its test cells.

    Marks travel in `resources`, never in a notebook's outputs. The notebook of
    another course or assignment is executed as nbgrader does it.
    """

    statement_timeout = Float(
        60.0, help="Seconds that a statement, such as an import, may take."
    ).tag(config=True)
    capture_timeout = Float(
        120.0, help="Seconds that the calls of a graded function may take."
    ).tag(config=True)
    submission_timeout = Float(
        600.0, help="Seconds that all of a submission may take."
    ).tag(config=True)
    output_limit = Integer(
        64_000_000, help="Characters that one statement may send before it is stopped."
    ).tag(config=True)
    unsafe_no_sandbox = Bool(
        False,
        help="Whether submissions run with your rights, and nothing confines them.",
    ).tag(config=True)

    warm_kernels = Bool(
        True,
        help="Whether kernels are forked from one that has imported what they import.",
    ).tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any], km: Any = None
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Grades the notebook of a lesson; executes any other."""
        lesson = lesson_of(resources)
        if lesson is None:
            return super().preprocess(nb, resources, km)
        place = Place.of(self, resources)
        repairs = tuple(nb.metadata.pop(REPAIRED, ()))
        questions = Questions.of(place, lesson)
        questions.put_back(nb)
        if refused := nb.metadata.pop(REFUSED, ""):
            graded = refuse(lesson, place.seed, Failure("file", refused))
            graded = graded.with_answers(unanswered(questions, refused))
            write_reports(nb, lesson, graded, place)
            why = escape.markdown(refused)
            note = f"**This submission could not be graded.** {why}"
            nb.cells.insert(0, new_markdown_cell(note))
            resources[KEY] = graded
            return nb, resources
        sandbox = "none" if self.unsafe_no_sandbox else demand()
        limits = Limits(
            self.statement_timeout, self.capture_timeout, self.submission_timeout
        )
        folder = Path(resources["metadata"]["path"])
        given = Given.of(place.source / f"{place.notebook}.ipynb")

        def act(parent: Asked | None) -> Graded:
            open_kernel = lambda: self._kernel(nb, folder, place, parent)  # noqa: E731
            graded = grade(nb, lesson, place.seed, open_kernel, limits, given)
            if not questions.tests:
                return graded
            answers = judge_answers(nb, lesson, questions, open_kernel, limits)
            return graded.with_answers(answers)

        graded = self._with_parent(lesson, act)
        repairs += graded.repairs
        graded = replace(graded, sandbox=sandbox, repairs=repairs)
        write_reports(nb, lesson, graded, place)
        resources[KEY] = graded
        return nb, resources

    def warm_extras(self, lesson: Lesson) -> list[str] | None:
        """What the parent of a lesson's kernels imports beyond the usual.

        None where the settings have kernels start cold.
        """
        if self.unsafe_no_sandbox or not self.warm_kernels:
            return None
        return sorted(set(lesson.needs.values()))

    def _with_parent(
        self, lesson: Lesson, act: Callable[[Asked | None], Graded]
    ) -> Graded:
        """Acts again where the parent of its kernels ended: that costs time only.

        Kernels end with it, and no submission is to be charged for that.
        """
        for _ in range(_TRIES):
            extras = self.warm_extras(lesson)
            parent = parent_for(extras) if extras is not None else None
            if parent is None:
                break
            try:
                graded = act(parent)
            except Exception:
                # whatever it led to: nothing is said of the submission by it
                if parent.is_alive():
                    raise
                continue
            if parent.is_alive():
                return graded
        return act(None)

    @contextmanager
    def _kernel(
        self, nb: NotebookNode, folder: Path, place: Place, parent: Asked | None
    ) -> Iterator[Kernel]:
        name = self.kernel_name or nb.metadata.get("kernelspec", {}).get("name")
        manager, config = BoundedManager, self.config
        if not self.unsafe_no_sandbox:
            manager = functools.partial(SandboxManager, warm=parent)
            config = hide(self.config, place)
        with folder_for_now() as scratch:
            copy_files(folder, scratch)
            with Kernel(
                name or "python3", scratch, config, self.output_limit, manager
            ) as kernel:
                yield kernel


def hide(config: Config, place: Place) -> Config:
    """The configuration of a sandbox that shows nothing of the course."""
    hidden = {"BubblewrapProvisioner": {"hidden": [str(p) for p in place.private]}}
    merged = Config(hidden)
    merged.merge(config)
    return merged


def write_reports(
    nb: NotebookNode, lesson: Lesson, graded: Graded, place: Place
) -> None:
    """Makes each report the one output of its test cell, and clears all others.

    A test cell that was deleted comes back, after the cells of its function. What was
    mended stands above all.
    """
    seen = set()
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        cell.outputs, cell.execution_count = [], None
        check = cell.metadata.get("nbgrader", {}).get("grade_id")
        if check in graded.reports:
            cell.outputs = [_output(graded.reports[check])]
            seen.add(check)
    if graded.repairs:
        lines = "\n".join(f"- {escape.markdown(line)}" for line in graded.repairs)
        note = f"{MENDED}\n\n{lines}"
        nb.cells.insert(0, new_markdown_cell(note))
    missing = [check for check in lesson.checks if check.id not in seen]
    if not missing:
        return
    released = place.released
    for check in missing:
        metadata = {"nbgrader": released.cells[check.id]}
        cell = new_code_cell(released.sources[check.id], metadata=metadata)
        cell.outputs = [_output(graded.reports[check.id])]
        nb.cells.insert(_after(nb, check.function), cell)


def _output(report: Report) -> NotebookNode:
    """As nbformat makes it, which also looks whether it has made an output."""
    data = {"text/html": report.to_html(), "text/plain": report.to_text()}
    return NotebookNode(
        output_type="display_data", metadata=NotebookNode(), data=NotebookNode(data)
    )


def _after(nb: NotebookNode, function: str) -> int:
    """Index behind the last cell of a function, or the notebook's end."""
    for index in range(len(nb.cells) - 1, -1, -1):
        grade_id = nb.cells[index].metadata.get("nbgrader", {}).get("grade_id") or ""
        if grade_id.split("-")[0] == function:
            return index + 1
    return len(nb.cells)
