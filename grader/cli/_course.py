"""From names on the command line to a course, a lesson and students."""

from collections.abc import Sequence
from difflib import get_close_matches

import click
from traitlets.config import Config

from grader.escape import terminal
from grader.lessons import Lesson, get_lesson
from grader.nbgrader.grading.course import Course, CourseError
from grader.nbgrader.ground import find_root

#: names that are listed where somebody is not among them
_SHOWN = 10
#: names that are asked after
_NEAREST = 3


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
        for fault in course.faults():
            click.echo(f"Passed over: {terminal(fault)}", err=True)
        return course.lessons()
    there = course.lesson_names()
    found = [each for each in there if each.startswith(name)]
    if len(found) == 1:
        return [get_lesson(found[0])]
    known = ", ".join(there)
    near = nearest(name, there)
    raise click.BadParameter(f"no lesson {name!r}; {near or f'there is {known}'}")


def check_students(
    course: Course, lessons: Sequence[Lesson], names: Sequence[str]
) -> None:
    """Sees to it that each named student has handed in one of the lessons.

    Raises:
        click.ClickException: if one has not; names those who are called nearly so.
    """
    known = sorted({name for lesson in lessons for name in course.students(lesson)})
    for name in names:
        if name not in known:
            raise click.ClickException(
                f"{name} has handed in nothing; "
                f"{nearest(name, known) or _who_has(known)}"
            )


def nearest(name: str, known: Sequence[str]) -> str:
    """Asks whether one of the names is meant; empty where none is near."""
    folded = {each.casefold(): each for each in reversed(known)}
    typed = name.casefold()
    near = [each for each in folded if typed and typed in each][:_NEAREST]
    near = near or get_close_matches(typed, folded, n=_NEAREST, cutoff=0.5)
    shown = [terminal(folded[each]) for each in near]
    return f"did you mean {' or '.join(shown)}?" if shown else ""


def few(names: Sequence[str]) -> str:
    """The first of many names, and how many more there are."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return f"{', '.join(map(terminal, names[:_SHOWN]))}{more}"


def _who_has(known: Sequence[str]) -> str:
    """The first of those who have."""
    return f"these students have: {few(known) if known else 'nobody yet'}"
