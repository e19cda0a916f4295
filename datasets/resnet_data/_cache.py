"""The drawn images, kept in the user's cache folder between runs.

The cache only saves time: whatever is wrong with it, the images are drawn again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from resnet_data._errors import DatasetError
from resnet_data._layout import Images, file_name, is_file, read_pair, write_file
from resnet_data.drawing.sets import Tell, checksum, silent
from resnet_data.drawing.varieties import DEFAULT, variety_of

CACHE_VARIABLE = "RESNET_COURSE_CACHE"


@dataclass(frozen=True)
class Rendered:
    """The drawn images of a variety, and where they are kept.

    Attributes:
        train: 1,080 training images.
        test: 120 test images.
        folder: where both files lie, or None if they could not be kept.
        trouble: why not, in words, or "".
    """

    train: Images
    test: Images
    folder: Path | None
    trouble: str = ""


def cache_folder(variety: str = DEFAULT) -> Path | None:
    """Where a variety's images are kept, or None if this user has no such place.

    It lies in $RESNET_COURSE_CACHE if that is set, else in the user's cache folder,
    and bears part of the checksum, so that another version's files are not met.

    Raises:
        ValueError: there is no variety of this name.
    """
    digest = variety_of(variety).sha256
    given = os.environ.get(CACHE_VARIABLE, "")
    if given:
        root = Path(given).absolute()
    else:
        import pooch

        root = Path(pooch.os_cache("resnet-course"))
    # Without a home, "~" stays in the path; it would become a folder of that name.
    if not root.is_absolute() or root.parts[1:2] == ("~",):
        return None
    return root / f"{variety}-{digest[:12]}"


def is_cached(folder: Path) -> bool:
    """Whether both files are there (not whether they are whole)."""
    return all(is_file(folder / file_name(part)) for part in ("train", "test"))


def rendered(
    variety: str = DEFAULT, *, refresh: bool = False, tell: Tell = silent
) -> Rendered:
    """A variety's images, from the cache where it is good, else drawn and kept.

    Args:
        variety: "studio" or "open".
        refresh: draw them in any case.
        tell: called after each image that is drawn.

    Raises:
        ValueError: there is no variety of this name.
    """
    wanted, folder = variety_of(variety), cache_folder(variety)
    if folder is None:
        return Rendered(*wanted.draw(tell), None, "this user has no cache folder")
    if not refresh:
        try:
            kept = read_pair(folder)
        except DatasetError:
            kept = None
        if kept is not None and checksum(*kept) == wanted.sha256:
            return Rendered(*kept, folder)
    train, test = wanted.draw(tell)
    try:
        write_file(folder / file_name("train"), "train", train)
        write_file(folder / file_name("test"), "test", test)
    except OSError as error:
        return Rendered(train, test, None, f"{folder}: {error.strerror or error}")
    return Rendered(train, test, folder)
