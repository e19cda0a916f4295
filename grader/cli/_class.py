"""What the commands on a class share: progress while grading, and a wide console."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

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
from rich.text import Text

from grader.escape import terminal
from grader.lessons import Lesson
from grader.nbgrader.grading.classroom import Result, grade_class
from grader.nbgrader.grading.course import Course
from grader.nbgrader.grading.crew import Crew, in_this_process


def wide_console(*, stderr: bool = False) -> Console:
    """A console; where no terminal tells its width, one that fits the table."""
    # texts are shown as they are: a name in brackets is no style
    console = Console(markup=False, emoji=False, stderr=stderr)
    if console.is_terminal:
        return console
    return Console(width=110, markup=False, emoji=False, stderr=stderr)


class _Rate(ProgressColumn):
    """How many submissions are done in a minute."""

    def render(self, task: Task) -> Text:
        """The rate, once there is one."""
        speed = task.finished_speed or task.speed
        return Text(f"{60 * speed:.1f} a minute" if speed else "")


@contextmanager
def progress_on(
    name: str, total: int, console: Console
) -> Iterator[Callable[[], None]]:
    """Shows how far it is, the rate and the time left, while the block lasts.

    Yields:
        What is called for each of the class that is done.
    """
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
        refresh_per_second=2,
    ) as progress:
        task = progress.add_task(name, total=total)
        yield lambda: progress.advance(task)


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
    with progress_on(lesson.name, len(students), console) as advance:
        for result in grade_class(course, lesson, students, crew, stopped):
            graded += result.graded
            failed += not result.graded
            advance()
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
