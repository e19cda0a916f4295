"""Captures one function of a notebook that is no lesson's yet, as grading does."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from traitlets.config import Config

from grader.nbgrader.kernels.capturing import Limits, Run, capture_all
from grader.nbgrader.kernels.graded import Capture
from grader.nbgrader.kernels.kernel import Kernel
from grader.nbgrader.kernels.scratch import copy_files
from grader.nbgrader.notebook.slice import SKIP_TAG, slice_notebook
from grader.report import Failure
from grader.sandbox.manager import BoundedManager, SandboxManager


def capture_function(
    path: Path, challenge: dict[str, Any], *, sandboxed: bool = True
) -> Capture:
    """Runs what defines a function, and captures it.

    Args:
        path: of the notebook. Files beside it are there when it runs.
        challenge: for the function.
        sandboxed: whether its code is confined.
    """
    notebook = nbformat.read(path, as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    tagged = {
        index
        for index, cell in enumerate(cells)
        if SKIP_TAG in cell.metadata.get("tags", [])
    }
    name = challenge["function"]
    sliced = slice_notebook([cell.source for cell in cells], [name], tagged)
    manager = SandboxManager if sandboxed else BoundedManager

    @contextmanager
    def open_kernel() -> Iterator[Kernel]:
        with tempfile.TemporaryDirectory(prefix="grader-") as scratch:
            copy_files(path.parent, Path(scratch))
            folder = Path(scratch)
            with Kernel("python3", folder, Config(), manager_class=manager) as kernel:
                yield kernel

    run = Run(Limits())
    captured = capture_all(sliced, {name: challenge}, {}, open_kernel, run)[name]
    return run.why_lacking(name, captured, sliced) or captured


def graphs_of(captured: Capture, name: str) -> list[Any]:
    """The graph of each call of a capture, as it was written down.

    Raises:
        ValueError: if there is none; says why.
    """
    if isinstance(captured, Failure):
        raise ValueError(captured.message)
    if captured.get("status") != "captured":
        raise ValueError(f"{name} is not a function of the notebook.")
    return [_graph(name, call) for call in captured["calls"]]


def _graph(name: str, call: dict[str, Any]) -> Any:
    if "graph" in call:
        return call["graph"]
    error = call.get("error", {})
    if call.get("status") == "returned":
        raise ValueError(f"{name} returned a {call.get('type')}, not what it builds.")
    told = f"{error.get('type')}: {error.get('message')}"
    raise ValueError(f"{name} could not be called: {told}")
