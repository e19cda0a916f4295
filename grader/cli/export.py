"""``grader export``: marks and feedback for a learning platform."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.text import Text

from grader.cli._class import renew_penalties, wide_console
from grader.cli._course import few, open_course, pick_lessons
from grader.escape import terminal
from grader.lessons import Lesson

if TYPE_CHECKING:
    from grader.platform.entry import MarkSheet
    from grader.platform.fill import Filled

_FILE = click.Path(path_type=Path)


@click.command
@click.argument("lesson")
@click.option(
    "--moodle", type=_FILE, metavar="FILE", help="Moodle's grading worksheet."
)
@click.option("--canvas", type=_FILE, metavar="FILE", help="Canvas's gradebook.")
@click.option("--column", metavar="HEAD", help="The column for the marks.")
@click.option("--to", type=_FILE, metavar="FILE", help="Where the filled list goes.")
@click.option("--scale", is_flag=True, help="Turn marks into the platform's points.")
@click.option("--partial", is_flag=True, help="Leave out students who are not in FILE.")
@click.option("--feedback", is_flag=True, help="Also write a zip of feedback pages.")
def command(
    lesson: str,
    moodle: Path | None,
    canvas: Path | None,
    column: str | None,
    to: Path | None,
    scale: bool,
    partial: bool,
    feedback: bool,
) -> None:
    """Fill the marks of LESSON into a list that a learning platform exported.

    Only the cells of marks change. The filled list goes into the folder `marks` beside
    the gradebook, under the same name, to be imported in the platform. Nothing is
    written where it is not clear whose a row is.
    """
    from grader.nbgrader.standing import standings
    from grader.platform.fill import fill
    from grader.platform.known import known_students
    from grader.platform.pages import write_pages

    path = moodle or canvas
    if path is None or (moodle and canvas):
        raise click.UsageError("one of --moodle FILE and --canvas FILE is needed")
    console = wide_console()
    course = open_course()
    (chosen,) = pick_lessons(course, lesson)
    marks = _read(path, column, None if moodle else chosen)
    if not renew_penalties(course, [chosen], console):
        raise click.ClickException("nothing was written")
    found = standings(course, chosen)
    if not found:
        raise click.ClickException(f"no marks of {chosen.name}: run `grader autograde`")
    names = {standing.student for standing in found}
    students = known_students(course, marks.platform, [chosen])
    theirs = [student for student in students if student.id in names]
    filled = fill(marks, found, theirs, partial=partial, scale=scale)
    target = to or course.folder / "marks" / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.with_name(f"{target.name}.part")
    unfinished.write_bytes(filled.content)
    unfinished.replace(target)
    _tell(marks, filled, console)
    _show(console, f"{marks.platform:9} {target}")
    if feedback:
        course.generate_feedback(chosen)
        pages = target.with_name(f"{target.stem}-feedback.zip")
        lost = write_pages(course, chosen, marks.platform, filled.entries, pages)
        if lost:
            _show(console, f"Without a page in the zip: {few(lost)}")
        _show(console, f"{'feedback':9} {pages}")


def _read(path: Path, column: str | None, lesson: Lesson | None) -> "MarkSheet":
    """Reads a gradebook of Canvas, for a lesson, or else a worksheet of Moodle."""
    from grader.platform.canvas import read_gradebook
    from grader.platform.moodle import read_worksheet
    from grader.platform.sheet import read_sheet

    sheet = read_sheet(path)
    if lesson is None:
        return read_worksheet(sheet, column)
    return read_gradebook(sheet, column, lesson)


def _tell(marks: "MarkSheet", filled: "Filled", console: Console) -> None:
    head = marks.sheet.heads[marks.column]
    count = len(filled.entries)
    _show(console, f"{count} mark{'s' * (count != 1)} in the column {head!r}.")
    changes: dict[str, Mapping[str, str]] = {
        "Replaced": filled.replaced,
        "Held back": filled.held,
    }
    for told, those in changes.items():
        for student, why in those.items():
            _show(console, f"{told}: {student}: {why}")
    for told, names in (
        ("Without a mark", filled.without),
        ("Left out, for they are not in the list", filled.left_out),
    ):
        if names:
            _show(console, f"{told}: {few(names)}")


def _show(console: Console, text: str) -> None:
    console.print(Text(terminal(text)), soft_wrap=True)
