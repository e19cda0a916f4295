"""What commands that work on a class have in common: workers, and what they tell."""

import json
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass
from typing import Any, Self

import click
from rich.console import Console

from grader.nbgrader.grading.crew import Crew, in_this_process, workers_for
from grader.nbgrader.grading.imported import start_importing


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


class Workforce:
    """Who does the work of a command: this process, or workers.

    Workers that it starts end with the block.

    Args:
        workers: how many processes here, where that was asked for.
        scheduler: whose workers do it instead.
        parents: lends parents of warm kernels to workers here; see `lending.lent`.
    """

    def __init__(
        self,
        workers: int | None,
        scheduler: str | None,
        parents: AbstractContextManager[str] | None = None,
    ):
        self._workers = workers
        self._scheduler = scheduler
        self._parents = parents or nullcontext("")
        self._lent: str | None = None
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._stack.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        self._stack.__exit__(*error)

    def expect(self, tasks: int) -> None:
        """Starts what workers here have to wait for, if so many tasks take workers.

        That is imports of some seconds, which need not be waited for.
        """
        if self._scheduler or self._lent is not None or self._count(tasks) <= 1:
            return
        start_importing()
        self._lent = self._stack.enter_context(self._parents)

    def crew(self, tasks: int) -> Crew:
        """Who does so many tasks."""
        if self._count(tasks) <= 1 and not self._scheduler:
            return in_this_process
        self.expect(tasks)
        # it takes a second to import
        from grader.nbgrader.grading.workers import workers_at, workers_here

        if self._scheduler:
            return self._stack.enter_context(workers_at(self._scheduler))
        here = workers_here(self._count(tasks), self._lent or "")
        return self._stack.enter_context(here)

    def _count(self, tasks: int) -> int:
        return min(self._workers or workers_for(tasks), tasks)
