"""The least that grading could cost: bare forks that run cells and capture.

    python -m tests.benchmarks.floor CLASS-FOLDER FORKS-AT-A-TIME

TensorFlow is imported once; each fork runs what grading runs of a notebook, and
captures the challenges. No Jupyter, gradebook, judge or sandbox.
"""

import gc
import importlib
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path

import nbformat

from grader.lessons import get_lesson
from grader.nbgrader.notebook.slice import SKIP_TAG, slice_notebook
from grader.sandbox.warm import modules
from tests.threads import ONE_THREAD

LESSON = get_lesson("01_residual_networks")


def main() -> None:
    submissions = sorted(Path(sys.argv[1]).glob(f"*/{LESSON.name}"))
    at_once = int(sys.argv[2])
    if at_once > 1:
        os.environ.update(ONE_THREAD)
    for name in modules(()):
        importlib.import_module(name)
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    running = failed = 0
    for folder in submissions:
        if running == at_once:
            failed += bool(os.wait()[1])
            running -= 1
        if not os.fork():
            code = 1
            try:
                _capture(folder)
                code = 0
            finally:
                os._exit(code)
        running += 1
    for _ in range(running):
        failed += bool(os.wait()[1])
    raise SystemExit(f"{failed} of {len(submissions)} failed" if failed else 0)


def _capture(folder: Path) -> None:
    from grader.capture.run import capture

    notebook = nbformat.read(folder / f"{LESSON.notebook}.ipynb", as_version=4)
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    tagged = [i for i, c in enumerate(cells) if SKIP_TAG in c.metadata.get("tags", [])]
    sources = ["" if "-" in _grade_id(cell) else cell.source for cell in cells]
    sliced = slice_notebook(sources, LESSON.functions, tagged)
    with tempfile.TemporaryDirectory() as scratch:
        shutil.copytree(folder, scratch, dirs_exist_ok=True)
        os.chdir(scratch)
        sys.path.insert(0, scratch)
        names: dict[str, object] = {"__name__": "__main__"}
        for step in sliced.steps:
            exec(compile(step.source, "cell", "exec"), names)
        for function in LESSON.functions:
            challenge = LESSON.challenge(function, folder.parent.name)
            captured = capture(challenge, names)
            if captured["status"] != "captured":
                raise RuntimeError(json.dumps(captured))
            json.dumps(captured)
        os.chdir("/")


def _grade_id(cell: nbformat.NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id") or ""


if __name__ == "__main__":
    main()
