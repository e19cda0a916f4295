"""Where images come from: three sources, of which the first one found is used."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from resnet_data._cache import cache_folder
from resnet_data._errors import DatasetError
from resnet_data._home import HOME
from resnet_data._layout import PARTS, file_name, is_file

FOLDER_VARIABLE = "RESNET_COURSE_DATASETS"

# In the order in which they are looked for.
TITLES = {
    "signs": "the original SIGNS images",
    "photos": "photographs of hands",
    "rendered": "hands drawn by the course",
}


@dataclass(frozen=True)
class Source:
    """One place that images can come from.

    Attributes:
        name: "signs", "photos" or "rendered".
        folder: where its two files are, or for "rendered" where they are kept once
            drawn (None if there is no such place).
    """

    name: str
    folder: Path | None

    @property
    def title(self) -> str:
        """The source in words."""
        return TITLES[self.name]

    def __str__(self) -> str:
        if self.folder is None:
            return f"{self.title} (not kept between runs)"
        return f"{self.title} ({self.folder})"


def source_in_use() -> Source:
    """The source that `load_dataset()` takes: SIGNS, photographs, or drawn hands.

    Raises:
        DatasetError: $RESNET_COURSE_DATASETS is not a folder of data sets.
    """
    for name in TITLES:
        source = find_source(name)
        if source is not None:
            return source
    raise AssertionError("drawn hands are always there")


def find_source(name: str) -> Source | None:
    """Look for one source; None if it is not there.

    A folder with one of the two files counts as found: whoever put it there
    is told about the other one when it is read.

    Raises:
        DatasetError: $RESNET_COURSE_DATASETS is not a folder of data sets.
        ValueError: there is no source of this name.
    """
    if name not in TITLES:
        known = ", ".join(repr(each) for each in TITLES)
        raise ValueError(f"source is one of {known}, not {name!r}")
    if name == "rendered":
        return Source(name, cache_folder())
    for root in _roots():
        folder = root / name
        if any(is_file(folder / file_name(part)) for part in PARTS):
            return Source(name, folder)
    return None


def _roots() -> Iterator[Path]:
    """Folders that may hold `signs/` and `photos/`, the most explicit one first."""
    given = os.environ.get(FOLDER_VARIABLE, "")
    if given:
        yield _given_root(Path(given).expanduser().absolute())
    try:
        here = Path.cwd()
    except OSError:  # the working directory was deleted
        here = None
    if here is not None:
        yield from (folder / "datasets" for folder in (here, *here.parents))
    yield HOME


def _given_root(root: Path) -> Path:
    if not root.is_dir():
        raise DatasetError(
            root,
            expected=f"a folder, as ${FOLDER_VARIABLE} names it",
            found="a file" if root.exists() else "nothing there",
            remedy=f"Set ${FOLDER_VARIABLE} to the folder that holds signs/, "
            "or unset it.",
        )
    if any(is_file(root / file_name(part)) for part in PARTS):
        raise DatasetError(
            root,
            expected=f"${FOLDER_VARIABLE} to name the folder that holds signs/",
            found=f"the .h5 files themselves in {root.name}/",
            remedy="Move them into a folder signs/ and name the folder above it.",
        )
    return root
