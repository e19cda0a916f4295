"""The ``grader`` command.

Each subcommand is a file of this package that exports a click command named
``command``. It is imported when it is called: ``grader --help`` stays quick, and
``grader doctor`` works where TensorFlow or nbgrader are broken.
"""

import importlib
from difflib import get_close_matches
from typing import Any

import click

from grader import escape
from grader.exercise.fault import LessonFault
from grader.nbgrader.faults import CourseError, machine_fault

#: subcommand and its line in ``grader --help``
COMMANDS = {
    "autograde": "Grade the submissions of a lesson.",
    "data": "Show which images the lessons use, and draw the built-in ones.",
    "demo": "Grade a sample class and show what came out.",
    "doctor": "Check that everything the course needs is installed.",
    "draft": "Print the rows of a solution, to start a lesson of your own from.",
    "export": "Fill the marks of a lesson into a list of Moodle's or Canvas's.",
    "feedback": "Write the feedback pages of a lesson.",
    "release": "Write the student versions of the lessons.",
    "report": "Summarise the marks of a lesson.",
    "roster": "Give students names and addresses, from a class list.",
}


class LazyGroup(click.Group):
    """A group whose commands are imported by name, when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names of all subcommands, in the order of ``--help``."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The subcommand ``cmd_name``; None where there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        return importlib.import_module(f"grader.cli.{cmd_name}").command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The subcommand that is called; for one that there is not, the nearest."""
        name = args[0]
        near = get_close_matches(name, COMMANDS, n=1)
        if name not in COMMANDS and near and not ctx.resilient_parsing:
            ctx.fail(f"No such command {name!r}. Did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Runs a subcommand; what the course or the machine refuses is one line."""
        try:
            return super().invoke(ctx)
        except click.ClickException as error:
            # it may name students and files; click's type says that nobody rewords it
            own: Any = error
            own.message = escape.terminal_lines(error.message)
            raise
        except (CourseError, LessonFault) as error:
            raise click.ClickException(escape.terminal(str(error))) from error
        except Exception as error:
            if fault := machine_fault(error):
                raise click.ClickException(escape.terminal(fault)) from error
            raise

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """Write the list of subcommands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="resnet-course", prog_name="grader")
def main() -> None:
    """The course on residual networks, and its autograder."""
