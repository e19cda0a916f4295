"""``grader demo``: sample classes of all lessons, from release to feedback."""

import os
from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from grader.cli._class import grade_with_progress, line_of, wide_console
from grader.cli._crew import Workforce
from grader.cli._marks import marks_table
from grader.cli.report import show_paths
from grader.escape import terminal
from grader.install import how_to_get_torch
from grader.lessons import NAMES, Lesson, get_lesson
from grader.nbgrader.grading.course import Course, CourseError
from grader.nbgrader.grading.crew import Crew
from grader.nbgrader.grading.lock import only_run
from grader.nbgrader.ground import find_root
from grader.nbgrader.pages.class_pages import Pages, write_pages
from grader.nbgrader.standing import standings
from grader.sandbox.probe import probe


@click.command
@click.argument("lessons", nargs=-1, metavar="[LESSON]...")
@click.option(
    "--timeout",
    type=click.FloatRange(min=1),
    default=20,
    show_default=True,
    help="Seconds that one function may take; one student's never ends.",
)
def command(lessons: tuple[str, ...], timeout: float) -> None:
    """Grade a sample class of each LESSON, or of all, and show what came out.

    All of it lies in course/demo and starts afresh each time. Look at it with
    GRADER_RUN_FOLDER=course/demo make formgrader.
    """
    console = wide_console()
    try:
        root = find_root()
    except CourseError as error:
        raise click.ClickException(str(error)) from error
    try:
        from grader.demo.run import set_up
        from grader.demo.students import students_of
    except ModuleNotFoundError:
        raise click.ClickException("the sample class is in a checkout only") from None
    folder = Path(root, os.environ.get("GRADER_RUN_FOLDER", "course"), "demo")
    chosen = {}
    for name in lessons or NAMES:
        if name not in NAMES:
            known = ", ".join(NAMES)
            raise click.BadParameter(f"no sample class of {name!r}; there is {known}")
        lesson = get_lesson(name)
        if package := lesson.lacking():
            console.print(
                f"{name} is left out: it needs {package}. "
                f"To have it, {how_to_get_torch()}."
            )
            continue
        chosen[name] = students_of(lesson.name)
    with only_run(folder, "grader demo"):
        _grade(set_up(root, folder, timeout, chosen), list(chosen), console)


def _grade(course: Course, names: Sequence[str], console: Console) -> None:
    """Grades what the sample classes have handed in, and shows what came out."""
    found = probe()
    if found.problem:
        # Its notebooks are the course's own: they may run without.
        course.config.CaptureAndJudge.unsafe_no_sandbox = True
        console.print(
            f"No sandbox: {found.problem}. The sample class is the course's own and is "
            f"graded without; for a real class, {found.remedy}."
        )
    classes = {lesson: course.students(lesson) for lesson in map(get_lesson, names)}
    submissions = sum(map(len, classes.values()))
    console.print(
        f"{submissions} submissions of {len(classes)} lessons were handed in. Grading "
        "takes some minutes; one student's ResNet50 never ends, on purpose:"
    )
    parents = course.parents(next(iter(classes)))
    try:
        with Workforce(None, None, parents) as workforce:
            workforce.expect(submissions)
            crew = workforce.crew(submissions)
            for lesson, students in classes.items():
                grade_with_progress(
                    course,
                    lesson,
                    students,
                    console,
                    lambda result: console.print(line_of(result), soft_wrap=True),
                    crew,
                )
            for lesson, students in classes.items():
                _write_pages(course, lesson, students, crew, console)
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    for lesson in classes:
        marks = standings(course, lesson)
        console.print(marks_table(lesson, marks, console.width))
    show_paths(course, list(classes), console)


def _write_pages(
    course: Course,
    lesson: Lesson,
    students: Sequence[str],
    crew: Crew,
    console: Console,
) -> None:
    for page in write_pages(course, lesson, Pages(course, lesson), students, crew):
        for problem in page.problems:
            console.print(Text(f"  {page.student}: {terminal(problem)}", "yellow"))
