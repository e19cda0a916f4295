"""``grader autograde``: nbgrader's autograde for a class, which always finishes."""

import click
from traitlets.config import Config

from grader.cli._class import grade_with_progress, wide_console
from grader.cli._course import open_course, pick_lesson, pick_students
from grader.nbgrader.classroom import forget, prepare, ungraded


@click.command
@click.argument("lesson", required=False)
@click.option("--student", "students", multiple=True, help="Only this student.")
@click.option("--force", is_flag=True, help="Also what was graded before.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=1),
    default=60,
    show_default=True,
    help="Seconds that one function of a submission may take.",
)
def command(
    lesson: str | None, students: tuple[str, ...], force: bool, timeout: float
) -> None:
    """Grade the submissions of LESSON, or of all lessons.

    A submission that was graded and has not changed since is skipped. One that
    cannot be graded gets 0 and a line here, and the next one is graded. Ctrl-C stops
    at once; without --force, the next run goes on where this was.
    """
    console = wide_console()
    course = open_course(Config({"CaptureAndJudge": {"capture_timeout": timeout}}))
    lessons = [pick_lesson(course, lesson)] if lesson else course.lessons()
    graded = failed = skipped = 0
    try:
        for each in lessons:
            chosen = pick_students(course, each, students, required=bool(lesson))
            if not chosen:
                continue
            prepare(course, each)
            if force:
                forget(course, each, chosen)
            todo = ungraded(course, each, chosen)
            skipped += len(chosen) - len(todo)
            if todo:
                done = grade_with_progress(course, each, todo, console, each=True)
                graded, failed = graded + done[0], failed + done[1]
    except KeyboardInterrupt:
        console.print("Stopped. `grader autograde` goes on where this was.")
        raise SystemExit(130) from None
    if not graded + failed + skipped:
        console.print(f"Nothing was handed in: {course.root / course.submitted}")
        return
    lacking = f", {failed} not graded" if failed else ""
    console.print(f"{graded} graded{lacking}, {skipped} as they were.")
    for each in lessons:
        console.print(f"Marks: grader report {each.name}")
    if failed:
        raise SystemExit(1)
