"""The process that workers here are forks of: it imports what they import."""

import multiprocessing
import os
from multiprocessing import forkserver

from grader.sandbox.environment import ONE_THREAD

_MODULES = [
    "distributed",
    "grader.nbgrader.grading.alone",
    "grader.nbgrader.pages.page_alone",
    "grader.nbgrader.grading.workers",
]


def start_importing() -> None:
    """Starts the process, and does not wait for it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_MODULES)
    before = dict(os.environ)
    # as Dask has it for its workers
    os.environ |= ONE_THREAD | {"PYTHONHASHSEED": "6640"}
    try:
        forkserver.ensure_running()
    finally:
        os.environ.clear()
        os.environ.update(before)
