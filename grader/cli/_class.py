"""What the commands on a class share: progress while grading, and the table."""

import textwrap
from collections.abc import Callable, Sequence

from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from grader.escape import terminal
from grader.lessons import Lesson
from grader.nbgrader.classroom import Result, grade_class
from grader.nbgrader.course import Course
from grader.nbgrader.crew import Crew, in_this_process
from grader.nbgrader.standing import Standing

#: characters of a finding in the table; all of it is in the student's report
FINDING = 120


def wide_console(*, stderr: bool = False) -> Console:
    """A console; where no terminal tells its width, one that fits the table."""
    # texts are shown as they are: a name in brackets is no style
    console = Console(markup=False, emoji=False, stderr=stderr)
    if console.is_terminal:
        return console
    return Console(width=110, markup=False, emoji=False, stderr=stderr)


class _Rate(ProgressColumn):
    """How many submissions are graded in a minute."""

    def render(self, task: Task) -> Text:
        """The rate, once there is one."""
        speed = task.finished_speed or task.speed
        return Text(f"{60 * speed:.1f} a minute" if speed else "")


def grade_with_progress(
    course: Course,
    lesson: Lesson,
    students: Sequence[str],
    console: Console,
    show: Callable[[Result], None],
    crew: Crew = in_this_process,
    stopped: Callable[[], bool] = lambda: False,
) -> tuple[int, int]:
    """Grades and shows how far it is.

    Args:
        course: the course.
        lesson: which lesson.
        students: whose submissions.
        console: shows the progress.
        show: is handed each result as it comes.
        crew: who grades.
        stopped: whether to finish what is in hand, and begin no more.

    Returns:
        How many submissions were graded, and how many could not be.

    Raises:
        KeyboardInterrupt: what is in hand is then undone.
    """
    graded = failed = 0
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=None),
        MofNCompleteColumn(),
        _Rate(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=console,
        # Each submission takes seconds: an estimate needs few of them.
        speed_estimate_period=3600,
    ) as progress:
        task = progress.add_task(lesson.name, total=len(students))
        for result in grade_class(course, lesson, students, crew, stopped):
            graded += result.graded
            failed += not result.graded
            progress.advance(task)
            show(result)
    return graded, failed


def line_of(result: Result) -> Text:
    """A line for a student, whatever came out."""
    line = Text(f"  {terminal(result.student)}: ")
    if result.problems:
        line.append(terminal(" ".join(result.problems)), style="yellow")
    else:
        line.append(f"{max(0.0, result.points - result.late):g} points")
    if result.late:
        line.append(f", {result.late:g} of {result.points:g} taken off for lateness")
    if result.by_hand:
        line.append(f" (to be graded by hand: {', '.join(result.by_hand)})")
    if result.repairs:
        line.append(f" Mended before: {terminal(' '.join(result.repairs))}", "dim")
    return line


def renew_penalties(
    course: Course, lessons: Sequence[Lesson], console: Console
) -> bool:
    """Takes off for lateness what due dates say today, and tells what could not be.

    Returns:
        Whether all could be.
    """
    faults = {
        student: why
        for lesson in lessons
        for student, why in course.renew_penalties(lesson).items()
    }
    for student, why in faults.items():
        line = f"  {student}: late penalty not computed: {why}"
        console.print(Text(terminal(line), "yellow"), soft_wrap=True)
    return not faults


def _told(standing: Standing) -> str:
    """What waits for a person, and the first finding.

    Marks without a record are of a run that was stopped.
    """
    if not standing.reports:
        return "to be graded again"
    told = [f"to be graded by hand: {', '.join(standing.by_hand)}"]
    return ". ".join(told * bool(standing.by_hand) + [standing.first_finding])


def marks_table(lesson: Lesson, standings: Sequence[Standing]) -> Table:
    """A row for each student: points by function, total, the first finding.

    What the instructor added to the lesson has a column of its own.
    """
    full = {
        function: sum(c.points for c in lesson.checks if c.function == function)
        for function in lesson.functions
    }
    table = Table(title=lesson.name, title_justify="left", box=box.SIMPLE_HEAD)
    table.add_column("student", no_wrap=True)
    for function, points in full.items():
        heading = function.replace("_", "_\n")
        table.add_column(f"{heading}\n/{points:g}", justify="right")
    most = max((standing.most for standing in standings), default=0)
    questions = most > lesson.points
    if questions:
        heading = f"your\nquestions\n/{most - lesson.points:g}"
        table.add_column(heading, justify="right")
    late = any(standing.late for standing in standings)
    if late:
        table.add_column("late", justify="right")
    table.add_column(f"total\n/{most:g}", justify="right")
    table.add_column("first finding", ratio=1)
    for standing in standings:
        table.add_row(
            Text(terminal(standing.student)),
            *(f"{standing.points[function]:g}" for function in full),
            *([f"{standing.questions:g}"] if questions else []),
            *([f"{-standing.late or 0:g}"] if late else []),
            f"{standing.total:g}",
            Text(
                textwrap.shorten(terminal(_told(standing)), FINDING, placeholder=" …")
            ),
        )
    return table
