"""What lies beside a notebook that was handed in: how much of it is taken.

A folder may hold anything: gigabytes of zeros, a million files, pipes, links. It is
looked at as far as the bounds go, small files before large ones; no file is opened.
"""

import fnmatch
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nbgrader.coursedir import CourseDirectory

from grader.escape import is_visible, line

#: what operating systems and notebook servers leave about
JUNK = (".*", "__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini")
#: what nbgrader's exchange puts beside a notebook, and the bytes that it may have
EXCHANGE = {"timestamp.txt": 200, "submission_secret.txt": 1000}
#: files that are told by name, and characters of a name
SHOWN, LONGEST_NAME = 4, 60


@dataclass(frozen=True)
class Bounds:
    """How much of a folder is taken.

    Attributes:
        file: bytes of a file.
        room: bytes of all files.
        files: how many.
        entries: how many files and folders are looked at: where there are more, none
            is taken.
        depth: folders in folders.
        ignore: patterns of names that are nobody's work.
        lessons: the folder with the lessons' own, whose files replace those of the same
            name; None where there are none.
    """

    file: int = 100_000_000
    room: int = 100_000_000
    files: int = 1_000
    entries: int = 20_000
    depth: int = 16
    ignore: tuple[str, ...] = JUNK
    lessons: Path | None = None

    @classmethod
    def of(cls, course: CourseDirectory) -> "Bounds":
        """Those of a course: its settings for the exchange hold here as well."""
        ignore = (*JUNK, *course.ignore)
        lesson = course.format_path(course.source_directory, ".", "lesson")
        kilo = 1000
        return cls(
            course.max_file_size * kilo,
            course.max_dir_size * kilo,
            ignore=ignore,
            lessons=Path(lesson).parent,
        )

    def ignored(self, name: str) -> bool:
        """Whether a file or folder of that name is nobody's work."""
        return matches(name, self.ignore)

    def displaced(self, folder: Path, name: str, *, is_folder: bool) -> str:
        """What else the lesson itself has at the place of a file or folder."""
        own = self.lessons and self.lessons / folder.name / name
        if own is None or not own.exists() or own.is_dir() == is_folder:
            return ""
        return f"the lesson has a {'file' if is_folder else 'folder'} of this name"


@dataclass(frozen=True)
class LeftOut:
    """A file, or a folder, that is not taken; its name is relative, as all are here."""

    name: str
    why: str


@dataclass(frozen=True)
class Beside:
    """What is taken of a folder, in alphabetical order, and what is left out."""

    files: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()

    def sentences(self) -> list[str]:
        """Says what was left out; nothing where nothing was."""
        if not self.left_out:
            return []
        named = [f"{_short(each.name)} ({each.why})" for each in self.left_out[:SHOWN]]
        more = len(self.left_out) - SHOWN
        others = f" and {more:,} more" if more > 0 else ""
        return [f"Left out of what was handed in: {', '.join(named)}{others}."]


class _TooMany(Exception):
    """A folder has more entries than are looked at."""


def look(folder: Path, bounds: Bounds) -> Beside:
    """Chooses what is taken of a folder.

    Small files come before large ones. Notebooks are named in any case: whoever reads
    one stops where it is too long.
    """
    if folder.is_symlink() or folder.parent.is_symlink() or not folder.is_dir():
        return Beside(())
    notebooks: list[str] = []
    found: list[tuple[int, str]] = []
    left_out: list[LeftOut] = []
    try:
        for name, entry in _entries(folder, bounds):
            why = _unfit(folder, name, entry, bounds)
            if why:
                left_out.append(LeftOut(name, why))
            elif is_notebook(name):
                notebooks.append(name)
            elif not entry.is_dir(follow_symlinks=False):
                found.append((entry.stat(follow_symlinks=False).st_size, name))
    except _TooMany:
        kept = [name for name in EXCHANGE if is_plain(folder / name, folder)]
        fits = [n for n in kept if (folder / n).stat().st_size <= EXCHANGE[n]]
        why = f"more than {bounds.entries:,} files and folders"
        return Beside(tuple(sorted(fits)), (LeftOut("all files", why),))
    files, room = [], bounds.room
    for size, name in sorted(found):
        if len(files) == bounds.files or size > room:
            why = f"{size:,} bytes, beyond the first "
            full = len(files) == bounds.files
            why += f"{bounds.files:,} files" if full else f"{bounds.room:,} bytes"
            left_out.append(LeftOut(name, why))
            continue
        room -= size
        files.append(name)
    left_out.sort(key=lambda each: each.name)
    return Beside(tuple(sorted(notebooks + files)), tuple(left_out))


def _entries(folder: Path, bounds: Bounds) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yields what lies in a folder and below, but in no link; with relative names."""
    count, left = 0, [""]
    while left:
        inside = left.pop()
        with os.scandir(folder / inside) as entries:
            for entry in entries:
                count += 1
                if count > bounds.entries:
                    raise _TooMany
                if bounds.ignored(entry.name):
                    continue
                name = f"{inside}/{entry.name}" if inside else entry.name
                yield name, entry
                is_folder = entry.is_dir(follow_symlinks=False)
                if is_folder and not _unfit(folder, name, entry, bounds):
                    left.append(name)


def _unfit(folder: Path, name: str, entry: os.DirEntry[str], bounds: Bounds) -> str:
    """Why a file or folder cannot be taken, whatever else is there."""
    if entry.is_symlink():
        return "a link"
    is_folder = entry.is_dir(follow_symlinks=False)
    if why := bounds.displaced(folder, name, is_folder=is_folder):
        return why
    if is_folder:
        return "too deep" if name.count("/") + 1 >= bounds.depth else ""
    if not entry.is_file(follow_symlinks=False):
        return "not a file"
    if is_notebook(name):
        return ""
    if not is_visible(name):
        return "a name with invisible characters"
    size = entry.stat(follow_symlinks=False).st_size
    most = min(bounds.file, EXCHANGE.get(name, bounds.file))
    return f"{size:,} bytes, at most {most:,} are taken" if size > most else ""


def copy(folder: Path, names: Sequence[str], target: Path) -> None:
    """Copies files of a folder to the same places in another."""
    for name in names:
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(folder / name, path)


def is_notebook(name: str) -> bool:
    """Whether a file is a notebook by its name."""
    return name.lower().endswith(".ipynb")


def is_plain(path: Path, folder: Path) -> bool:
    """Whether a path below a folder is a file, and nothing on the way is a link."""
    way = [path, *path.parents]
    below = way[: way.index(folder)] if folder in way else way[:1]
    return path.is_file() and not any(each.is_symlink() for each in below)


def matches(name: str, patterns: Sequence[str]) -> bool:
    """Whether a name fits one of several patterns."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def _short(name: str) -> str:
    """A name in a sentence, which goes into files of UTF-8."""
    name = line(name)
    if len(name) > LONGEST_NAME:
        name = f"{name[: LONGEST_NAME // 2]}…{name[-LONGEST_NAME // 2 :]}"
    return f"'{name}'"
