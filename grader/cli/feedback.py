"""``grader feedback``: the feedback pages of a class."""

from dataclasses import asdict

import click
from rich.text import Text

from grader.cli._class import progress_on, wide_console
from grader.cli._course import check_students, open_course, pick_lessons
from grader.cli._crew import Output, Workforce, demand_one_place, takes_workers
from grader.cli._stop import Stop
from grader.escape import terminal
from grader.nbgrader.grading.lock import only_run
from grader.nbgrader.pages.class_pages import Page, Pages, unwritten, write_pages

STOPPED = "Stopped. `grader feedback` goes on where this was."


@click.command
@click.argument("lesson")
@click.option("--student", "students", multiple=True, help="Only this student.")
@click.option("--force", is_flag=True, help="Also write pages that are up to date.")
@takes_workers
def command(
    lesson: str,
    students: tuple[str, ...],
    force: bool,
    workers: int | None,
    scheduler: str | None,
    machine: bool,
) -> None:
    """Write the feedback pages of LESSON.

    They are those of `nbgrader generate_feedback`. A page that would be what it is
    already is not written again. Ctrl-C finishes what is in hand and stops, a second
    one stops at once; the next run goes on where this was.

    Exits with 0 if all pages are there; with 1 if one is not, as of a submission that
    has not been graded, or if another run is at work; with 2 if the command cannot be
    understood; with 130 after Ctrl-C.
    """
    demand_one_place(workers, scheduler)
    console = wide_console(stderr=machine)
    output = Output(console, machine)
    course = open_course()
    (chosen,) = pick_lessons(course, lesson)
    check_students(course, [chosen], students)
    names = [s for s in course.students(chosen) if not students or s in students]
    with only_run(course.folder, "grader feedback"):
        pages = Pages(course, chosen)
        todo = unwritten(pages, names, force=force)
        written = failed = 0
        waiting = "Finishing what is in hand; Ctrl-C again stops at once."
        stop = Stop(lambda: console.print(waiting))
        try:
            with (
                Workforce(workers, scheduler) as workforce,
                stop,
                progress_on(chosen.name, len(todo), console) as advance,
            ):
                crew = workforce.crew(len(todo))
                for page in write_pages(course, chosen, pages, todo, crew, stop):
                    written += page.written
                    failed += not page.written
                    advance()
                    _show(page, output)
        except KeyboardInterrupt:
            console.print(STOPPED)
            raise SystemExit(130) from None
    skipped = len(names) - len(todo)
    output.tell(kind="run", written=written, not_written=failed, as_they_were=skipped)
    lacking = f", {failed} not written" if failed else ""
    console.print(f"{written} written{lacking}, {skipped} as they were.")
    console.print(f"Pages: {course.folder / 'feedback'}", soft_wrap=True)
    if stop():
        console.print(STOPPED)
        raise SystemExit(130)
    if failed:
        raise SystemExit(1)


def _show(page: Page, output: Output) -> None:
    """Tells of each page to a program, and to a person where there is none."""
    output.tell(kind="page", **asdict(page))
    if page.problems and not output.machine:
        line = f"  {page.student}: {' '.join(page.problems)}"
        output.console.print(Text(terminal(line), "yellow"), soft_wrap=True)
