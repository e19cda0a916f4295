"""Links in what students hand in: nbgrader would copy what they point to.

What a link names may be anyone's: another submission, the course secret, a file of
the instructor's. So only files that are files are taken from a submission.
"""

import functools
from pathlib import Path
from typing import Any

from nbgrader.converters import base


class LinkedSubmission(Exception):
    """A notebook, or a folder on the way to it, is a link."""


def leave_out_links() -> None:
    """Makes nbgrader copy plain files only; a second call changes nothing."""
    find = base.find_all_files
    if getattr(find, "_plain", False):
        return

    @functools.wraps(find)
    def plain(path: str, *args: Any, **kwargs: Any) -> list[str]:
        return [
            name
            for name in find(path, *args, **kwargs)
            if is_plain(Path(name), Path(path))
        ]

    plain._plain = True  # type: ignore[attr-defined]
    base.find_all_files = plain


def is_plain(path: Path, folder: Path) -> bool:
    """Whether a path below a folder is a file, and nothing on the way is a link."""
    way = [path, *path.parents]
    below = way[: way.index(folder)] if folder in way else way[:1]
    return path.is_file() and not any(each.is_symlink() for each in below)


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
