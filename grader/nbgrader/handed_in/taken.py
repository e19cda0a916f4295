"""What is taken from a submission's folder: files that are files, and no pages.

nbgrader would copy what a link points to, which may be anyone's: another submission,
the course secret, a file of the instructor's. And formgrader serves what lies beside a
notebook: a page there would run, by a click, with the instructor's rights.
"""

import mimetypes
import os
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from nbgrader.converters import base
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from grader.nbgrader.faults import Ungradable
from grader.nbgrader.handed_in.beside import Bounds, is_plain, look, matches

#: types of files in which a browser runs scripts when they are opened by themselves
_PAGE = re.compile("html|xml|xsl|rfc822|multipart")
#: bytes of a file with a time
LONGEST_TIMESTAMP = 200
_TIME = "timestamp.txt"
_SUBMITTED: dict[Path, Bounds] = {}


class NoPlainFile(Ungradable):
    """A notebook, or a folder on the way to it, is a link, a pipe or the like."""


def take_plain_files(submitted: Path, bounds: Bounds) -> None:
    """Makes nbgrader copy plain files only from what is handed in, within bounds.

    What it copies from elsewhere, such as the lesson's own figures, stays as it is. A
    second call changes nothing.

    Args:
        submitted: the folder with the students' folders.
        bounds: how much of a folder in it is taken.
    """
    _SUBMITTED[submitted] = bounds
    list_quickly()
    _take_plain_timestamps()


def list_quickly() -> None:
    """Makes nbgrader's converters list a folder once.

    Its own function lists the folder anew for each file in it and each pattern.
    """
    base.find_all_files = _files


def _files(path: str, exclude: Sequence[str] | None = None) -> list[str]:
    """Paths of a folder's files that nbgrader is to copy."""
    folder, patterns = Path(path), exclude or ()
    names = _handed_in(folder)
    if names is None:
        names = _below(folder, patterns)
    parts = [(name, name.split("/")) for name in names]
    return [
        str(folder / name)
        for name, way in parts
        if not any(matches(part, patterns) for part in way)
    ]


def _handed_in(folder: Path) -> list[str] | None:
    """Names of what is taken of a submission; None of another folder."""
    for submitted in folder.parents:
        if submitted in _SUBMITTED:
            return takeable(folder, _SUBMITTED[submitted])
    return None


def _below(folder: Path, patterns: Sequence[str]) -> list[str]:
    """Names of all files below a folder but in folders that fit a pattern."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not matches(name, patterns)]
        found += [Path(place, name).relative_to(folder).as_posix() for name in names]
    return found


def takeable(folder: Path, bounds: Bounds) -> list[str]:
    """Names of the files of a submission that may lie beside its graded notebook."""
    return [name for name in look(folder, bounds).files if not is_page(Path(name))]


def left_out_of(notebook: Path) -> list[str]:
    """Says what is not taken of the submission that a notebook lies in."""
    for submitted, bounds in _SUBMITTED.items():
        if submitted in notebook.parents:
            folder = submitted.joinpath(*notebook.relative_to(submitted).parts[:2])
            return look(folder, bounds).sentences() + _unread_time(folder)
    return []


def _unread_time(folder: Path) -> list[str]:
    try:
        _time(folder)
    except ValueError:
        return [
            f"The submission time could not be read from {_TIME}: whether this was "
            "late is unknown."
        ]
    return []


def _take_plain_timestamps() -> None:
    """Makes nbgrader read a time of handing in only where a small file holds one."""

    def plain(self: CourseDirectory, dest_path: str) -> datetime | None:
        try:
            return _time(Path(dest_path))
        except ValueError:
            self.log.warning("no submission time: %s/%s", dest_path, _TIME)
            return None

    CourseDirectory.get_existing_timestamp = plain


def _time(folder: Path) -> datetime | None:
    """The time at which a submission was handed in; None if it does not say.

    Raises:
        ValueError: what should say it is no file, or holds no time.
    """
    path = folder / _TIME
    if not os.path.lexists(path):
        return None
    if not is_plain(path, path.parent) or path.stat().st_size > LONGEST_TIMESTAMP:
        raise ValueError("no small file")
    text = path.read_text("utf-8").strip()
    try:
        return parse_utc(text)
    except Exception as error:
        # the parser lets through whatever a text makes its parts raise
        raise ValueError("no time") from error


def is_page(path: Path) -> bool:
    """Whether a browser takes a file for a page by its name, as HTML, SVG and XML."""
    return bool(_PAGE.search(mimetypes.guess_type(path.name)[0] or ""))


def demand_plain(notebook: Path) -> None:
    """Refuses a notebook that is a link, lies behind one, or is no file.

    Args:
        notebook: STUDENT/LESSON/NAME.ipynb in a course.

    Raises:
        NoPlainFile: the file, its folder or the student's folder is a link or a pipe.
    """
    if notebook.is_dir():
        raise NoPlainFile(f"{notebook.name} is a folder, not a file.")
    for path in (notebook, notebook.parent, notebook.parent.parent):
        if path.exists() and not (path.is_file() or path.is_dir()):
            raise NoPlainFile(f"{path.name} is not a file.")
        if path.is_symlink():
            raise NoPlainFile(
                f"{path.name} is a link. Hand in the file itself: what a link points "
                "to is not graded."
            )
