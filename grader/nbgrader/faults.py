"""Why a step could not be done, in a line; faults of the machine are told apart.

Imports nothing heavy: the command line uses it before it knows what it will run.
"""

import errno
import os
import sys
import traceback
from pathlib import Path

from grader.sandbox.probe import NoSandbox

_MACHINE = {
    errno.EACCES,
    errno.EPERM,
    errno.EROFS,
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EIO,
    errno.EMFILE,
    errno.ENFILE,
}


#: characters of an error's text in a line
_LONGEST = 300


class CourseError(Exception):
    """A step cannot be done; the message says why, in a line."""


class MachineFault(CourseError):
    """Something cannot be read or written. No mark may come of it."""


class Ungradable(Exception):
    """A submission is not what can be graded; the message tells its student why."""


def machine_fault(error: BaseException | None, gradebook: str = "") -> str:
    """Says in a line what the machine refused; empty for any other error.

    Args:
        error: what was raised.
        gradebook: the file or server that an error of the database is about.
    """
    if isinstance(error, MachineFault | NoSandbox):
        return str(error)
    if isinstance(error, OSError) and error.errno in _MACHINE:
        place = error.filename2 or error.filename or "a file"
        reason = (error.strerror or "it failed").lower()
        return f"cannot {_verb(place)} {place}: {reason}"
    if _is_of_database(error):
        place = f": {gradebook}" if gradebook else ""
        return f"The gradebook cannot be written{place}"
    return ""


def fault(error: BaseException, gradebook: str = "") -> str:
    """Says in a line why something could not be done, and where it went wrong.

    Args:
        error: what was raised.
        gradebook: the file or server that an error of the database is about.
    """
    if refused := machine_fault(error, gradebook):
        return refused
    text = " ".join(str(error).split())[:_LONGEST]
    if isinstance(error, CourseError):
        return text
    line = f"{type(error).__name__}: {text}"
    for frame in traceback.extract_tb(error.__traceback__)[-1:]:
        line += f" ({Path(frame.filename).name}, line {frame.lineno})"
    return line


def _is_of_database(error: BaseException | None) -> bool:
    """Whether the database refused; nbgrader raises an error of its own upon that."""
    # Such an error can be there only if its package is imported.
    database = sys.modules.get("sqlalchemy.exc")
    while database is not None and error is not None:
        if isinstance(error, database.OperationalError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _verb(place: str | bytes | int) -> str:
    unreadable = os.path.exists(place) and not os.access(place, os.R_OK)  # noqa: PTH110
    return "read" if unreadable else "write"
