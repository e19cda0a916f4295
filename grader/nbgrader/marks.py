"""What the gradebook is told of a submission: the judge's marks and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import SaveAutoGrades
from nbgrader.utils import (
    compute_checksum,
    determine_grade,
    is_grade,
    is_solution,
    is_task,
)

from grader.nbgrader.kernels.graded import Graded
from grader.nbgrader.notebook.place import lesson_of


@dataclass(frozen=True)
class Marks:
    """The marks of a submission's cells, by grade id.

    Attributes:
        points: what was reached; None where somebody has to read the answer.
        doubtful: ids of those that a person should look at.
        comments: nbgrader's own on each answer; None where it has none to make, or
            where tests say the same.
    """

    points: Mapping[str, float | None]
    doubtful: frozenset[str] = frozenset()
    comments: Mapping[str, str | None] = field(default_factory=dict)

    @classmethod
    def of(cls, graded: Graded, notebook: NotebookNode | None = None) -> "Marks":
        """Those of what was judged; answers graded by hand are marked as nbgrader does.

        Each check of the lesson gets its mark, also where its cell is gone.

        Args:
            graded: what was judged.
            notebook: the graded one; None where no answers were read.
        """
        points: dict[str, float | None] = {
            report.check: report.points for report in graded.reports.values()
        }
        comments: dict[str, str | None] = {}
        for cell in notebook.cells if notebook else ():
            name: Any = cell.metadata.get("nbgrader", {}).get("grade_id")
            if is_grade(cell) and name not in points:
                points[name] = determine_grade(cell)[0]
            if is_solution(cell) or is_task(cell):
                read = is_grade(cell) and _is_unanswered(cell)
                comments[name] = "No response." if read else None
        return cls(points, graded.doubtful, comments)


class SaveMarks(SaveAutoGrades):
    """Where marks are saved among the steps of grading.

    Those of a lesson are in the gradebook before: the process that puts results into
    the course writes them. The notebook of another assignment gets its marks here.
    """

    def preprocess(
        self, nb: NotebookNode, resources: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Saves the marks of another assignment; a lesson's are there."""
        if lesson_of(resources) is None:
            return super().preprocess(nb, resources)
        return nb, resources


def _is_unanswered(cell: NotebookNode) -> bool:
    """Whether an answer is as it was released."""
    checksum = cell.metadata["nbgrader"].get("checksum")
    return checksum == compute_checksum(cell) and not is_task(cell)
