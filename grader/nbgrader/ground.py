"""The ground that a course stands on: its folder, and what nbgrader makes of the path.

`nbgrader_config.py` asks here before it sets anything. nbgrader logs an error in that
file and goes on without it, and so without the sandbox: what is wrong ends the program.
"""

import glob
import os
import sys
from pathlib import Path

from sqlalchemy import URL, make_url

from grader.nbgrader.faults import CourseError

CONFIG = "nbgrader_config.py"
#: in the run folder: nbgrader writes to them and does not make them
FOLDERS = ("exchange", "logs")


def find_root(start: Path | None = None) -> Path:
    """The checkout around a folder.

    Raises:
        CourseError: if neither it nor a folder above has `nbgrader_config.py`.
    """
    here = (start or Path.cwd()).resolve()
    for folder in (here, *here.parents):
        if (folder / CONFIG).is_file() and (folder / "solutions").is_dir():
            return folder
    raise CourseError(f"no {CONFIG} with lessons here or above: {here}")


def prepare(root: Path, run: str) -> Path:
    """Makes the run folder, with the folders that nbgrader does not make.

    Args:
        root: the checkout.
        run: the run folder, relative to it or absolute.

    Returns:
        The run folder.

    Raises:
        SystemExit: if nbgrader could not work here; says why, and what to do.
    """
    folder = root / run
    if found := problem(root, folder, sys.prefix):
        raise SystemExit(f"Error: {found}")
    return folder


def problem(root: Path, folder: Path, prefix: str) -> str:
    """Why nbgrader could not work here, and what to do; empty if it can.

    Args:
        root: the checkout.
        folder: the run folder; it is made if it is not there.
        prefix: the folder of the Python environment.
    """
    for path in (root, folder):
        if glob.has_magic(str(path)):
            return (
                "nbgrader takes *, ? and [ in a path for a pattern, and finds nothing "
                f"in {path}: rename the folder, or move the course"
            )
        if os.path.expandvars(path) != str(path):
            return (
                f"nbgrader puts the value of a variable for the $ in {path}, and finds "
                "no settings there: rename the folder, or move the course"
            )
    if "%" in prefix:
        return (
            "nbgrader can make no gradebook where the path of its own packages has "
            f"a %, as {prefix} has: rename the folder, or move the course"
        )
    try:
        for name in FOLDERS:
            (folder / name).mkdir(parents=True, exist_ok=True)
        writable = os.access(folder, os.W_OK)
        reason = "permission denied"
    except OSError as error:
        writable, reason = False, (error.strerror or str(error)).lower()
    if writable:
        return ""
    return (
        f"grading writes to {folder}, and it cannot be written ({reason}): set "
        "GRADER_RUN_FOLDER to a folder of yours"
    )


def gradebook_url(path: Path) -> str:
    """A gradebook's file as nbgrader names it: `%` and `?` have a meaning there."""
    return URL.create("sqlite", database=str(path)).render_as_string()


def gradebook_file(url: str) -> Path:
    """The file that `gradebook_url` names."""
    return Path(make_url(url).database or "")


def gradebook_name(url: str) -> str:
    """What people are told of where a gradebook is: its file, or its server."""
    found = make_url(url)
    if found.get_backend_name() == "sqlite":
        return found.database or ""
    return found.render_as_string(hide_password=True)
