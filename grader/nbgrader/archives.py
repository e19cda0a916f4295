"""What a learning platform hands out: zips, with zips of students inside.

Students chose what is in theirs: paths that lead elsewhere, files that unpack to a
thousand times their size, names that a terminal obeys.
"""

import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from nbgrader.plugins import ExtractorPlugin

from grader.escape import line
from grader.nbgrader.handed_in.beside import JUNK, matches

SUFFIXES = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.xz", ".tar.bz2")
#: bytes of a file
LONGEST = 500_000_000
#: files and bytes of a platform's archive, and of one inside it
MOST = (100_000, 1_000)
ROOM = (100_000_000_000, 1_000_000_000)
#: archives in archives
DEPTH = 2
_PIECE = 1_000_000
#: what reading an archive may raise: it is broken, or has a password
_BROKEN = (OSError, EOFError, ValueError, RuntimeError, zipfile.BadZipFile)
_BROKEN += (NotImplementedError, tarfile.TarError)


@dataclass(frozen=True)
class _Member:
    """A file in an archive: its path, bytes as declared, and how it is opened."""

    name: str
    size: int
    open: Callable[[], IO[bytes] | None]


class LmsExtractor(ExtractorPlugin):
    """Unpacks a platform's archives for `nbgrader zip_collect`, within bounds.

    An archive's files go into a folder that bears its name, as nbgrader has it. What
    is not unpacked is named.
    """

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Unpacks and copies all that lies in a folder."""
        self.lost: list[tuple[str, str]] = []
        source = Path(archive_path)
        for path in sorted(p for p in source.rglob("*") if p.is_file()):
            name = _clean(path.relative_to(source).as_posix())
            if not name:
                continue
            if _is_archive(path.name):
                self._unpack(path, Path(extracted_path, _stem(name)), 0)
            else:
                size = path.stat().st_size
                member = _Member(name, size, lambda path=path: path.open("rb"))
                self._write(member, Path(extracted_path, name), LONGEST)
        for name, why in self.lost:
            self.log.warning("Not unpacked: %s (%s)", line(name), line(why))

    def _unpack(self, archive: Path, target: Path, depth: int) -> None:
        level = min(depth, len(MOST) - 1)
        room, files = ROOM[level], 0
        try:
            for member in _members(archive):
                name = _clean(member.name)
                if not name:
                    continue
                files += 1
                if files > MOST[level] or room <= 0:
                    self._lose(archive.name, "the rest: there is too much in it")
                    return
                path = target / name
                room -= self._write(member, path, min(LONGEST, room))
                if _is_archive(name) and depth < DEPTH and path.is_file():
                    self._unpack(path, path.parent / _stem(path.name), depth + 1)
                    path.unlink()
        except _BROKEN as error:
            self._lose(archive.name, str(error) or type(error).__name__)

    def _write(self, member: _Member, path: Path, limit: int) -> int:
        """Writes a file, in pieces, and returns its bytes."""
        written = 0
        try:
            if path.exists():
                raise FileExistsError(f"there is a second {path.name}")
            path.parent.mkdir(parents=True, exist_ok=True)
            with member.open() or _nothing() as source, path.open("wb") as file:
                while piece := source.read(_PIECE):
                    written += len(piece)
                    if written > limit:
                        raise ValueError(f"more than {limit:,} bytes")
                    file.write(piece)
        except _BROKEN as error:
            if written:
                path.unlink(missing_ok=True)
            self._lose(member.name, str(error) or type(error).__name__)
        return written

    def _lose(self, name: str, why: str) -> None:
        self.lost.append((name, why))


def _nothing() -> IO[bytes]:
    raise ValueError("not a file")


def _members(archive: Path) -> Iterator[_Member]:
    """The files of an archive; links and devices are none."""
    if archive.name.lower().endswith(".zip"):
        with zipfile.ZipFile(archive) as opened:
            for info in opened.infolist():
                if not info.is_dir():
                    # a lambda would open the last one's file
                    yield _Member(
                        info.filename, info.file_size, lambda i=info: opened.open(i)
                    )
        return
    with tarfile.open(archive) as opened_tar:
        for entry in opened_tar:
            if entry.isfile():
                yield _Member(
                    entry.name, entry.size, lambda e=entry: opened_tar.extractfile(e)
                )


def _is_archive(name: str) -> bool:
    return name.lower().endswith(SUFFIXES)


def _stem(name: str) -> str:
    """A name without the ending that makes it an archive."""
    ending = max((s for s in SUFFIXES if name.lower().endswith(s)), key=len)
    return name[: -len(ending)] or "archive"


def _clean(name: str) -> str:
    """A relative path that stays where it is; empty for what is nobody's work."""
    parts = [line(part) for part in name.replace("\\", "/").split("/")]
    parts = [part for part in parts if part.strip(". ")]
    if any(matches(part, JUNK) for part in parts):
        return ""
    return "/".join(parts)
