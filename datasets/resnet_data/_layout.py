"""The one layout of image files in this course: that of the original SIGNS files.

A folder holds two HDF5 files, `train_signs.h5` and `test_signs.h5`. The first has
the datasets `train_set_x` (m, 64, 64, 3) uint8, `train_set_y` (m,) integers and
`list_classes`; the second the same with `test_set_x` and `test_set_y`.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from resnet_data._errors import DatasetError

if TYPE_CHECKING:
    import h5py

SIZE = 64
CLASSES = 6
PARTS = ("train", "test")

_REPLACE = "Put an undamaged copy of the file there, or remove it."


@dataclass(frozen=True)
class Images:
    """One set of labelled images.

    Attributes:
        x: images (m, 64, 64, 3) uint8, RGB.
        y: labels (m,) int64, 0 to 5.
        classes: the classes (6,) int64.
    """

    x: npt.NDArray[np.uint8]
    y: npt.NDArray[np.int64]
    classes: npt.NDArray[np.int64]


def file_name(part: str) -> str:
    """Name of the file with this part ("train" or "test")."""
    return f"{part}_signs.h5"


def is_file(path: Path) -> bool:
    """Whether there is a file, also where the folder may not be looked into."""
    try:
        return path.is_file()
    except OSError:
        return False


def read_pair(folder: Path) -> tuple[Images, Images]:
    """Read and check both files of a folder.

    Returns:
        Training images and test images.

    Raises:
        DatasetError: a file is missing, unreadable or not in the layout.
    """
    for part, other in (PARTS, PARTS[::-1]):
        if not is_file(folder / file_name(part)):
            raise DatasetError(
                folder,
                expected=f"both {file_name('train')} and {file_name('test')}",
                found=f"no {file_name(part)}",
                remedy=f"Put {file_name(part)} beside {file_name(other)}, "
                "or remove the folder to use another source.",
            )
    train, test = (read_file(folder / file_name(part), part) for part in PARTS)
    if not np.array_equal(train.classes, test.classes):
        raise DatasetError(
            folder / file_name("test"),
            key="list_classes",
            expected=f"{train.classes.tolist()} as in {file_name('train')}",
            found=str(test.classes.tolist()),
            remedy="Use two files of one dataset.",
        )
    if train.classes.tolist() != list(range(CLASSES)):
        raise DatasetError(
            folder / file_name("train"),
            key="list_classes",
            expected=str(list(range(CLASSES))),
            found=str(train.classes.tolist()),
            remedy="The lessons have six classes: use files with these six.",
        )
    return train, test


def read_file(path: Path, part: str) -> Images:
    """Read and check one file.

    Args:
        path: the HDF5 file.
        part: "train" or "test", which its keys begin with.

    Raises:
        DatasetError: the file is unreadable or not in the layout.
    """
    import h5py

    try:
        # Files in use are replaced, never changed: a lock that the file system
        # does not offer is not missed.
        with h5py.File(path, "r", locking="best-effort") as file:
            return _checked(path, file, part)
    except PermissionError as error:
        raise DatasetError(
            path,
            expected="a file that you may read",
            found="no permission",
            remedy="Change its permissions, or remove it.",
        ) from error
    except (OSError, RuntimeError, KeyError, ValueError) as error:
        raise DatasetError(
            path,
            expected="a whole HDF5 file",
            found=_describe_bytes(path),
            remedy=_REPLACE,
        ) from error


def write_file(path: Path, part: str, images: Images) -> None:
    """Write one file so that it is there in full or not at all.

    Args:
        path: where to; its folder is made if need be.
        part: "train" or "test".
        images: what to write.

    Raises:
        OSError: the folder cannot be written to.
    """
    import h5py

    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(
        dir=path.parent, prefix=f".{path.name}.", suffix=".part"
    )
    os.close(handle)
    try:
        with h5py.File(name, "w", locking=False) as file:
            file[f"{part}_set_x"] = images.x
            file[f"{part}_set_y"] = images.y
            file["list_classes"] = images.classes
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _checked(path: Path, file: h5py.File, part: str) -> Images:
    x = _dataset(path, file, f"{part}_set_x")
    y = _dataset(path, file, f"{part}_set_y")
    classes = _dataset(path, file, "list_classes")

    asked = f"shape (m, {SIZE}, {SIZE}, 3) and dtype uint8"
    if x.ndim != 4 or x.shape[1:] != (SIZE, SIZE, 3) or not len(x) or x.dtype != "u1":
        _refuse(path, x, asked)
    if y.ndim != 1 or y.dtype.kind not in "iu":
        _refuse(path, y, "shape (m,) and an integer dtype")
    if len(y) != len(x):
        _refuse(path, y, f"{len(x)} labels, one for each image of {part}_set_x")
    if classes.ndim != 1 or classes.dtype.kind not in "iu":
        _refuse(path, classes, "a list of integers")

    labels = np.asarray(y[:], dtype=np.int64)
    names = np.asarray(classes[:], dtype=np.int64)
    wrong = np.flatnonzero((labels < 0) | (labels >= len(names)))
    if wrong.size:
        raise DatasetError(
            path,
            key=f"{part}_set_y",
            expected=f"labels from 0 to {len(names) - 1}",
            found=f"{labels[wrong[0]]} at index {wrong[0]}"
            + (f" and {wrong.size - 1} more" if wrong.size > 1 else ""),
            remedy=_REPLACE,
        )
    return Images(np.asarray(x[:]), labels, names)


def _dataset(path: Path, file: h5py.File, key: str) -> h5py.Dataset:
    import h5py

    item = file.get(key)
    if isinstance(item, h5py.Dataset):
        return item
    keys = ", ".join(sorted(file)) or "nothing"
    raise DatasetError(
        path,
        key=key,
        expected="an HDF5 dataset of this name",
        found="a group" if item is not None else f"only {keys}",
        remedy="Check that the training and the test file are not exchanged. "
        + _REPLACE,
    )


def _refuse(path: Path, item: h5py.Dataset, expected: str) -> None:
    raise DatasetError(
        path,
        key=str(item.name).lstrip("/"),
        expected=expected,
        found=f"shape {item.shape} and dtype {item.dtype}",
        remedy=_REPLACE,
    )


def _describe_bytes(path: Path) -> str:
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(16)
    except OSError as error:
        return error.strerror or "an unreadable file"
    if head.startswith(b"\x89HDF\r\n\x1a\n"):
        return f"one that is cut short or damaged ({size:,} bytes)"
    return f"{size:,} bytes that begin with {head!r}"
