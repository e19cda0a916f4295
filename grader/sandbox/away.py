"""Folders that are done with: they are removed while the next submission is at work.

On some file systems the removal of each folder waits for a moment. Nobody else waits.
"""

import contextlib
import functools
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


@contextlib.contextmanager
def folder_for_now() -> Iterator[Path]:
    """Makes a folder that goes when the block is left."""
    path = Path(tempfile.mkdtemp(prefix="grader-"))
    try:
        yield path
    finally:
        remove(path)


def remove(path: Path) -> None:
    """Has a folder removed, at the latest when this process ends."""
    try:
        _remover(os.getpid()).submit(shutil.rmtree, path, ignore_errors=True)
    except RuntimeError:
        # it is ending
        shutil.rmtree(path, ignore_errors=True)


@functools.cache
def _remover(owner: int) -> ThreadPoolExecutor:
    """The one of a process, which waits for it: a fork has no threads."""
    return ThreadPoolExecutor(1, thread_name_prefix="grader-away")
