"""How long a learner waits: for Validate, and for each test cell in a live kernel."""

import os
import shutil
import sys
import time
from datetime import datetime
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from tests.benchmarks.graders import BUILD
from tests.benchmarks.processes import run
from tests.benchmarks.rows import Row
from tests.course import LESSON, ROOT


def measure(today: str) -> list[Row]:
    """A row for Validate, and one for each test cell."""
    folder = BUILD / "latency"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(ROOT / "solutions" / LESSON.name, folder)
    path = folder / f"{LESSON.notebook}.ipynb"
    started = time.perf_counter()
    nbgrader = str(Path(sys.executable).with_name("nbgrader"))
    run([nbgrader, "validate", str(path)], ROOT, os.environ)
    rows = [Row("validate", 0, today, (round(time.perf_counter() - started, 2),))]
    return rows + _cells(path, today)


def _cells(path: Path, today: str) -> list[Row]:
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=600, resources=resources).execute()
    rows = []
    for cell in notebook.cells:
        own = cell.metadata.get("nbgrader", {})
        times = cell.metadata.get("execution", {})
        if own.get("grade") and "shell.execute_reply" in times:
            begun, ended = (
                datetime.fromisoformat(times[key].replace("Z", "+00:00"))
                for key in ("iopub.execute_input", "shell.execute_reply")
            )
            seconds = round((ended - begun).total_seconds(), 2)
            rows.append(Row(f"cell {own['grade_id']}", 0, today, (seconds,)))
    return rows
