"""otter-grader in an environment of its own: its packages conflict with the lock."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from tests.benchmarks.processes import DidNotRun
from tests.course import LESSON, ROOT

VERSION = "7.0.0"
PLACE = ROOT / "build" / "otter"
_SHARED = "tensorflow|keras|numpy|matplotlib|h5py|pillow|pooch|ipykernel|nbclient"
_BLOCK = """\
>>> np.random.seed(1)
>>> X = np.random.randn(3, 4, 4, 6).astype("float32")
>>> A = {name}(X, f=2, filters=[2, 4, 6], stage=1, block="a")
>>> len(A.shape), bool(np.isfinite(keras.ops.convert_to_numpy(A)).all())
(4, True)
"""
_NETWORK = """\
>>> model = ResNet50(input_shape=(64, 64, 3), classes=6)
>>> model.count_params(), model.get_layer("avg_pool").output.shape[-1]
(23600006, 2048)
"""


def prepare(folder: Path, source: Path) -> Path:
    """The equal notebook, and the archive that it is graded with.

    Its cells are those that nbgrader runs; public tests take the place of the
    course's checks.

    Raises:
        DidNotRun: if otter-grader cannot be had.
    """
    _install()
    notebook = nbformat.read(source, as_version=4)
    kept = []
    for cell in notebook.cells:
        own = cell.metadata.get("nbgrader", {})
        skipped = "skip-execution" in cell.metadata.get("tags", [])
        if cell.cell_type != "code" or skipped or own.get("grade"):
            continue
        lines = cell.source.splitlines()
        cell.source = "\n".join(
            line for line in lines if not re.match("import grader|lesson ?[=.]", line)
        )
        kept.append(cell)
    notebook.cells = kept
    path = folder / source.name
    nbformat.write(notebook, path)
    shutil.copy(source.with_name("resnets_utils.py"), folder)
    tests = folder / "tests"
    tests.mkdir()
    for name in LESSON.functions:
        code = _NETWORK if name == "ResNet50" else _BLOCK.format(name=name)
        suite = {"type": "doctest", "cases": [{"code": code, "hidden": False}]}
        test = {"name": name, "points": 1, "suites": [suite]}
        (tests / f"{name}.py").write_text(f"OK_FORMAT = True\ntest = {test!r}\n")
    _call([str(PLACE / "bin" / "otter"), "generate", "resnets_utils.py"], folder)
    return path


def command(notebook: Path) -> list[str]:
    """Grades one submission."""
    otter = str(PLACE / "bin" / "otter")
    return [otter, "run", "--no-logo", "-a", "autograder.zip", str(notebook)]


def _install() -> None:
    if (PLACE / "bin" / "otter").exists():
        return
    uv = str(Path(sys.executable).with_name("uv"))
    lock = (ROOT / "requirements.txt").read_text()
    same = re.findall(rf"^(?:{_SHARED})==[^ ;]+", lock, re.MULTILINE)
    python = str(PLACE / "bin" / "python")
    _call([uv, "venv", "--clear", "--python", sys.executable, str(PLACE)], ROOT)
    wanted = [f"otter-grader=={VERSION}", *same]
    _call([uv, "pip", "install", "--python", python, *wanted], ROOT)


def _call(words: list[str], folder: Path) -> None:
    done = subprocess.run(
        words, cwd=folder, env=os.environ, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise DidNotRun(f"otter-grader {VERSION}: {done.stderr.strip()[-200:]}")
