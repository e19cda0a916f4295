"""``grader doctor``."""

import click

from grader.doctor import CHECKS, examine


@click.command()
def command() -> None:
    """Check that everything the course needs is installed.

    One line for each part, as soon as it is known, with the remedy where something
    is missing. [FAIL] is what the course cannot do without, and then the command exits
    with 1; [optional] is what it can, and the line says what for.
    """
    failed = 0
    for check, health in examine(CHECKS):
        click.echo(check.line(health))
        failed += not health.ok and not check.needed_for
    if failed:
        raise SystemExit(1)
