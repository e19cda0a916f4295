"""Grading of all that a class handed in, one submission after the other.

Whatever happens to one submission, the next is graded. A run that was stopped goes
on where it was: a submission counts as done once its record is there.
"""

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import nbformat

from grader import escape
from grader.lessons import Lesson
from grader.nbgrader import records
from grader.nbgrader.answers import unanswered
from grader.nbgrader.beside import copy, is_notebook
from grader.nbgrader.course import Course
from grader.nbgrader.execute import write_reports
from grader.nbgrader.faults import (
    CourseError,
    MachineFault,
    Ungradable,
    machine_fault,
)
from grader.nbgrader.graded import refuse
from grader.nbgrader.marks import save
from grader.nbgrader.names import misnamed_file
from grader.nbgrader.questions import Questions
from grader.nbgrader.scratch import copy_files
from grader.nbgrader.student_names import demand_name
from grader.nbgrader.taken import takeable
from grader.report import Failure


@dataclass(frozen=True)
class Result:
    """How the grading of one submission went.

    Attributes:
        problems: what an instructor may want to look at, a line each.
        repairs: what was mended before, a sentence each.
        graded: false where a fault of the machine or the course gave no mark.
    """

    student: str
    lesson: str
    points: float
    problems: tuple[str, ...]
    repairs: tuple[str, ...] = ()
    graded: bool = True


def prepare(course: Course, lesson: Lesson) -> None:
    """Sees to it that the gradebook knows the lesson as it is now."""
    if not course.knows(lesson):
        course.generate_assignment(lesson)


def ungraded(course: Course, lesson: Lesson, students: Sequence[str]) -> list[str]:
    """Those of the students whose submission is new or has changed."""
    return [s for s in students if not records.is_done(course.place(lesson, s))]


def forget(course: Course, lesson: Lesson, students: Sequence[str]) -> None:
    """Marks submissions as to be graded again; a run that stops goes on with them."""
    for student in students:
        records.remove(course.place(lesson, student))


def grade_class(
    course: Course, lesson: Lesson, students: Sequence[str]
) -> Iterator[Result]:
    """Grades the submissions of the students and yields each result.

    Leaving the loop, or Ctrl-C, is safe at any time: the submission that was being
    graded then has no record and is graded by the next run.
    """
    for student in students:
        try:
            yield grade_one(course, lesson, student)
        except Exception as error:
            # A fault of the course or the machine, not of the student: no mark.
            course.log.exception("cannot grade %s", student)
            reason = f"not graded: {_fault(course, error)}"
            yield Result(student, lesson.name, 0.0, (reason,), graded=False)


def _fault(course: Course, error: Exception) -> str:
    """Says in a line what the machine or the course could not do."""
    other = f"{type(error).__name__}: {error}".split("\n")[0]
    return machine_fault(error, course.gradebook_path) or other


def grade_one(course: Course, lesson: Lesson, student: str) -> Result:
    """Grades one submission; what cannot be graded gets 0 and a reason.

    Raises:
        MachineFault: if the machine, the course or the folder's name is why; then
            there is no mark.
    """
    demand_name(student)
    place = course.place(lesson, student)
    records.remove(place)
    try:
        course.autograde(lesson, student)
        if records.read(place) is None:
            raise CourseError("no mark came out of it")
    except MachineFault:
        raise
    except (CourseError, Ungradable) as error:
        reason = misnamed_file(course, lesson, student) or _in_words(error)
        _refuse(course, lesson, student, Failure("file", reason))
    record = records.read(place) or {"failures": {}, "reports": []}
    problems = dict.fromkeys(f["message"] for f in record["failures"].values())
    points = sum(report["points"] for report in record["reports"])
    repairs = tuple(record.get("repairs", ()))
    return Result(student, lesson.name, points, tuple(problems), repairs)


def _in_words(error: Exception) -> str:
    if isinstance(error, Ungradable):
        return str(error)
    return f"The notebook cannot be graded: {error}"


def _refuse(course: Course, lesson: Lesson, student: str, failure: Failure) -> None:
    """Gives 0 and says why, on a fresh copy of the release's notebook."""
    place = course.place(lesson, student)
    with course.gradebook() as gradebook:
        gradebook.update_or_create_student(student)
        gradebook.update_or_create_submission(lesson.name, student)
        gradebook.db.commit()
    graded = refuse(lesson, place.seed, failure, course.log)
    questions = Questions.of(place, lesson)
    graded = graded.with_answers(unanswered(questions, failure.message))
    notebook = nbformat.read(course.release_path(lesson), as_version=4)
    write_reports(notebook, lesson, graded, place)
    note = (
        f"**This submission could not be graded.** {escape.markdown(failure.message)}"
    )
    notebook.cells.insert(0, nbformat.v4.new_markdown_cell(note))
    folder = course.path(course.autograded, student, lesson.name)
    shutil.rmtree(folder, ignore_errors=True)
    # feedback is released with what the exchange put beside the notebook
    kept = takeable(place.submitted, place.bounds)
    copy(place.submitted, [name for name in kept if not is_notebook(name)], folder)
    copy_files(course.release_path(lesson).parent, folder)
    nbformat.write(notebook, folder / f"{lesson.notebook}.ipynb")
    save(place, lesson, graded)
