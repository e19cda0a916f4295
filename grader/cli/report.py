"""``grader report``: the marks of a lesson, and what they are for."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from grader.cli._class import marks_table, renew_penalties, wide_console
from grader.cli._course import check_students, open_course, pick_lessons
from grader.escape import terminal, terminal_lines
from grader.lessons import Lesson
from grader.nbgrader.course import Course
from grader.nbgrader.faults import machine_fault
from grader.nbgrader.standing import Standing, standings


@click.command
@click.argument("lesson", required=False)
@click.option("--student", help="All that the judge said to this student.")
@click.option("--feedback", is_flag=True, help="Write the feedback pages, too.")
def command(lesson: str | None, student: str | None, feedback: bool) -> None:
    """Show the marks of LESSON, or of all lessons, and export them.

    What is taken off for lateness is computed anew, for the due date of today.
    """
    console = wide_console()
    course = open_course()
    lessons = pick_lessons(course, lesson)
    check_students(course, lessons, [student] if student else [])
    in_time = renew_penalties(course, lessons, console)
    marks = [(each, _marks(course, each, student)) for each in lessons]
    found = [(each, standing) for each, standing in marks if standing]
    if not found:
        raise click.ClickException(
            f"no marks of {student or 'anybody'}: run `grader autograde`"
        )
    for each, standing in found:
        console.print(marks_table(each, standing))
        for repair in standing[0].repairs if student else ():
            console.print(Text(f"Mended before grading: {terminal(repair)}"))
        for report in standing[0].reports if student else ():
            console.print(Text(terminal_lines(report.to_text())))
        if feedback:
            course.generate_feedback(each, student or "*")
    show_paths(course, [each for each, _ in found], console)
    if not in_time:
        raise SystemExit(1)


def _marks(course: Course, lesson: Lesson, student: str | None) -> list[Standing]:
    return [s for s in standings(course, lesson) if student in (None, s.student)]


def show_paths(course: Course, lessons: Sequence[Lesson], console: Console) -> None:
    """Says where gradebook, CSV and feedback pages lie; writes the CSV."""
    feedback = course.folder / "feedback"
    places = {"gradebook": course.gradebook_path, "CSV": _csv(course)}
    if any(any(feedback.glob(f"*/{lesson.name}/*.html")) for lesson in lessons):
        places["feedback"] = feedback
    for what, path in places.items():
        console.print(f"{what:9} {path}", soft_wrap=True, highlight=False)


def _csv(course: Course) -> Path | str:
    try:
        return course.export()
    except OSError as error:
        return f"not written: {machine_fault(error) or error}"
