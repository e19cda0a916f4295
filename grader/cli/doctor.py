"""``grader doctor``."""

import click

from grader.doctor import CHECKS, examine, passed


@click.command()
def command() -> None:
    """Look whether everything is here that the course needs.

    One line for each part, with the remedy where it fails. Exits with 1 if a part
    fails that the course cannot do without; optional parts say what they add.
    """
    findings = examine(CHECKS)
    for check, finding in zip(CHECKS, findings, strict=True):
        click.echo(check.line(finding))
    if not passed(CHECKS, findings):
        raise SystemExit(1)
