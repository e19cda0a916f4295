"""``grader draft``: rows of a solution, to start a lesson of one's own from."""

import ast
from pathlib import Path
from typing import Any

import click

from grader.judge.network.draft import draft
from grader.judge.network.normal import normal_form
from grader.judge.network.reading import read_graph
from grader.judge.strict import CaptureError
from grader.nbgrader.kernels.one_function import capture_function, graphs_of
from grader.sandbox.probe import NoSandbox, demand


def _arguments(text: str) -> dict[str, Any]:
    """Reads arguments as Python writes them: "f=2, filters=[2, 4, 6]"."""
    try:
        call = ast.parse(f"f({text})", mode="eval").body
        if not isinstance(call, ast.Call) or call.args:
            raise ValueError(text)
        return {str(k.arg): ast.literal_eval(k.value) for k in call.keywords}
    except (SyntaxError, ValueError):
        raise click.BadParameter(f"{text!r} is not of the form a=1, b=[2, 3]") from None


@click.command
@click.argument("notebook", type=click.Path(exists=True, dir_okay=False))
@click.argument("function")
@click.option(
    "--call",
    "calls",
    multiple=True,
    required=True,
    help='Arguments of a call, such as "f=2, filters=[2, 4, 6]". With two calls, '
    "numbers that are arguments in both become these: take others for each argument.",
)
@click.option(
    "--input",
    "shapes",
    multiple=True,
    default=("8, 8, 3",),
    show_default=True,
    help="Height, width and channels of the input; given twice, of each call.",
)
@click.option("--model", is_flag=True, help="It takes no tensor and returns a model.")
@click.option(
    "--unsafe-no-sandbox", is_flag=True, help="Run the notebook with your rights."
)
def command(
    notebook: str,
    function: str,
    calls: tuple[str, ...],
    shapes: tuple[str, ...],
    model: bool,
    unsafe_no_sandbox: bool,
) -> None:
    """Print the rows of what FUNCTION in NOTEBOOK builds.

    The notebook's cells that it needs run as in grading. The rows hold numbers and
    names as they were found; parts, labels and what is given are yours to write.
    """
    arguments = [_arguments(text) for text in calls]
    sizes = [list(_arguments(f"shape=[{shape}]")["shape"]) for shape in shapes]
    sizes += sizes[-1:] * (len(arguments) - len(sizes))
    challenge = {
        "function": function,
        "seed": "draft",
        "returns": "model" if model else "tensor",
        "stand_ins": {},
        "calls": [
            {
                "id": f"call_{number}",
                "input_shape": list(each.get("input_shape", size)),
                "arguments": each,
                "batch": 1,
                "initial": False,
                "training": False,
            }
            for number, (each, size) in enumerate(
                zip(arguments, sizes, strict=False), start=1
            )
        ],
    }
    try:
        if not unsafe_no_sandbox:
            demand()
        sandboxed = not unsafe_no_sandbox
        captured = capture_function(Path(notebook), challenge, sandboxed=sandboxed)
        written = graphs_of(captured, function)
        graphs = [normal_form(read_graph(graph)).graph for graph in written]
    except (CaptureError, NoSandbox, ValueError) as error:
        raise click.ClickException(str(error)) from error
    for each in arguments:
        each.pop("input_shape", None)
    channels = [call["input_shape"][-1] for call in challenge["calls"]]
    click.echo(draft(function, arguments, graphs, channels), nl=False)
