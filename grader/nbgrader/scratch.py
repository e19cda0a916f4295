"""The files that a lesson's code reads, copied to where it runs."""

import fnmatch
import os
import shutil
from collections.abc import Collection
from pathlib import Path

#: bytes, and files, of what a student hands in beside the notebook
ROOM = 200_000_000
MOST = 5_000
_PATTERNS = ("*.ipynb", "*.pct.py", ".*", "__pycache__", "timestamp.txt")


def plain_files(folder: Path) -> list[str]:
    """Names of the files below a folder, relative to it, that code may read.

    No notebook is among them, for it holds the tests; nor is a link, or what is
    neither file nor folder.
    """
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not _left_out(name)]
        paths = [Path(place, name) for name in names if not _left_out(name)]
        plain = [path for path in paths if path.is_file() and not path.is_symlink()]
        found += [path.relative_to(folder).as_posix() for path in plain]
    return found


def copy_files(source: Path, target: Path, first: Collection[str] = ()) -> None:
    """Copies what a lesson's code reads, as far as there is room.

    Args:
        source: a lesson's folder.
        target: the folder that the files go to.
        first: names, relative to `source`, of the lesson's own files: they are copied
            in any case. Of the others the small ones go before the large.
    """
    own = set(first)
    found = [(name, (source / name).stat().st_size) for name in plain_files(source)]
    others = [entry for entry in found if entry[0] not in own]
    others.sort(key=lambda entry: entry[1])
    room, kept = ROOM, [name for name, _ in found if name in own]
    for name, size in others[:MOST]:
        room -= size
        if room < 0:
            break
        kept.append(name)
    for name in kept:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source / name, path)


def _left_out(name: str) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in _PATTERNS)
