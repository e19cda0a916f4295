"""Is everything here that the course needs? One line for each part.

Each check looks at the real thing: TensorFlow is imported, not only found;
bubblewrap starts a sandbox. Checks are plain functions in a table, and run side by
side, since importing TensorFlow takes seconds; each is told as it ends.
"""

import importlib
import importlib.metadata
import importlib.util
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from packaging.requirements import Requirement
from packaging.version import Version

from grader.install import here, how_to_get_torch, system_package
from grader.program import last_line, run
from grader.sandbox import warm
from grader.sandbox.probe import probe

OLDEST_PYTHON = (3, 11)
NEWEST_PYTHON = (3, 13)

IMPORT_SECONDS = 180
COMMAND_SECONDS = 20

_INDENT = " " * 11


@dataclass(frozen=True)
class Health:
    """What a check found.

    Attributes:
        ok: whether the part works.
        text: what was found, in words.
        remedy: what to do where it does not work; empty where it does.
    """

    ok: bool
    text: str
    remedy: str = ""


@dataclass(frozen=True)
class Check:
    """One part of the course's environment.

    Attributes:
        part: the part's name, as a reader calls it.
        look: looks, and says what it found.
        needed_for: what an optional part adds; empty where nothing works without.
    """

    part: str
    look: Callable[[], Health]
    needed_for: str = ""

    def line(self, health: Health) -> str:
        """``health`` as the reader sees it, with the remedy on its own line."""
        text = f"{self.part}: {health.text}"
        if health.ok:
            return f"[OK]       {text}"
        remedy = f"{_INDENT}remedy: {health.remedy}"
        if self.needed_for:
            return f"[optional] {text} ({self.needed_for})\n{remedy}"
        return f"[FAIL]     {text}\n{remedy}"


def check_python(version: tuple[int, ...] = tuple(sys.version_info[:3])) -> Health:
    """The interpreter is one that the lock was resolved for."""
    found = ".".join(map(str, version))
    if OLDEST_PYTHON <= version[:2] <= NEWEST_PYTHON:
        return Health(True, found)
    oldest, newest = (".".join(map(str, v)) for v in (OLDEST_PYTHON, NEWEST_PYTHON))
    return Health(
        False,
        f"{found}, the course needs {oldest} to {newest}",
        f"install Python {newest} and {here().renew()}",
    )


def check_tensorflow() -> Health:
    """TensorFlow imports, in a version that the course admits."""
    code = "import tensorflow; print(tensorflow.__version__)"
    return _check_library("tensorflow", code)


def check_keras() -> Health:
    """Keras 3 imports, and computes with TensorFlow as the lessons set it to."""
    code = "from grader.capture.settings import keras; print(keras.__version__)"
    mend = here().mend("keras")
    remedy = f"mend or remove Keras's file, if the line names one; else {mend}"
    return _check_library("keras", code, remedy)


def check_torch() -> Health:
    """PyTorch, an extra, imports."""
    code = "import torch; print(torch.__version__)"
    return _check_library("torch", code, how_to_get_torch())


def check_graphviz() -> Health:
    """Graphviz's ``dot`` runs; pydot draws models with it."""
    remedy = system_package("graphviz")
    dot = shutil.which("dot")
    if dot is None:
        return Health(False, "no dot on the PATH", remedy)
    done = run([dot, "-V"], COMMAND_SECONDS)
    if done.returncode:
        return Health(False, f"{dot} fails: {last_line(done)}", remedy)
    return Health(True, last_line(done).removeprefix("dot - "))


def check_server_extension() -> Health:
    """The Jupyter server loads the extension behind the Validate button."""
    name = "nbgrader.server_extensions.validate_assignment"
    try:
        from jupyter_core.paths import jupyter_config_path
        from jupyter_server.extension.config import ExtensionConfigManager

        manager = ExtensionConfigManager(read_config_path=jupyter_config_path())
        enabled = manager.enabled(name)
        importlib.import_module(name)
        version = importlib.metadata.version("nbgrader")
    except Exception as error:
        return Health(False, f"does not load: {_name(error)}", here().mend("nbgrader"))
    if not enabled:
        return Health(
            False,
            f"{name} is disabled",
            f"run {here().python} -m jupyter server extension enable {name}",
        )
    return Health(True, f"validate_assignment {version}")


