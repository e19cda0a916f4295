"""The sample classes from release to marks, in a folder of their own."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

from traitlets.config import Config

from grader.demo.students import Student
from grader.demo.submissions import hand_in, solutions
from grader.lessons import get_lesson
from grader.nbgrader.grading.course import Course
from grader.nbgrader.grading.lock import NAME


def set_up(
    root: Path,
    folder: Path,
    timeout: float,
    students: Mapping[str, Sequence[Student]],
) -> Course:
    """Starts the sample classes afresh: releases the lessons and hands them in.

    Args:
        root: the checkout.
        folder: the classes' run folder; what is in it is lost.
        timeout: seconds that a graded function may take.
        students: who hands in which lesson.
    """
    for path in folder.glob("*"):
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != NAME:
            path.unlink()
    settings = {
        # the checkout's own assignments/ stay as they are
        "CourseDirectory": {"release_directory": str(folder / "release")},
        "CaptureAndJudge": {"capture_timeout": timeout},
    }
    course = Course(root, str(folder), Config(settings))
    for name, own in students.items():
        lesson = get_lesson(name)
        course.generate_assignment(lesson)
        source = Path(root, course.directory.source_directory, lesson.name)
        code = solutions(source / f"{lesson.notebook}.ipynb", lesson)
        for student in own:
            target = course.path(course.submitted, student.name, lesson.name)
            hand_in(student, code, course.release_path(lesson), target)
    return course
