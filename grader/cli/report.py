"""``grader report``: the marks of a lesson, and what they are for."""

from collections.abc import Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.text import Text

from grader.cli._class import renew_penalties, wide_console
from grader.cli._course import check_students, open_course, pick_lessons
from grader.cli._marks import marks_table
from grader.escape import terminal, terminal_lines
from grader.lessons import Lesson
from grader.nbgrader.faults import machine_fault
from grader.nbgrader.grading.course import Course
from grader.nbgrader.standing import Standing, standings
from grader.report import points


@click.command
@click.argument("lesson", required=False)
@click.option("--student", help="All that this student is told.")
@click.option("--feedback", is_flag=True, help="Write the feedback pages, too.")
@click.option("--html", is_flag=True, help="Write a page on the whole class.")
@click.option(
    "--csv", "tables", is_flag=True, help="Write the points by function and by check."
)
def command(
    lesson: str | None, student: str | None, feedback: bool, html: bool, tables: bool
) -> None:
    """Show the marks of LESSON, or of all lessons, and export them.

    What is taken off for lateness is computed anew, for the due date of today. The page
    and the tables of --html and --csv are of all students.
    """
    console = wide_console()
    course = open_course()
    lessons = pick_lessons(course, lesson)
    check_students(course, lessons, [student] if student else [])
    in_time = renew_penalties(course, lessons, console)
    marks = {each: standings(course, each) for each in lessons}
    found = {
        each: [s for s in those if student in (None, s.student)]
        for each, those in marks.items()
    }
    found = {each: those for each, those in found.items() if those}
    if not found:
        raise click.ClickException(
            f"no marks of {student or 'anybody'}: run `grader autograde`"
        )
    for each, those in found.items():
        console.print(marks_table(each, those, console.width))
        if student:
            _tell(those[0], console)
        if feedback:
            course.generate_feedback(each, student or "*")
    show_paths(course, list(found), console)
    for each in found:
        _write(course, each, marks[each], html, tables, console)
    if not in_time:
        raise SystemExit(1)


def _tell(standing: Standing, console: Console) -> None:
    """All that a student is told: reports, marks by hand, comments."""
    for repair in standing.repairs:
        console.print(Text(f"Mended before grading: {terminal(repair)}"))
    changed = standing.changed
    for report in standing.reports:
        console.print(Text(terminal_lines(report.to_text())))
        if report.check in changed:
            told = by_hand(changed[report.check].points, report.max_points)
            console.print(Text(f"  {told}", "yellow"))
    judged = {report.check for report in standing.reports}
    for cell, mark in (standing.marks or {}).items():
        if cell not in judged:
            told = f"{points(mark.points)} of {points(mark.most)} points, by hand"
            told = "to be graded by hand" if mark.waits else told
            console.print(Text(f"{terminal(cell)}: {told}"))
    for comment in standing.comments:
        text = terminal(f"Comment on {comment.cell}: {comment.text}")
        console.print(Text(text, "yellow"))


def by_hand(reached: float, most: float) -> str:
    """Says that another mark counts than the report's."""
    return (
        f"Counts: {points(reached)} of {points(most)}, changed by the instructor. "
        "The report above is what the judge said."
    )


def _write(
    course: Course,
    lesson: Lesson,
    marks: Sequence[Standing],
    html: bool,
    tables: bool,
    console: Console,
) -> None:
    """Writes what was asked for on a whole class, and says where it is."""
    folder = course.folder / "class"
    if html:
        from grader.overview.page import class_page

        page = folder / f"{lesson.name}.html"
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = page.with_suffix(".part")
        unfinished.write_text(class_page(course, lesson, marks), "utf-8")
        unfinished.replace(page)
        _show("class", page, console)
    if tables:
        from grader.overview.tables import by_check, by_function

        for what, write in (("function", by_function), ("check", by_check)):
            path = folder / f"{lesson.name}-by-{what}.csv"
            write(path, lesson, marks)
            _show("CSV", path, console)


def show_paths(course: Course, lessons: Sequence[Lesson], console: Console) -> None:
    """Says where gradebook, CSV and feedback pages lie; writes the CSV."""
    feedback = course.folder / "feedback"
    places = {"gradebook": course.gradebook_name, "CSV": _csv(course)}
    if any(any(feedback.glob(f"*/{lesson.name}/*.html")) for lesson in lessons):
        places["feedback"] = feedback
    for what, path in places.items():
        _show(what, path, console)


def _show(what: str, path: Path | str, console: Console) -> None:
    console.print(f"{what:9} {path}", soft_wrap=True, highlight=False)


def _csv(course: Course) -> Path | str:
    try:
        return course.export()
    except OSError as error:
        return f"not written: {machine_fault(error) or error}"
