"""``grader autograde``: nbgrader's autograde for a class, which always finishes."""

from collections.abc import Sequence
from dataclasses import asdict

import click
from rich.text import Text
from traitlets.config import Config

from grader.cli._class import (
    grade_with_progress,
    line_of,
    renew_penalties,
    wide_console,
)
from grader.cli._course import check_students, open_course, pick_lessons
from grader.cli._crew import Output, Workforce, demand_one_place, takes_workers
from grader.cli._findings import commonest
from grader.cli._stop import Stop
from grader.escape import terminal
from grader.lessons import Lesson
from grader.nbgrader.faults import MachineFault
from grader.nbgrader.grading.classroom import Result, forget, prepare, ungraded
from grader.nbgrader.grading.course import Course
from grader.nbgrader.grading.crew import Crew
from grader.nbgrader.grading.lock import only_run
from grader.nbgrader.grading.other_names import misnamed_folders
from grader.nbgrader.kernels.extras import demand_extra

WARNING = "Student code runs with your rights: there is no sandbox."
STOPPED = "Stopped. `grader autograde` goes on where this was."

Todo = Sequence[tuple[Lesson, list[str]]]


@click.command
@click.argument("lesson", required=False)
@click.option("--student", "students", multiple=True, help="Only this student.")
@click.option("--force", is_flag=True, help="Also grade again what was graded before.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=1),
    help="Seconds that one function of a submission may take; by default as many as "
    "the settings give it.",
)
@click.option(
    "--unsafe-no-sandbox",
    is_flag=True,
    help="Run student code with your rights; the records of the marks say so.",
)
@takes_workers
def command(
    lesson: str | None,
    students: tuple[str, ...],
    force: bool,
    timeout: float | None,
    unsafe_no_sandbox: bool,
    workers: int | None,
    scheduler: str | None,
    machine: bool,
) -> None:
    """Grade the submissions of LESSON, or of all lessons.

    A submission that was graded, has not changed since and has its marks in the
    gradebook is skipped. One that cannot be graded gets 0 and a line here, and the
    next one is graded. Ctrl-C finishes what is in hand and stops, a second one stops
    at once; without --force, the next run goes on where this was.

    Exits with 0 if all have their marks; with 1 if a submission has no mark for a
    fault that is not the student's, or if another run is grading; with 2 if the
    command cannot be understood; with 130 after Ctrl-C.
    """
    demand_one_place(workers, scheduler)
    console = wide_console(stderr=machine)
    output = Output(console, machine)
    settings: dict[str, object] = {}
    if timeout is not None:
        settings["capture_timeout"] = timeout
    if unsafe_no_sandbox:
        settings["unsafe_no_sandbox"] = True
    course = open_course(Config({"CaptureAndJudge": settings}))
    sandbox = _sandbox(course)
    lessons = pick_lessons(course, lesson)
    strays = _strays(course, lessons, students)
    if not strays:
        check_students(course, lessons, students)
    for stray in strays:
        console.print(Text(f"  {terminal(stray)}", "yellow"), soft_wrap=True)
    _demand_extras(course, lessons)
    new = _without_record(course, lessons, students)
    with (
        only_run(course.folder, "grader autograde"),
        Workforce(workers, scheduler, course.parents((new or lessons)[0])) as workforce,
    ):
        workforce.expect(len(new))
        todo, skipped = _todo(course, lessons, students, force)
        if todo:
            confined = f"Student code is confined: {sandbox}."
            console.print(WARNING if sandbox == "none" else confined)
        count = sum(len(names) for _, names in todo)
        crew = workforce.crew(count)
        graded, failed, stopped = _grade(course, todo, output, crew)
        in_time = renew_penalties(course, lessons, console)
    failed += len(strays)
    if not graded + failed + skipped:
        console.print(f"Nothing was handed in: {course.root / course.submitted}")
        return
    for each, _ in todo if graded else ():
        _summarise(course, each, output)
    output.tell(kind="run", graded=graded, not_graded=failed, as_they_were=skipped)
    lacking = f", {failed} not graded" if failed else ""
    console.print(f"{graded} graded{lacking}, {skipped} as they were.")
    for each in lessons:
        console.print(f"Marks: grader report {each.name}")
        console.print(f"Pages to give back: grader feedback {each.name}")
    if stopped:
        console.print(STOPPED)
        raise SystemExit(130)
    if failed or not in_time:
        raise SystemExit(1)