def check_lab_extension() -> Health:
    """JupyterLab finds nbgrader's extension and has not got it disabled."""
    name = "@jupyter/nbgrader"
    try:
        from jupyter_core.paths import jupyter_path
        from jupyterlab_server.config import (
            get_federated_extensions,
            get_page_config,
        )

        folders = jupyter_path("labextensions")
        extension = get_federated_extensions(folders).get(name)
        disabled = get_page_config(folders).get("disabledExtensions", [])
    except Exception as error:
        return Health(False, f"does not load: {_name(error)}", here().mend("nbgrader"))
    if extension is None:
        return Health(False, f"JupyterLab finds no {name}", here().mend("nbgrader"))
    # a disabled name is the extension's own, or "name:plugin" for a part of it
    if any(entry.split(":")[0] == name for entry in disabled):
        remedy = f"run {here().python} -m jupyter labextension enable {name}"
        return Health(False, f"{name} is disabled", remedy)
    return Health(True, f"{name} {extension['version']}")


def check_bubblewrap() -> Health:
    """Bubblewrap starts the sandbox that submissions run in."""
    found = probe()
    if found.problem:
        return Health(False, found.problem, found.remedy)
    text = f"{found.version}, starts a sandbox for student code"
    if cold := warm.problem(warm.modules(())):
        return Health(True, f"{text}; each kernel starts cold ({cold})")
    text += "; kernels are forked from a warm one"
    if importlib.util.find_spec("torch") is None:
        return Health(True, text)
    if cold := warm.problem(warm.modules(("torch",))):
        text += f", but where a lesson needs PyTorch each starts cold ({cold})"
    return Health(True, text)


def check_data() -> Health:
    """The data set that the lessons would load now."""
    try:
        data = importlib.import_module("resnet_data")
        return Health(True, str(data.source_in_use()))
    except Exception as error:
        remedy = "run 'grader data' to see the sources"
        return Health(False, f"none can be used: {_name(error)}", remedy)


def check_course_folder() -> Health:
    """The checkout lies where nbgrader can work; elsewhere nothing is graded."""
    from grader.nbgrader.ground import CourseError, find_root, problem

    try:
        root = find_root()
    except CourseError:
        return Health(True, "not in a checkout, so that nothing is graded from here")
    folder = root / os.environ.get("GRADER_RUN_FOLDER", "course")
    found, _, remedy = problem(root, folder, sys.prefix).rpartition(": ")
    return Health(not remedy, found or str(folder), remedy)


CHECKS: tuple[Check, ...] = (
    Check("Python", check_python),
    Check("TensorFlow", check_tensorflow),
    Check("Keras", check_keras),
    Check("PyTorch", check_torch, "the second half of lesson 5 needs it"),
    Check("graphviz", check_graphviz, "plots of models need it"),
    Check("nbgrader's server extension", check_server_extension),
    Check("nbgrader's lab extension", check_lab_extension),
    Check("bubblewrap", check_bubblewrap, "grading other people's notebooks needs it"),
    Check("course folder", check_course_folder, "grading needs it"),
    Check("data set", check_data),
)


def examine(
    checks: tuple[Check, ...] = CHECKS,
) -> Iterator[tuple[Check, Health]]:
    """Each of ``checks`` with its health, as it ends."""
    with ThreadPoolExecutor(len(checks)) as pool:
        running = {pool.submit(_look, check): check for check in checks}
        for done in as_completed(running):
            yield running[done], done.result()


def _look(check: Check) -> Health:
    """What ``check`` finds; one that fails itself must not hide the others."""
    try:
        return check.look()
    except Exception as error:
        return Health(False, f"cannot be checked: {_name(error)}", here().renew())


def _check_library(name: str, code: str, remedy: str = "") -> Health:
    """Run ``code``, which prints the version of library ``name``, elsewhere.

    A library with a broken binary may end the whole process, and TensorFlow writes
    to the log before anything can stop it: both stay in the other process.
    """
    remedy = remedy or here().mend(name)
    done = run([sys.executable, "-c", code], IMPORT_SECONDS)
    if done.returncode:
        text = f"import {name} fails: {last_line(done)}"
        return Health(False, text, remedy)
    version = done.stdout.split()[-1]
    admitted = _requirement(name)
    if admitted and Version(version) not in admitted.specifier:
        text = f"{version}, the course needs {admitted.specifier}"
        return Health(False, text, remedy)
    return Health(True, version)


def _requirement(name: str) -> Requirement | None:
    """The course's requirement on ``name``; None where it is not installed."""
    try:
        lines = importlib.metadata.requires("resnet-course") or []
    except importlib.metadata.PackageNotFoundError:
        return None
    return next((r for r in map(Requirement, lines) if r.name == name), None)


def _name(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"
