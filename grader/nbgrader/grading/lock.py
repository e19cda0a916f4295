"""One run at a time works on a class: grades into a run folder, or writes its pages."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from grader.nbgrader.faults import CourseError

NAME = "grading.lock"


class Busy(CourseError):
    """Another run is grading into the same folder."""


@contextmanager
def only_run(folder: Path, command: str) -> Iterator[None]:
    """Keeps other runs from grading into a run folder while the block lasts.

    The system gives the lock back when the process ends, however it ends: a file that
    a killed run left behind stops nobody.

    Args:
        folder: the run folder, such as `course/`.
        command: what the others are told is running.

    Raises:
        Busy: if another run is grading; the message says which, and since when.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / NAME).open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            other = file.read(200).strip() or "another run"
            raise Busy(
                f"{other} is at work in {folder}: nothing was done. "
                "Start again when it has ended"
            ) from error
        file.truncate(0)
        began = datetime.now().astimezone().strftime("%Y-%m-%d %H:%M:%S")
        file.write(f"{command} (process {os.getpid()}, since {began})")
        file.flush()
        yield
        file.truncate(0)
