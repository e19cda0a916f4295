"""Marks into nbgrader's gradebook, from the judge's reports and nothing else."""

from typing import Any

from nbformat import NotebookNode
from nbgrader.api import Grade, Gradebook, MissingEntry
from nbgrader.preprocessors import SaveAutoGrades

from grader.nbgrader.execute import KEY
from grader.nbgrader.faults import CourseError
from grader.nbgrader.graded import Graded
from grader.nbgrader.place import Place, lesson_of


class SaveMarks(SaveAutoGrades):
    """Saves the marks of what was judged; answers graded by hand as nbgrader does.

    Each check of the lesson gets its mark, also where its cell is gone.

    Raises:
        CourseError: if nothing was judged: then there is no mark.
    """

    def preprocess(
        self, nb: NotebookNode, resources: Any
    ) -> tuple[NotebookNode, dict[str, Any]]:
        """Saves marks: those of the reports, and of other graded cells."""
        lesson = lesson_of(resources)
        if lesson is not None and KEY not in resources:
            raise CourseError("nothing was judged: CaptureAndJudge did not run")
        graded = resources.get(KEY)
        self._judged = {check.id for check in lesson.checks} if lesson else set()
        self._judged |= set(graded.reports) if graded else set()
        nb, resources = super().preprocess(nb, resources)
        if lesson is not None:
            save(Place.of(self, resources), resources[KEY])
        return nb, resources

    def _add_score(self, cell: NotebookNode, resources: Any) -> None:
        if cell.metadata["nbgrader"]["grade_id"] not in self._judged:
            super()._add_score(cell, resources)


def save(place: Place, graded: Graded) -> None:
    """Writes the marks of a submission into the gradebook, all or none.

    A mark that an instructor gave by hand stays and is marked for review, as
    nbgrader does.
    """
    with Gradebook(place.db_url) as gradebook:
        points = {report.check: report.points for report in graded.reports.values()}
        for check, reached in points.items():
            row = _row(gradebook, check, place)
            row.auto_score = reached
            row.needs_manual_grade = (
                row.manual_score is not None or check in graded.doubtful
            )
        gradebook.db.commit()


def _row(gradebook: Gradebook, check: str, place: Place) -> Any:
    """The row of a check's mark; a new one where the gradebook has lost it."""
    where = place.notebook, place.lesson
    try:
        return gradebook.find_grade(check, *where, place.student)
    except MissingEntry:
        cell: Any = gradebook.find_graded_cell(check, *where)
        notebook = gradebook.find_submission_notebook(*where, place.student)
        row = Grade(cell_id=cell.id, notebook=notebook)
        gradebook.db.add(row)
        return row
