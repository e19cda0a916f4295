"""The files that a lesson's code reads, copied to where it runs."""

import os
import shutil
from pathlib import Path

from grader.nbgrader.handed_in.beside import matches

_PATTERNS = ("*.ipynb", "*.pct.py", ".*", "__pycache__", "timestamp.txt")
_PATTERNS += ("submission_secret.txt",)


def copy_files(source: Path, target: Path) -> None:
    """Copies what a lesson's code reads, from a folder of which all is taken.

    No notebook is copied, for it holds the tests; nor is a link, or what is neither
    file nor folder.
    """
    for place, folders, names in os.walk(source):
        folders[:] = [name for name in folders if not matches(name, _PATTERNS)]
        for name in names:
            path = Path(place, name)
            if matches(name, _PATTERNS) or path.is_symlink() or not path.is_file():
                continue
            copied = target / path.relative_to(source)
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copied)
