"""Sandboxes as they start cold and warm, for tests of what holds in both."""

import functools
from contextlib import contextmanager

import pytest

from grader.sandbox import warm
from grader.sandbox.manager import SandboxManager

#: what a kernel cannot do without: importing TensorFlow takes seconds
LIGHT = ("numpy", "ipykernel.kernelapp", "ipykernel.ipkernel", "grader.stream")


@contextmanager
def manager_of(kind):
    """What makes managers of one kind; a warm parent ends with the block."""
    if kind == "cold":
        yield SandboxManager
        return
    if why := warm.problem():
        pytest.skip(f"no warm kernels: {why}")
    parent = warm.Parent(LIGHT)
    try:
        yield functools.partial(SandboxManager, warm=parent)
    finally:
        parent.close()
