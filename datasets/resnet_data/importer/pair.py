"""Both files of a source, replaced together or not at all.

The new files are written into a folder of their own, which then takes the place of
the old one. A folder that is not empty cannot be replaced by one rename on POSIX, so
there are two, of the old one aside and of the new one in. A process that is killed
between the two leaves the old pair whole, aside; `recover` puts it back.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from resnet_data._errors import DatasetError
from resnet_data._layout import PARTS, Images, file_name, write_file


def replace_pair(folder: Path, train: Images, test: Images) -> None:
    """Put both files into a folder; what else lies there stays.

    Whatever goes wrong meanwhile, the previous pair is whole.

    Raises:
        DatasetError: the folder, or the one it lies in, cannot be written to.
    """
    place = Path(os.path.realpath(folder))  # a link stays, what it names is replaced
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _alone_in(place.parent):
            _recover(place)
            staged = _staged(place)
            try:
                staged.mkdir()
                for part, images in zip(PARTS, (train, test), strict=True):
                    _write(staged, part, images)
                _swap(staged, place)
            finally:
                shutil.rmtree(staged, ignore_errors=True)
    except (OSError, RuntimeError) as error:
        raise DatasetError(
            folder,
            expected=f"a folder that can be written in {folder.parent}",
            found=_in_words(error),
            remedy="What was there before is untouched. "
            "Make room or change the permissions, or write elsewhere with --to.",
        ) from error


def recover(folder: Path) -> None:
    """Finish what a killed process began: put the previous pair back, if need be.

    Does nothing where another process is at work or nothing may be written.
    """
    place = Path(os.path.realpath(folder))
    if not os.path.lexists(_previous(place)):
        return
    with contextlib.suppress(OSError), _alone_in(place.parent):
        _recover(place)


def _write(folder: Path, part: str, images: Images) -> None:
    path = folder / file_name(part)
    write_file(path, part, images)
    # as readable as the folder: a class shares it
    path.chmod(folder.stat().st_mode & 0o666)
    with path.open("rb") as file:
        os.fsync(file.fileno())


def _swap(staged: Path, place: Path) -> None:
    try:
        if place.is_dir():
            place.rename(_previous(place))
        staged.rename(place)
    finally:
        _recover(place)


def _recover(place: Path) -> None:
    """Leave one folder, `place`: the new one if it is in, else the previous one."""
    previous = _previous(place)
    if previous.is_dir():
        if not place.exists():
            previous.rename(place)
        else:
            for entry in sorted(previous.iterdir()):
                if entry.name in map(file_name, PARTS):
                    entry.unlink()
                else:
                    entry.rename(place / entry.name)
            previous.rmdir()
    shutil.rmtree(_staged(place), ignore_errors=True)


def _previous(place: Path) -> Path:
    return place.with_name(f".{place.name}.previous")


def _staged(place: Path) -> Path:
    return place.with_name(f".{place.name}.new")


@contextlib.contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """Keep other imports out; the lock goes with the process."""
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        # not all network file systems lock folders
        with contextlib.suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _in_words(error: Exception) -> str:
    # h5py's own text is long and names no cause
    number = error.errno if isinstance(error, OSError) else None
    return os.strerror(number).lower() if number else str(error)
