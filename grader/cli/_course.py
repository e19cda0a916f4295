"""From names on the command line to a course, a lesson and students."""

from collections.abc import Sequence

import click
from traitlets.config import Config

from grader.escape import terminal
from grader.lessons import Lesson, get_lesson
from grader.nbgrader.course import Course, CourseError
from grader.nbgrader.ground import find_root


def open_course(settings: Config | None = None, run: str | None = None) -> Course:
    """The course around the working directory.

    Raises:
        click.ClickException: if there is none.
    """
    try:
        return Course(find_root(), run, settings)
    except CourseError as error:
        raise click.ClickException(str(error)) from error


def pick_lessons(course: Course, name: str | None) -> list[Lesson]:
    """The lesson of a name, or of the beginning of one, such as "01"; or all.

    Raises:
        click.BadParameter: if a name is not that of exactly one.
    """
    if name is None:
        return course.lessons()
    there = course.lesson_names()
    found = [each for each in there if each.startswith(name)]
    if len(found) == 1:
        return [get_lesson(found[0])]
    known = ", ".join(there)
    raise click.BadParameter(f"no lesson {name!r}; there is {known}")


def check_students(
    course: Course, lessons: Sequence[Lesson], names: Sequence[str]
) -> None:
    """Sees to it that each named student has handed in one of the lessons.

    Raises:
        click.ClickException: if one has not; says who has.
    """
    known = sorted({name for lesson in lessons for name in course.students(lesson)})
    for name in names:
        if name not in known:
            there = ", ".join(map(terminal, known)) or "nobody yet"
            raise click.ClickException(
                f"{name} has handed in nothing; these students have: {there}"
            )
