"""Photographs of hands, made into the two files of a source.

The photographs come from a folder with a folder for each class, or from the archive
that `download.py` fetches. What cannot be used is left out and told by name.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePath

import numpy as np
import numpy.typing as npt

from resnet_data._errors import DatasetError
from resnet_data._layout import CLASSES, Images, is_file
from resnet_data.importer.people import is_for_testing, is_numbered, person_number
from resnet_data.importer.picture import (
    ENDINGS,
    LARGEST_FILE,
    Picture,
    Unusable,
    read_picture,
)

CREDIT = """\
Photographs: Sign Language Digits Dataset, by students of the Ankara Ayrancı Anadolu
High School; Arda Mavi and Zeynep Dikle, 2017. Licence: Apache-2.0.
To cite: Mavi, A. (2020), A New Dataset and Proposed Convolutional Neural Network
Architecture for Classification of American Sign Language Digits, arXiv:2011.08927."""

# How far below the named folder the class folders are looked for.
DEPTH = 3


@dataclass(frozen=True)
class File:
    """A file of a class folder.

    Attributes:
        name: class folder and file name, "3/IMG_1121.JPG".
        label: the class, 0 to 5.
        content: its bytes, or why it has none.
    """

    name: str
    label: int
    content: bytes | Unusable


@dataclass(frozen=True)
class Skipped:
    """A file that was left out, and why."""

    name: str
    kind: str
    reason: str


@dataclass(frozen=True)
class Photos:
    """What came of a folder or an archive.

    Attributes:
        train: training images, in an order that depends on the names alone.
        test: test images, of other people.
        files: how many files were looked at.
        skipped: those left out, in the order of class and name.
        unnumbered: photographs used whose names do not tell people apart.
    """

    train: Images
    test: Images
    files: int
    skipped: tuple[Skipped, ...]
    unnumbered: int


def import_photos(files: Iterable[File], place: Path) -> Photos:
    """Read photographs and part them into training and test images, by person.

    Args:
        files: what there is, in the order of class and name.
        place: where it is from, for messages.

    Raises:
        DatasetError: a class has no photograph for training or none for testing.
    """
    used, skipped, count = _read(files)
    # shuffled, and alike whichever files are missing
    names = sorted(used, key=lambda name: _hash(name.encode("utf-8", "replace")))
    testing = {name for name in names if is_for_testing(name, used[name][0])}
    train = _images(used, [name for name in names if name not in testing])
    test = _images(used, [name for name in names if name in testing])
    _check_classes(place, train, test, skipped)
    unnumbered = sum(not is_numbered(name) for name in names)
    return Photos(train, test, count, tuple(skipped), unnumbered)


def photos_with_people(
    files: Iterable[File],
) -> tuple[Images, npt.NDArray[np.int64]]:
    """All photographs whose names tell people apart, and who is on each.

    Returns:
        The images, and (m,) numbers, of which a person has one or two neighbouring.
    """
    used, _, _ = _read(files)
    people = {name: person_number(name, used[name][0]) for name in sorted(used)}
    known = {name: number for name, number in people.items() if number is not None}
    return _images(used, list(known)), np.array(list(known.values()), dtype=np.int64)


def _read(
    files: Iterable[File],
) -> tuple[dict[str, tuple[int, Picture]], list[Skipped], int]:
    """What can be used, what is left out, and how many files there are."""
    used: dict[str, tuple[int, Picture]] = {}
    first: dict[str, str] = {}
    skipped: list[Skipped] = []
    count = 0
    for file in files:
        count += 1
        try:
            picture = _picture(file, first)
        except Unusable as why:
            skipped.append(Skipped(printable(file.name), why.kind, why.reason))
        else:
            used[file.name] = file.label, picture
    return used, skipped, count


def folder_files(folder: Path) -> Iterator[File]:
    """The files of the class folders 0 to 5 in a folder, or up to three below it.

    Raises:
        DatasetError: the folder cannot be read, or not each class has a folder.
    """
    root = _class_root(folder)
    for label in range(CLASSES):
        for entry in _entries(root / str(label)):
            name = f"{label}/{entry.name}"
            try:
                content: bytes | Unusable = _content(entry)
            except Unusable as why:
                content = why
            yield File(name, label, content)


def printable(name: str) -> str:
    """A file name as one line of text, whatever bytes it is made of."""
    return "".join(each if each.isprintable() else "\ufffd" for each in name)


def _picture(file: File, first: dict[str, str]) -> Picture:
    """Read one file; `first` maps hashes to the first file that had them."""
    if isinstance(file.content, Unusable):
        raise file.content
    if PurePath(file.name).suffix.lower() not in ENDINGS:
        raise Unusable("not an image", "by the ending of its name")
    picture = read_picture(file.content)
    for key, what in ((picture.bytes_hash, "bytes"), (picture.pixels_hash, "pixels")):
        if key in first:
            other = first[key]
            elsewhere = PurePath(other).parent != PurePath(file.name).parent
            doubt = ", of another class: look which is right" if elsewhere else ""
            raise Unusable("duplicate", f"the same {what} as {printable(other)}{doubt}")
    first[picture.bytes_hash] = first[picture.pixels_hash] = file.name
    return picture


def _images(used: dict[str, tuple[int, Picture]], names: list[str]) -> Images:
    return Images(
        np.stack([used[name][1].image for name in names])
        if names
        else np.zeros((0, 64, 64, 3), np.uint8),
        np.array([used[name][0] for name in names], dtype=np.int64),
        np.arange(CLASSES),
    )


def _check_classes(
    place: Path, train: Images, test: Images, skipped: list[Skipped]
) -> None:
    for label in range(CLASSES):
        for part, images in (("training", train), ("testing", test)):
            if label in images.y:
                continue
            usable = int((train.y == label).sum() + (test.y == label).sum())
            left_out = [each for each in skipped if each.name[0] == str(label)]
            kinds = Counter(each.kind for each in left_out)
            why = ", ".join(f"{many} {kind}" for kind, many in kinds.items())
            raise DatasetError(
                place,
                key=f"class {label}",
                expected=f"at least one photograph for {part}",
                found=f"{usable} that can be used, none for {part}"
                + (f" (left out: {why}, first {left_out[0].name})" if why else ""),
                remedy="Each class needs square RGB photographs of several people.",
            )


def _class_root(folder: Path) -> Path:
    """The folder that holds the class folders: the highest with any of them."""
    if not _is_folder(folder):
        raise _no_folder(folder)
    level = [folder]
    for _ in range(DEPTH + 1):
        found = [each for each in level if _labels_in(each)]
        if len(found) > 1:
            raise DatasetError(
                folder,
                expected=f"one place with class folders 0 to {CLASSES - 1}",
                found=f"{len(found)}, {found[0]} and {found[1]} among them",
                remedy="Name one of them.",
            )
        if found:
            _refuse_missing(found[0])
            return found[0]
        level = [below for each in level for below in _folders_in(each)]
    raise DatasetError(
        folder,
        expected=f"class folders 0 to {CLASSES - 1} in it or up to {DEPTH} below it",
        found="none of them",
        remedy="Name the folder that holds the folders 0, 1, 2, 3, 4 and 5.",
    )


def _no_folder(path: Path) -> DatasetError:
    found = "a link to nothing" if os.path.lexists(path) else "nothing there"
    is_archive = path.suffix.lower() in (".zip", ".gz", ".tar", ".7z")
    return DatasetError(
        path,
        expected=f"a folder that holds class folders 0 to {CLASSES - 1}",
        found="a file" if is_file(path) else found,
        remedy="Unpack it and name the folder." if is_archive else "Check the name.",
    )


def _refuse_missing(root: Path) -> None:
    labels = _labels_in(root)
    missing = sorted(set(range(CLASSES)) - labels)
    if missing:
        raise DatasetError(
            root,
            expected=f"class folders 0 to {CLASSES - 1}",
            found=f"only {', '.join(map(str, sorted(labels)))}",
            remedy=f"Add {', '.join(map(str, missing))}: the lessons have six classes.",
        )


def _labels_in(folder: Path) -> set[int]:
    return {label for label in range(CLASSES) if _is_folder(folder / str(label))}


def _is_folder(path: Path) -> bool:
    """Whether there is a folder, also where the one above may not be looked into."""
    try:
        return path.is_dir()
    except OSError:
        return False


def _folders_in(folder: Path) -> list[Path]:
    return [
        Path(entry) for entry in _entries(folder) if entry.is_dir(follow_symlinks=False)
    ]


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        raise DatasetError(
            folder,
            expected="a folder that you may read",
            found=(error.strerror or "an error").lower(),
            remedy="Change its permissions, or copy it to a folder of yours.",
        ) from error


def _content(entry: os.DirEntry[str]) -> bytes:
    """The bytes of a file; never waits at a pipe nor follows a ring of links."""
    try:
        status = entry.stat()
        if not stat.S_ISREG(status.st_mode):
            what = "a folder" if stat.S_ISDIR(status.st_mode) else "no regular file"
            raise Unusable("not an image", what)
        if status.st_size > LARGEST_FILE:
            raise Unusable(
                "unreadable",
                f"{status.st_size / 2**20:,.0f} MB, more than "
                f"{LARGEST_FILE // 2**20} MB",
            )
        if PurePath(entry.name).suffix.lower() not in ENDINGS:
            raise Unusable("not an image", "by the ending of its name")
        return Path(entry).read_bytes()
    except OSError as error:
        reasons = {
            errno.EACCES: "no permission",
            errno.ENOENT: "a link to nothing",
            errno.ELOOP: "a link to itself",
        }
        reason = reasons.get(error.errno or 0, (error.strerror or "an error").lower())
        raise Unusable("unreadable", reason) from error


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
