"""What is taken from a submission's folder: files that are files, and no pages.

nbgrader would copy what a link points to, which may be anyone's: another submission,
the course secret, a file of the instructor's. And formgrader serves what lies beside a
notebook: a page there would run, by a click, with the instructor's rights.
"""

import functools
import mimetypes
import re
from datetime import datetime
from pathlib import Path
from typing import Any

from nbgrader.converters import base
from nbgrader.coursedir import CourseDirectory
from nbgrader.utils import parse_utc

from grader.nbgrader.faults import Ungradable

#: types of files in which a browser runs scripts when they are opened by themselves
_PAGE = re.compile("html|xml|xsl|rfc822|multipart")
#: bytes of a file with a time
LONGEST_TIMESTAMP = 200
_SUBMITTED: set[Path] = set()


class LinkedSubmission(Ungradable):
    """A notebook, or a folder on the way to it, is a link."""


def take_plain_files(submitted: Path) -> None:
    """Makes nbgrader copy plain files only from what is handed in.

    What it copies from elsewhere, such as the lesson's own figures, stays as it is. A
    second call changes nothing.

    Args:
        submitted: the folder with the students' folders.
    """
    _SUBMITTED.add(submitted)
    find = base.find_all_files
    if getattr(find, "_plain", False):
        return

    @functools.wraps(find)
    def plain(path: str, *args: Any, **kwargs: Any) -> list[str]:
        found = find(path, *args, **kwargs)
        if _SUBMITTED.isdisjoint(Path(path).parents):
            return found
        return [
            name
            for name in found
            if is_plain(Path(name), Path(path)) and not is_page(Path(name))
        ]

    plain._plain = True  # type: ignore[attr-defined]
    base.find_all_files = plain
    _take_plain_timestamps()


def _take_plain_timestamps() -> None:
    """Makes nbgrader read a time of handing in only where a small file holds one."""

    def plain(self: CourseDirectory, dest_path: str) -> datetime | None:
        path = Path(dest_path, "timestamp.txt")
        if not is_plain(path, path.parent) or path.stat().st_size > LONGEST_TIMESTAMP:
            return None
        try:
            return parse_utc(path.read_text("utf-8").strip())
        except (ValueError, OverflowError):
            self.log.warning("no time of handing in: %s", path)
            return None

    CourseDirectory.get_existing_timestamp = plain


def is_plain(path: Path, folder: Path) -> bool:
    """Whether a path below a folder is a file, and nothing on the way is a link."""
    way = [path, *path.parents]
    below = way[: way.index(folder)] if folder in way else way[:1]
    return path.is_file() and not any(each.is_symlink() for each in below)


def is_page(path: Path) -> bool:
    """Whether a browser takes a file for a page by its name, as HTML, SVG and XML."""
    return bool(_PAGE.search(mimetypes.guess_type(path.name)[0] or ""))


def demand_plain(notebook: Path) -> None:
    """Refuses a notebook that is a link or lies behind one.

    Args:
        notebook: STUDENT/LESSON/NAME.ipynb in a course.

    Raises:
        LinkedSubmission: the file, its folder or the student's folder is a link.
    """
    for path in (notebook, notebook.parent, notebook.parent.parent):
        if path.is_symlink():
            raise LinkedSubmission(
                f"{path.name} is a link. Hand in the file itself: what a link points "
                "to is not graded."
            )
