"""Late penalties: what nbgrader's step says of the due date as it is now."""

from typing import Any

from nbformat.v4 import new_notebook
from nbgrader.converters import Autograde
from nbgrader.coursedir import CourseDirectory
from nbgrader.preprocessors import AssignLatePenalties
from traitlets.config import Config
from traitlets.utils.importstring import import_item

from grader.lessons import Lesson, get_lesson
from grader.nbgrader.faults import fault
from grader.nbgrader.gradebook.ledger import Ledger
from grader.nbgrader.gradebook.marked import Marked
from grader.nbgrader.ground import gradebook_name
from grader.nbgrader.notebook.place import Place

Steps = tuple[AssignLatePenalties, ...]


def renew_penalty(steps: Steps, place: Place, ledger: Ledger) -> Marked:
    """Assigns the penalty of a submission that has its marks.

    No student's code runs, and no mark is changed. A course without a step for
    penalties keeps those that are there.

    Args:
        steps: the course's.
        place: the submission's.
        ledger: the gradebook.

    Returns:
        What the gradebook then says of the submission.
    """
    lesson = get_lesson(place.lesson)
    marked = ledger.marked(lesson, place.student)[place.student]
    changed = [_assign(step, place, ledger, marked) for step in steps]
    if any(changed):
        marked = ledger.marked(lesson, place.student)[place.student]
    return marked


def renew_penalties(
    course: CourseDirectory, config: Config, lesson: Lesson
) -> dict[str, str]:
    """Assigns all penalties of a lesson as the due date and extensions are now.

    Returns:
        For each student whose penalty could not be computed, why: it is as it was.
    """
    faults = {}
    with Ledger(course.db_url, course.course_id) as ledger:
        marked = ledger.marked(lesson)
        for step in penalty_steps(config):
            for student, own in sorted(marked.items()):
                if not _may_be_late(own):
                    continue
                place = Place.at(course, student, lesson.name, lesson.notebook)
                try:
                    _assign(step, place, ledger, own)
                except Exception as error:
                    faults[student] = fault(error, gradebook_name(course.db_url))
    return faults


def _assign(
    step: AssignLatePenalties, place: Place, ledger: Ledger, marked: Marked
) -> bool:
    """Does what nbgrader's step does; whether that may have changed the gradebook."""
    if type(step).preprocess is not AssignLatePenalties.preprocess:
        names = {
            "student": place.student,
            "assignment": place.lesson,
            "notebook": place.notebook,
            "db_url": place.db_url,
        }
        resources: Any = {"nbgrader": names}
        step.preprocess(new_notebook(), resources)
        return True
    penalty = None
    if marked.seconds_late > 0:
        step.init_plugin()
        plugin: Any = step.plugin_inst
        late = (place.student, marked.score, marked.seconds_late)
        penalty = plugin.late_submission_penalty(*late)
    if penalty is not None:
        penalty = min(max(0.0, penalty), marked.score)
    if (penalty or 0.0) == marked.late:
        return False
    ledger.take_off(place, penalty)
    return True


def _may_be_late(marked: Marked) -> bool:
    """Whether there is a penalty, or a mark that one may be taken from."""
    marks = marked.marks.values()
    return bool(marked.late) or any(mark.judged is not None for mark in marks)


def penalty_steps(config: Config) -> Steps:
    """A course's steps for penalties, those that are enabled.

    Args:
        config: the course's; names the step and its plugin.
    """
    steps = Autograde(config=config).autograde_preprocessors
    kinds = (import_item(step) if isinstance(step, str) else step for step in steps)
    made = (
        kind(config=config)
        for kind in kinds
        if isinstance(kind, type) and issubclass(kind, AssignLatePenalties)
    )
    return tuple(step for step in made if step.enabled)
