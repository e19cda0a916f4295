"""A submission that is nothing to be graded: 0 for each check, and a page why."""

import shutil
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from grader import escape
from grader.lessons import get_lesson
from grader.nbgrader.answers import unanswered
from grader.nbgrader.beside import copy, is_notebook
from grader.nbgrader.execute import write_reports
from grader.nbgrader.graded import Graded, refuse
from grader.nbgrader.late import renew_penalty
from grader.nbgrader.marks import save
from grader.nbgrader.place import Place
from grader.nbgrader.questions import Questions
from grader.nbgrader.scratch import copy_files
from grader.nbgrader.taken import takeable
from grader.report import Failure


def refuse_submission(
    course: CourseDirectory, config: Config, place: Place, reason: str
) -> Graded:
    """Gives 0 and says why, on a fresh copy of the release's notebook.

    Args:
        course: the course's folders.
        config: names the step for late penalties.
        place: the submission's.
        reason: what the student's file is, in sentences.
    """
    lesson = get_lesson(place.lesson)
    handed_in = course.get_existing_timestamp(str(place.submitted))
    times: dict[str, Any] = {"timestamp": handed_in} if handed_in else {}
    with Gradebook(place.db_url, course.course_id) as gradebook:
        gradebook.update_or_create_student(place.student)
        gradebook.update_or_create_submission(place.lesson, place.student, **times)
    graded = refuse(lesson, place.seed, Failure("file", reason))
    questions = Questions.of(place, lesson)
    graded = graded.with_answers(unanswered(questions, reason))
    release = Path(course.format_path(course.release_directory, ".", place.lesson))
    notebook = nbformat.read(release / f"{place.notebook}.ipynb", as_version=4)
    write_reports(notebook, lesson, graded, place)
    note = f"**This submission could not be graded.** {escape.markdown(reason)}"
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(note))
    folder = place.autograded
    shutil.rmtree(folder, ignore_errors=True)
    # feedback is released with what the exchange put beside the notebook
    kept = takeable(place.submitted, place.bounds)
    copy(place.submitted, [name for name in kept if not is_notebook(name)], folder)
    copy_files(release, folder)
    nbformat.write(notebook, folder / f"{place.notebook}.ipynb")
    save(place, graded)
    renew_penalty(config, place)
    return graded
