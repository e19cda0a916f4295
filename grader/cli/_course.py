"""From names on the command line to a course, a lesson and students."""

import click
from traitlets.config import Config

from grader.lessons import Lesson
from grader.nbgrader.course import Course, CourseError, find_root


def open_course(settings: Config | None = None, run: str | None = None) -> Course:
    """The course around the working directory.

    Raises:
        click.ClickException: if there is none.
    """
    try:
        return Course(find_root(), run, settings)
    except CourseError as error:
        raise click.ClickException(str(error)) from error


def pick_lesson(course: Course, name: str) -> Lesson:
    """The lesson of a name, or of the beginning of one, such as "01".

    Raises:
        click.BadParameter: if it is not exactly one.
    """
    found = [each for each in course.lessons() if each.name.startswith(name)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(each.name for each in course.lessons())
    raise click.BadParameter(f"no lesson {name!r}; there is {known}")


def pick_students(
    course: Course, lesson: Lesson, names: tuple[str, ...], required: bool = True
) -> list[str]:
    """Those of the named students who handed in; all, where none is named.

    Raises:
        click.BadParameter: if a named student handed nothing in.
    """
    handed_in = course.students(lesson)
    for name in names:
        if required and name not in handed_in:
            folder = course.path(course.submitted, name, lesson.name)
            raise click.BadParameter(f"{name} has handed in nothing: no {folder}")
    return [name for name in handed_in if not names or name in names]
