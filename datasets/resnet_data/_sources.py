"""Where images come from: three sources, of which the first one found is used."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from resnet_data._cache import cache_folder, is_cached
from resnet_data._errors import DatasetError
from resnet_data._home import HOME
from resnet_data._layout import PARTS, file_name, is_file
from resnet_data.drawing.varieties import DEFAULT, variety_of

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
        variety: which drawn hands, "studio" or "open"; "" for the other sources.
    """

    name: str
    folder: Path | None
    variety: str = ""

    @property
    def title(self) -> str:
        """The source in words."""
        title = TITLES[self.name]
        return f"{title} {variety_of(self.variety).title}" if self.variety else title

    @property
    def wait(self) -> str:
        """What those who load it now are to be told beforehand, or ""."""
        if not self.variety or (self.folder is not None and is_cached(self.folder)):
            return ""
        return "They are drawn first, which takes about half a minute."

    def __str__(self) -> str:
        if self.folder is None:
            return f"{self.title} (not kept between runs)"
        return f"{self.title} ({self.folder})"


def chosen_source(name: str | None, variety: str | None) -> Source | None:
    """The source that is asked for; None if it is not there.

    Args:
        name: of a source; None for the first one found, or for the one that has
            this variety.
        variety: of the drawn hands; None where any source will do.

    Raises:
        DatasetError: $RESNET_COURSE_DATASETS is not a folder of data sets.
        ValueError: there is no such source or variety, or the source has none.
    """
    if name is not None:
        _known(name)
    if variety is None:
        return source_in_use() if name is None else find_source(name)
    variety_of(variety)
    if name not in (None, "rendered"):
        raise ValueError(
            f"only drawn hands have varieties: give source={name!r} or "
            f"variety={variety!r}, not both"
        )
    return drawn_source(variety)


def drawn_source(variety: str = DEFAULT) -> Source:
    """The drawn hands of this variety, which are always there.

    Raises:
        ValueError: there is no variety of this name.
    """
    return Source("rendered", cache_folder(variety), variety)


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
    _known(name)
    if name == "rendered":
        return drawn_source()
    for root in _roots():
        folder = root / name
        if any(is_file(folder / file_name(part)) for part in PARTS):
            return Source(name, folder)
    return None


def _known(name: str) -> None:
    if name not in TITLES:
        known = ", ".join(repr(each) for each in TITLES)
        raise ValueError(f"source is one of {known}, not {name!r}")


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
