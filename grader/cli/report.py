"""``grader report``: the marks of a lesson, and what they are for."""

import click
from rich.console import Console

from grader.cli._class import marks_table, wide_console
from grader.cli._course import open_course, pick_lesson
from grader.lessons import Lesson
from grader.nbgrader.course import Course
from grader.nbgrader.standing import standings


@click.command
@click.argument("lesson")
@click.option("--student", help="All that the judge said to this student.")
@click.option("--feedback", is_flag=True, help="Write the feedback pages, too.")
def command(lesson: str, student: str | None, feedback: bool) -> None:
    """Show the marks of LESSON as the gradebook has them, and export them."""
    console = wide_console()
    course = open_course()
    chosen = pick_lesson(course, lesson)
    found = standings(course, chosen)
    if student is not None:
        found = [each for each in found if each.student == student]
    if not found:
        raise click.ClickException(
            f"no marks of {student or 'anybody'}: run `grader autograde {chosen.name}`"
        )
    console.print(marks_table(chosen, found))
    if student is not None:
        for report in found[0].reports:
            console.print(report.to_text(), highlight=False, markup=False)
    if feedback:
        course.generate_feedback(chosen, student or "*")
    show_paths(course, chosen, console)


def show_paths(course: Course, lesson: Lesson, console: Console) -> None:
    """Says where gradebook, CSV and feedback pages lie; writes the CSV."""
    feedback = course.folder / "feedback"
    places = {"gradebook": course.folder / "gradebook.db", "CSV": course.export()}
    if any(feedback.glob(f"*/{lesson.name}/*.html")):
        places["feedback"] = feedback
    for what, path in places.items():
        console.print(f"{what:9} {path}", soft_wrap=True, highlight=False)
