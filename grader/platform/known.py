"""The students of a course, as gradebook, folders and collected zips know them."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from grader.lessons import Lesson
from grader.nbgrader.grading.course import Course
from grader.nbgrader.handed_in import handed_out
from grader.platform.people import Student


def downloaded(course: Course, lesson: Lesson) -> Path:
    """The folder of a lesson's zips."""
    return course.folder / "downloaded" / lesson.name


def known_students(
    course: Course, platform: str, lessons: Sequence[Lesson]
) -> Iterator[Student]:
    """All students, in alphabetical order.

    Args:
        course: the course.
        platform: whose numbers are wanted; empty for none.
        lessons: whose zips are asked for numbers.
    """
    numbers = defaultdict[str, list[str]](list)
    for lesson in lessons:
        for student, name in handed_out.recall(downloaded(course, lesson)).items():
            if number := handed_out.number(platform, name):
                numbers[student].append(number)
    with course.gradebook() as gradebook:
        rows: Any = gradebook.students
        in_gradebook = {row.id: row for row in rows}
    folders = {name for lesson in lessons for name in course.students(lesson)}
    for student in sorted({*in_gradebook, *folders}):
        row = in_gradebook.get(student)
        # participants of Moodle have another number in each assignment
        if row and row.lms_user_id and platform == "Canvas":
            numbers[student].append(row.lms_user_id)
        yield Student(
            student,
            tuple(dict.fromkeys(numbers[student])),
            (row and row.first_name) or "",
            (row and row.last_name) or "",
            (row and row.email) or "",
        )
