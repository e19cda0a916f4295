"""Grading of all that a class handed in, one submission after the other.

Whatever happens to one submission, the next is graded. A run that was stopped goes
on where it was: a submission counts as done once its record is there and the gradebook
has its marks.
"""

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from grader.lessons import Lesson
from grader.nbgrader.faults import CourseError, fault
from grader.nbgrader.gradebook.ledger import Ledger
from grader.nbgrader.gradebook.marked import Marked
from grader.nbgrader.grading import records
from grader.nbgrader.grading.alone import grade_alone
from grader.nbgrader.grading.converter import Grading
from grader.nbgrader.grading.course import Course
from grader.nbgrader.grading.crew import Crew, Outcome, in_this_process, tasks_of
from grader.nbgrader.grading.done import is_done
from grader.sandbox.warm import warm_kernels


@dataclass(frozen=True)
class Result:
    """How the grading of one submission went.

    Attributes:
        problems: what an instructor may want to look at, a line each.
        repairs: what was mended before, a sentence each.
        late: what is taken off the points for lateness.
        by_hand: ids of cells that wait to be graded by hand.
        graded: false where a fault of the machine or the course gave no mark.
    """

    student: str
    lesson: str
    points: float
    problems: tuple[str, ...]
    repairs: tuple[str, ...] = ()
    graded: bool = True
    late: float = 0.0
    by_hand: tuple[str, ...] = ()


def prepare(course: Course, lesson: Lesson) -> None:
    """Sees to it that the gradebook knows the lesson as it is now."""
    if not course.knows(lesson):
        course.generate_assignment(lesson)


def ungraded(course: Course, lesson: Lesson, students: Sequence[str]) -> list[str]:
    """Those whose submission is new, has changed or has lost its marks."""
    return [s for s in students if not is_done(course.place(lesson, s))]


def forget(course: Course, lesson: Lesson, students: Sequence[str]) -> None:
    """Marks submissions as to be graded again; a run that stops goes on with them."""
    for student in students:
        records.remove(course.place(lesson, student))


def grade_class(
    course: Course,
    lesson: Lesson,
    students: Sequence[str],
    crew: Crew = in_this_process,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[Result]:
    """Grades the submissions of the students and yields each result.

    Leaving the loop, or Ctrl-C, is safe at any time: the submissions that were being
    graded then have no record and are graded by the next run.

    Args:
        course: the course; what comes out is put into it by this process alone.
        lesson: which lesson.
        students: whose submissions.
        crew: who grades.
        stopped: whether to finish what is in hand, and begin no more.
    """
    todo = list(students)
    try:
        with warm_kernels(course.log), course.grading(lesson) as grading:
            tasks = tasks_of(tuple(todo), grading.collect, stopped)
            job = functools.partial(grade_alone, grading.material)
            for student, outcome in crew(job, tasks):
                todo.remove(student)
                yield _put(course, lesson, grading, student, outcome)
    except (Exception, SystemExit) as error:
        # nothing can be graded here
        course.log.exception("cannot grade %s", lesson.name)
        why = fault(error, course.gradebook_name)
        for student in todo:
            yield _not_graded(student, lesson, why)


def _put(
    course: Course, lesson: Lesson, grading: Grading, student: str, outcome: Outcome
) -> Result:
    """Puts what came out of a submission into the course."""
    try:
        if isinstance(outcome, BaseException):
            raise outcome
        return _result(course, lesson, student, grading.put(*outcome))
    except (Exception, SystemExit) as error:
        # A fault of the course or the machine, not of the student: no mark.
        course.log.exception("cannot grade %s", student)
        return _not_graded(student, lesson, grading.fault(student, error))


def _not_graded(student: str, lesson: Lesson, why: str) -> Result:
    return Result(student, lesson.name, 0.0, (f"not graded: {why}",), graded=False)


def grade_one(course: Course, lesson: Lesson, student: str) -> Result:
    """Grades one submission; one that is nothing to be graded gets 0 and a reason.

    Raises:
        CourseError: if the machine, the course or the folder's name is why there is no
            mark.
    """
    course.autograde(lesson, student)
    with Ledger(course.directory.db_url, course.directory.course_id) as ledger:
        marked = ledger.marked(lesson, student).get(student)
    return _result(course, lesson, student, marked)


def _result(
    course: Course, lesson: Lesson, student: str, marked: Marked | None
) -> Result:
    """What the gradebook and the record say of a submission that was just graded."""
    record = records.read(course.place(lesson, student))
    if record is None or marked is None:
        raise CourseError("grading gave no mark")
    problems = dict.fromkeys(f["message"] for f in record["failures"].values())
    repairs = tuple(record["repairs"])
    return Result(
        student,
        lesson.name,
        marked.score,
        tuple(problems),
        repairs,
        late=marked.late,
        by_hand=tuple(sorted(i for i, mark in marked.marks.items() if mark.waits)),
    )
