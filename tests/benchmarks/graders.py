"""The ways to grade a class that are measured side by side."""

import os
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat

from tests.benchmarks import otter
from tests.benchmarks.processes import DidNotRun, Ran, run
from tests.course import LESSON, ROOT

BUILD = ROOT / "build" / "benchmarks"
_BIN = Path(sys.executable).parent
_SOURCE = ROOT / "solutions" / LESSON.name
_RELEASE = ROOT / "assignments" / LESSON.name
_FILE = f"{LESSON.notebook}.ipynb"


def plain(count: int) -> Ran:
    """nbgrader with its defaults, in a course of its own."""
    folder = _fresh("plain")
    settings = f'c = get_config()\nc.CourseDirectory.root = "{folder}"\n'
    settings += 'c.CourseDirectory.course_id = "plain"\n'
    (folder / "nbgrader_config.py").write_text(settings)
    shutil.copytree(_SOURCE, folder / "source" / LESSON.name)
    environment = _environment()
    nbgrader = str(_BIN / "nbgrader")
    run([nbgrader, "generate_assignment", LESSON.name], folder, environment)
    hand_in(folder / "submitted", count)
    return run([nbgrader, "autograde", LESSON.name], folder, environment)


def ours(count: int, workers: int | None, *, first: bool = False) -> Ran:
    """The course's own command, in a run folder of its own.

    Args:
        count: of submissions.
        workers: how many; None where the command grades in one process.
        first: whether only the first function is solved, and the others are as in
            the release.
    """
    folder = _fresh("ours")
    hand_in(folder / "submitted", count, first=first)
    command = [str(_BIN / "grader"), "autograde", LESSON.name]
    if workers is not None:
        command += ["--workers", str(workers)]
    environment = _environment() | {"GRADER_RUN_FOLDER": str(folder)}
    return run(command, ROOT, environment)


def floor(count: int, at_once: int) -> Ran:
    """Bare forks."""
    folder = _fresh("floor")
    hand_in(folder, count)
    command = [sys.executable, "-m", "tests.benchmarks.floor", str(folder)]
    return run([*command, str(at_once)], ROOT, _environment())


def otter_run(count: int) -> Ran:
    """otter-grader, a command for each submission."""
    folder = _fresh("otter")
    notebook = otter.prepare(folder, _SOURCE / _FILE)
    environment = _environment()
    start = time.perf_counter()
    memory: dict[str, float] = {}
    for _ in range(count):
        ran = run(otter.command(notebook), folder, environment)
        for role, size in ran.memory.items():
            memory[role] = max(size, memory.get(role, 0.0))
    return Ran(time.perf_counter() - start, 0.0, memory)


def takes_workers() -> bool:
    """Whether the course's command has workers."""
    from grader.cli.autograde import command

    return any("--workers" in option.opts for option in command.params)


def ways() -> dict[str, Callable[[int], Ran]]:
    """How each part grades so many submissions."""
    cores = os.cpu_count() or 1
    found = {
        "plain": plain,
        "otter": otter_run,
        "one": lambda count: ours(count, 1 if takes_workers() else None),
        "all": lambda count: ours(count, cores),
        "floor": lambda count: floor(count, 1),
        "floor-all": lambda count: floor(count, cores),
    }
    if not takes_workers():
        found["all"] = _lacking
    return found


def hand_in(folder: Path, count: int, *, first: bool = False) -> None:
    """So many submissions, with the files that came with the lesson."""
    notebook = nbformat.read(_SOURCE / _FILE, as_version=4)
    if first:
        released = nbformat.read(_RELEASE / _FILE, as_version=4)
        own = {_id(c): c.source for c in released.cells if _id(c)}
        for cell in notebook.cells:
            if _id(cell) in LESSON.functions[1:]:
                cell.source = own[_id(cell)]
    for number in range(count):
        place = folder / f"student{number:04}" / LESSON.name
        place.mkdir(parents=True)
        nbformat.write(notebook, place / _FILE)
        for path in _RELEASE.iterdir():
            if path.is_file() and path.suffix != ".ipynb":
                shutil.copy(path, place)


def _lacking(count: int) -> Ran:
    raise DidNotRun("`grader autograde` has no --workers here")


def _fresh(name: str) -> Path:
    folder = BUILD / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _environment() -> dict[str, str]:
    paths = os.pathsep.join([str(ROOT), str(ROOT / "datasets")])
    search = os.pathsep.join([str(_BIN), os.environ.get("PATH", "")])
    return os.environ | {"PYTHONPATH": paths, "PATH": search}


def _id(cell: nbformat.NotebookNode) -> str:
    return cell.metadata.get("nbgrader", {}).get("grade_id") or ""
