"""What commands that work on a class have in common: workers, and what they tell."""

import json
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

import click
from rich.console import Console

from grader.nbgrader.crew import Crew, in_this_process, workers_for


@dataclass(frozen=True)
class Output:
    """Lines for a person, or one JSON object a line for a program.

    Attributes:
        console: for a person; where a program reads, it writes to standard error.
        machine: whether a program reads.
    """

    console: Console
    machine: bool

    def tell(self, **fields: object) -> None:
        """Writes an object for a program; nothing for a person."""
        if self.machine:
            click.echo(json.dumps(fields))


def takes_workers(command: Any) -> Any:
    """Gives a command the options `--workers`, `--scheduler` and `--json`."""
    options = (
        click.option(
            "--workers",
            type=click.IntRange(min=1),
            help="How many processes do it; by default one a core, if there is enough "
            "to do.",
        ),
        click.option(
            "--scheduler",
            metavar="ADDRESS",
            help="Do it by the workers of this dask scheduler, such as tls://host:8786.",
        ),
        click.option(
            "--json",
            "machine",
            is_flag=True,
            help="Write one JSON object a line for programs.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


def demand_one_place(workers: int | None, scheduler: str | None) -> None:
    """Sees to it that workers are asked for in one place.

    Raises:
        click.UsageError: if they are asked for here and elsewhere.
    """
    if workers and scheduler:
        raise click.UsageError("--workers are of this machine: leave --scheduler out")


@contextmanager
def crew_for(
    workers: int | None,
    scheduler: str | None,
    tasks: int,
    parents: AbstractContextManager[str] | None = None,
) -> Iterator[Crew]:
    """Who does so many tasks.

    Args:
        workers: how many processes here, where that was asked for.
        scheduler: whose workers do it instead.
        tasks: how many there are.
        parents: of warm kernels, to be lent to workers here; see `lending.lent`.
    """
    count = min(workers or workers_for(tasks), tasks)
    if count <= 1 and not scheduler:
        yield in_this_process
        return
    with ExitStack() as stack:
        lent = ""
        if parents is not None and not scheduler:
            # a parent imports for seconds: meanwhile workers start
            lent = stack.enter_context(parents)
        # it takes a second to import
        from grader.nbgrader.workers import workers_at, workers_here

        here = workers_at(scheduler) if scheduler else workers_here(count, lent)
        yield stack.enter_context(here)
