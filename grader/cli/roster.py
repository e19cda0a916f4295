"""``grader roster``: a class list into the gradebook."""

from pathlib import Path

import click
from rich.text import Text

from grader.cli._class import wide_console
from grader.cli._course import few, open_course
from grader.escape import terminal


@click.command
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--id", "column", metavar="HEAD", help="The column with students' ids.")
@click.option("--dry-run", is_flag=True, help="Say what would be done, and do nothing.")
def command(file: Path, column: str | None, dry_run: bool) -> None:
    """Give students names and addresses, from a class list in FILE.

    FILE is Moodle's list of participants or grading worksheet, Canvas's exported
    gradebook, or a CSV file with the columns id, first_name, last_name and email. Whom
    the course knows already keeps the id; others are called as `nbgrader zip_collect`
    would call them, or as the column says that --id names.
    """
    from grader.platform.roster import read_roster, save_roster
    from grader.platform.sheet import read_sheet

    course = open_course()
    roster = read_roster(course, read_sheet(file), column)
    if not dry_run:
        save_roster(course, roster)
    console = wide_console()
    known = len(roster.students) - len(roster.new)
    console.print(
        f"{len(roster.students)} students: {len(roster.new)} new, {known} known."
    )
    lines = {"New": roster.new, "In the course, and not in the list": roster.absent}
    for told, names in lines.items():
        if names:
            console.print(Text(f"{told}: {few(names)}"), soft_wrap=True)
    nameless = [s.id for s in roster.students if not s.first_name and not s.last_name]
    if nameless:
        console.print(Text(f"Without a name: {few(nameless)}"), soft_wrap=True)
    place = "Nothing was written" if dry_run else f"gradebook {course.gradebook_path}"
    console.print(Text(terminal(place)), soft_wrap=True)