def _grade(
    course: Course, todo: Todo, output: Output, crew: Crew
) -> tuple[int, int, bool]:
    """How many were graded, how many could not be, and whether Ctrl-C ended it."""
    graded = failed = 0
    console = output.console

    def show(result: Result) -> None:
        output.tell(kind="submission", **asdict(result))
        if not output.machine:
            console.print(line_of(result), soft_wrap=True)

    waiting = "Finishing what is in hand; Ctrl-C again stops at once."
    try:
        with Stop(lambda: console.print(waiting)) as stop:
            for lesson, names in todo:
                done = grade_with_progress(
                    course, lesson, names, console, show, crew, stop
                )
                graded, failed = graded + done[0], failed + done[1]
    except KeyboardInterrupt:
        console.print(STOPPED)
        raise SystemExit(130) from None
    return graded, failed, stop()


def _summarise(course: Course, lesson: Lesson, output: Output) -> None:
    """Tells what the class gets wrong most often."""
    found = commonest(course, lesson, course.students(lesson))
    counts = [{"students": count, "finding": text} for text, count in found]
    output.tell(kind="findings", lesson=lesson.name, commonest=counts)
    if found and not output.machine:
        output.console.print(f"What is found most often in {lesson.name}:")
    for text, count in () if output.machine else found:
        output.console.print(Text(f"  {count:4}  {terminal(text)}"), soft_wrap=True)


def _sandbox(course: Course) -> str:
    """What submissions run in.

    Raises:
        click.ClickException: if nothing would confine them; before anything is done.
    """
    try:
        return course.sandbox()
    except MachineFault as error:
        raise click.ClickException(
            f"{error}, or go on at your own risk with --unsafe-no-sandbox."
        ) from error


def _demand_extras(course: Course, lessons: Sequence[Lesson]) -> None:
    """Sees to it that marks do not depend on what is installed here.

    Raises:
        click.ClickException: if a lesson with submissions needs a package that is
            missing; before anything is done.
    """
    for lesson in lessons:
        try:
            if course.students(lesson):
                demand_extra(lesson)
        except MachineFault as error:
            raise click.ClickException(str(error)) from error


def _without_record(
    course: Course, lessons: Sequence[Lesson], students: Sequence[str]
) -> list[Lesson]:
    """The lesson of each submission that was never graded, or not to the end."""
    return [
        lesson
        for lesson in lessons
        for student in course.students(lesson)
        if not students or student in students
        if not course.place(lesson, student).record.exists()
    ]


def _strays(
    course: Course, lessons: Sequence[Lesson], students: Sequence[str]
) -> list[str]:
    """A line for each submission whose folder does not bear the lesson's name."""
    return [
        f"{student}: no folder {lesson.name} (there is {other}): not graded"
        for lesson in lessons
        for student, other in misnamed_folders(
            course.root / course.submitted, lesson
        ).items()
        if not students or student in students
    ]


def _todo(
    course: Course, lessons: Sequence[Lesson], students: Sequence[str], force: bool
) -> tuple[list[tuple[Lesson, list[str]]], int]:
    """Whom to grade, by lesson, and how many submissions are done already."""
    todo, skipped = [], 0
    for lesson in lessons:
        handed_in = course.students(lesson)
        chosen = [name for name in handed_in if not students or name in students]
        if not chosen:
            continue
        prepare(course, lesson)
        if force:
            forget(course, lesson, chosen)
        names = ungraded(course, lesson, chosen)
        skipped += len(chosen) - len(names)
        if names:
            todo.append((lesson, names))
    return todo, skipped
