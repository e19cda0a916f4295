"""Late penalties: what nbgrader's step says of the due date as it is now."""

from collections.abc import Iterator
from typing import Any

from nbformat.v4 import new_notebook
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from grader.lessons import Lesson
from grader.nbgrader.faults import fault
from grader.nbgrader.ground import gradebook_name
from grader.nbgrader.place import Place


def renew_penalty(config: Config, place: Place) -> None:
    """Assigns the penalty of a submission that has its marks.

    No student's code runs, and no mark is changed. A course without a step for
    penalties keeps those that are there.

    Args:
        config: the course's; names the step and its plugin.
        place: the submission's.
    """
    names = {
        "student": place.student,
        "assignment": place.lesson,
        "notebook": place.notebook,
        "db_url": place.db_url,
    }
    for step in _steps(config):
        resources: Any = {"nbgrader": names}
        step(config=config).preprocess(new_notebook(), resources)


def renew_penalties(
    course: CourseDirectory, config: Config, lesson: Lesson
) -> dict[str, str]:
    """Assigns all penalties of a lesson as the due date and extensions are now.

    Returns:
        For each student whose penalty could not be computed, why: it is as it was.
    """
    with Gradebook(course.db_url) as gradebook:
        try:
            submissions: Any = gradebook.assignment_submissions(lesson.name)
        except MissingEntry:
            return {}
        students = [s.student_id for s in submissions if _may_be_late(s)]
    faults = {}
    for student in sorted(students):
        try:
            renew_penalty(
                config, Place.at(course, student, lesson.name, lesson.notebook)
            )
        except Exception as error:
            faults[student] = fault(error, gradebook_name(course.db_url))
    return faults


def _may_be_late(submission: Any) -> bool:
    """Whether there is a penalty, or a mark that one may be taken from."""
    if submission.late_submission_penalty:
        return True
    due = submission.assignment.duedate or submission.extension
    marks = [g.auto_score for n in submission.notebooks for g in n.grades]
    return bool(due and submission.timestamp) and any(m is not None for m in marks)


def _steps(config: Config) -> Iterator[type[AssignLatePenalties]]:
    for step in Autograde(config=config).autograde_preprocessors:
        kind = import_item(step) if isinstance(step, str) else step
        if isinstance(kind, type) and issubclass(kind, AssignLatePenalties):
            yield kind
