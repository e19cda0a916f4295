"""The sample class from release to marks, in a folder of its own."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from traitlets.config import Config

from grader.demo.students import LESSON, STUDENTS, Student
from grader.demo.submissions import hand_in, solutions
from grader.lessons import Lesson, get_lesson
from grader.nbgrader.course import Course


def set_up(
    root: Path,
    folder: Path,
    timeout: float,
    students: Sequence[Student] = STUDENTS,
) -> tuple[Course, Lesson]:
    """Starts the sample class afresh: releases the lesson and hands it in.

    Args:
        root: the checkout.
        folder: the class's run folder; what is in it is lost.
        timeout: seconds that a graded function may take.
        students: who is in the class.
    """
    shutil.rmtree(folder, ignore_errors=True)
    lesson = get_lesson(LESSON)
    settings = {
        # the checkout's own assignments/ stay as they are
        "CourseDirectory": {"release_directory": str(folder / "release")},
        "CaptureAndJudge": {"capture_timeout": timeout},
    }
    course = Course(root, str(folder), Config(settings))
    course.generate_assignment(lesson)
    source = Path(root, course.directory.source_directory, lesson.name)
    code = solutions(source / f"{lesson.notebook}.ipynb", lesson)
    for student in students:
        target = course.path(course.submitted, student.name, lesson.name)
        hand_in(student, code, course.release_path(lesson), target)
    return course, lesson
