"""``grader release``: the student versions, and the kit that holds them."""

import subprocess
from pathlib import Path

import click

from grader.cli._course import open_course
from grader.lessons import LESSONS
from grader.nbgrader.grading.course import CourseError


@click.command
@click.option("--kit/--no-kit", default=True, help="Also write the student kit.")
def command(kit: bool) -> None:
    """Write assignments/ from solutions/, and the student kit into build/."""
    course = open_course()
    lessons = course.lessons()
    faults = course.faults()
    for name in sorted({*LESSONS} - {*LESSONS.names, *course.lesson_names()}):
        sources = course.directory.source_directory
        click.echo(f"{name} is installed; there is no {sources}/{name}", err=True)
    for lesson in lessons:
        folder = Path(course.root, course.directory.source_directory, lesson.name)
        if not (folder / f"{lesson.notebook}.ipynb").is_file():
            faults.append(
                f"{lesson.name}: there is no {lesson.notebook}.ipynb in {folder}"
            )
            continue
        try:
            course.generate_assignment(lesson)
        except CourseError as error:
            faults.append(f"{lesson.name}: {error}")
        else:
            click.echo(course.release_path(lesson))
    if faults:
        raise click.ClickException("\n".join(faults))
    if not kit:
        return
    try:
        from grader.release.kit import build_kit
    except ModuleNotFoundError:
        raise click.ClickException("the kit is built in a checkout only") from None
    release = Path(course.root, course.directory.release_directory)
    try:
        click.echo(build_kit(course.root, release, lessons))
    except subprocess.CalledProcessError as error:
        raise click.ClickException(
            f"the package does not build:\n{error.stdout}{error.stderr}"
        ) from error
