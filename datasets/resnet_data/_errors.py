"""The one error that this package raises about data."""

from __future__ import annotations

from pathlib import Path


class DatasetError(Exception):
    """A file or folder of images that cannot be used as it is.

    Its text is one line: file, key, what was expected, what was found, remedy.

    Args:
        file: the file or folder that was looked at.
        key: the HDF5 dataset inside it, or "" if the file as a whole is meant.
        expected: what the layout asks for.
        found: what is there instead.
        remedy: what the reader can do about it.
    """

    def __init__(
        self, file: Path, *, key: str = "", expected: str, found: str, remedy: str
    ) -> None:
        self.file = file
        self.key = key
        self.expected = expected
        self.found = found
        self.remedy = remedy
        place = f"{file}, {key}" if key else str(file)
        text = f"{place}: expected {expected}, found {found}. {remedy}"
        super().__init__(" ".join(text.split()))

    def __reduce__(self):
        # Exceptions pickle by their positional arguments, of which there is one.
        return _rebuild, (self.file, self.key, self.expected, self.found, self.remedy)


def _rebuild(
    file: Path, key: str, expected: str, found: str, remedy: str
) -> DatasetError:
    return DatasetError(file, key=key, expected=expected, found=found, remedy=remedy)
