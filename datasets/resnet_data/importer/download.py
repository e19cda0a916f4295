"""The photographs of the Sign Language Digits Dataset, fetched and checked.

One request brings the archive of a fixed commit. Its own checksum would be worth
nothing: GitHub promises that the files of a commit's archive stay, but not how they
are compressed. So each file is checked: `photos.sha256` names 1,080 photographs, 180
of each class, as `sha256sum --check` reads it. All must be there and be right, or
none is used; what else the archive holds is left out.
"""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Protocol

from resnet_data._cache import CACHE_VARIABLE, cache_folder
from resnet_data._errors import DatasetError
from resnet_data._layout import CLASSES
from resnet_data.importer.photos import File
from resnet_data.importer.picture import ENDINGS, LARGEST_FILE

COMMIT = "4b09433"
URL = f"https://github.com/ardamavi/Sign-Language-Digits-Dataset/archive/{COMMIT}.zip"
URL_VARIABLE = "RESNET_COURSE_PHOTOS_URL"
CHECKSUMS = Path(__file__).with_name("photos.sha256")
TIMEOUT = 30  # seconds without a byte

_BY_HAND = (
    "Try again, fetch it from a mirror with --url, or unpack a copy of the data set "
    "and name its folder with --from."
)


class Progress(Protocol):
    """What is told how far a download is; pooch's own interface."""

    @property
    def total(self) -> int:
        """Bytes to come; 0 where the server does not say."""
        ...

    @total.setter
    def total(self, count: int) -> None: ...

    def update(self, count: int) -> None:
        """So many bytes more."""

    def reset(self) -> None:
        """All are here: they are counted once more in one go."""

    def close(self) -> None:
        """No more will come."""


@dataclass(frozen=True)
class Archive:
    """Photographs out of the archive, each with the right checksum.

    Attributes:
        files: the photographs named in photos.sha256.
        left_out: how many other images of the six classes it holds.
    """

    files: tuple[File, ...]
    left_out: int


def archive_path() -> Path:
    """Where the archive is kept between runs.

    Raises:
        DatasetError: this user has no cache folder.
    """
    folder = cache_folder()
    if folder is None:
        raise DatasetError(
            Path("~/.cache"),
            expected="a cache folder to keep the archive in",
            found="no home folder",
            remedy=f"Set ${CACHE_VARIABLE} to a folder that you may write.",
        )
    return folder.parent / f"sign-language-digits-{COMMIT}.zip"


def fetch(url: str, progress: Progress) -> Path:
    """The archive, from the cache if it is there, else from the network.

    Raises:
        DatasetError: it could not be fetched; nothing is kept of it.
    """
    import pooch
    import requests

    path = archive_path()
    pooch.get_logger().setLevel("WARNING")
    try:
        pooch.retrieve(
            url,
            known_hash=None,  # each file in it is checked instead
            fname=path.name,
            path=path.parent,
            # pooch takes any object with these methods for a progress bar
            downloader=pooch.HTTPDownloader(
                progressbar=progress,  # pyright: ignore[reportArgumentType]
                chunk_size=2**16,
                timeout=TIMEOUT,
            ),
        )
    except requests.exceptions.RequestException as error:
        if error.response is not None:
            error.response.close()  # pooch leaves it open
        raise DatasetError(
            Path(path.name),
            expected=f"an archive at {url}",
            found=_in_words(error),
            remedy=_BY_HAND,
        ) from error
    except OSError as error:
        raise DatasetError(
            path,
            expected="room for the archive in the cache folder",
            found=(error.strerror or str(error)).lower(),
            remedy=f"Make room, or set ${CACHE_VARIABLE} to another folder.",
        ) from error
    return path


def read_archive(path: Path) -> Archive:
    """All photographs that the list of checksums names.

    Raises:
        DatasetError: one is missing or not as listed; the archive is removed, so that
            the next run fetches it anew.
    """
    listed = _checksums()
    files: list[File] = []
    wrong: list[str] = []
    try:
        with zipfile.ZipFile(path) as archive:
            entries = _images_in(archive)
            for name in sorted(listed.keys() & entries.keys()):
                entry = entries[name]
                content = b"" if entry.file_size > LARGEST_FILE else archive.read(entry)
                if hashlib.sha256(content).hexdigest() != listed[name]:
                    wrong.append(name)
                files.append(File(name, int(name[0]), content))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
        # RuntimeError: encrypted, or compressed in a way that Python does not know
        raise _refused(path, "a whole zip archive", "none") from error
    missing = sorted(listed.keys() - entries.keys())
    for names, what in ((missing, "missing"), (wrong, "with another checksum")):
        if names:
            raise _refused(
                path,
                f"the {len(listed):,} photographs of commit {COMMIT}",
                f"{len(names):,} {what}, the first {names[0]}",
            )
    return Archive(tuple(files), len(entries) - len(files))


def _checksums() -> dict[str, str]:
    lines = CHECKSUMS.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def _images_in(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Class folder and file name of each image of the classes 0 to 5."""
    classes = {str(label) for label in range(CLASSES)}
    entries: dict[str, zipfile.ZipInfo] = {}
    for entry in archive.infolist():
        place = PurePosixPath(entry.filename)
        if place.parent.name in classes and place.suffix.lower() in ENDINGS:
            entries[f"{place.parent.name}/{place.name}"] = entry
    return entries


def _refused(path: Path, expected: str, found: str) -> DatasetError:
    path.unlink(missing_ok=True)
    return DatasetError(
        path,
        expected=expected,
        found=f"{found}. The archive is removed and nothing was written",
        remedy=_BY_HAND,
    )


def _in_words(error: Exception) -> str:
    import requests

    kinds = requests.exceptions
    response = getattr(error, "response", None)
    if isinstance(error, kinds.HTTPError) and response is not None:
        return f"the server's answer {response.status_code} {response.reason}"
    if isinstance(error, kinds.Timeout):
        return f"no answer within {TIMEOUT} seconds"
    if isinstance(error, kinds.SSLError):
        return "a certificate that is not trusted here"
    if isinstance(error, kinds.ProxyError):
        return "no answer from the proxy that this machine is set up to use"
    if isinstance(error, kinds.ChunkedEncodingError):
        return "a connection that was cut before the end"
    if isinstance(error, kinds.ConnectionError):
        return "a server that cannot be reached, or a connection that was cut"
    return "no address of a web server"
