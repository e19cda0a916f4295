"""Sandboxes as they start cold and warm, for tests of what holds in both."""

import functools
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from traitlets.config import Config

from grader.nbgrader.kernels.kernel import Kernel
from grader.sandbox import warm
from grader.sandbox.manager import SandboxManager
from grader.sandbox.watch import descendants

MIME_TYPE = "application/x-test+json"

#: what a kernel cannot do without: importing TensorFlow takes seconds
LIGHT = ("numpy", "ipykernel.kernelapp", "ipykernel.ipkernel", "grader.stream")


@contextmanager
def parent_of_its_own():
    """A parent of warm kernels; it ends with the block."""
    if why := warm.problem():
        pytest.skip(f"no warm kernels: {why}")
    parent = warm.Parent(LIGHT)
    try:
        yield parent
    finally:
        parent.close()


@contextmanager
def manager_of(kind):
    """What makes managers of one kind; a warm parent ends with the block."""
    if kind == "cold":
        yield SandboxManager
        return
    with parent_of_its_own() as parent:
        yield functools.partial(SandboxManager, warm=parent)


def kernel_of(parent, folder):
    """A kernel that is forked from a parent where it can be."""
    manager = functools.partial(SandboxManager, warm=parent)
    return Kernel("python3", folder, Config(), manager_class=manager)


def value(kernel, expression, setup="pass"):
    code = (
        f"{setup}\nfrom IPython.display import display\n"
        f"display({{{MIME_TYPE!r}: {expression}}}, raw=True)"
    )
    outcome = kernel.run(code, 30, MIME_TYPE)
    assert outcome.status == "ok", outcome
    return outcome.displays[0]


def processes(parent):
    """The parent's bubblewrap and all that is below it."""
    pid = parent._process.pid
    return [pid, *descendants(pid)]


def forked_process(parent):
    """The process that has imported: the only one of its name that is no kernel."""
    for pid in processes(parent):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if words[0] == sys.executable.encode() and words[1].endswith(b"parent.py"):
            return pid
    raise AssertionError("there is none")


def gone(things, seconds=10):
    """Whether processes, by their numbers, end in time, or paths are removed."""
    paths = [t if isinstance(t, Path) else Path(f"/proc/{t}/stat") for t in things]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not any(path.exists() for path in paths):
            return True
        time.sleep(0.05)
    return False
