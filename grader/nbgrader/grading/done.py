"""Whether a submission has its mark: the gradebook's word counts."""

from typing import Any

from nbgrader.api import Gradebook, MissingEntry

from grader.lessons import get_lesson
from grader.nbgrader.grading import records
from grader.nbgrader.notebook.place import Place
from grader.nbgrader.notebook.questions import Questions


def is_done(place: Place) -> bool:
    """Whether a submission was graded as it lies there, and that still stands.

    Its record is of these files and of the instructor's test cells as they are, the
    gradebook has the record's marks, and the graded notebook is there.
    """
    record = records.read(place)
    if record is None or record["submission"] != place.digest():
        return False
    if not (place.autograded / f"{place.notebook}.ipynb").is_file():
        return False
    if not has_marks(place, record):
        return False
    questions = Questions.of(place, get_lesson(place.lesson))
    return record.get("questions", "") == questions.digest


def has_marks(place: Place, record: dict[str, Any]) -> bool:
    """Whether the gradebook says of each check what the record says."""
    with Gradebook(place.db_url) as gradebook:
        try:
            notebook: Any = gradebook.find_submission_notebook(
                place.notebook, place.lesson, place.student
            )
        except MissingEntry:
            return False
        marks = {grade.name: grade.auto_score for grade in notebook.grades}
    reports = record["reports"]
    return all(marks.get(each["check"]) == each["points"] for each in reports)
