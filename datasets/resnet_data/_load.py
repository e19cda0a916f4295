"""The two functions that the lessons call."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from resnet_data._cache import rendered
from resnet_data._errors import DatasetError
from resnet_data._layout import Images, read_pair
from resnet_data._sources import TITLES, chosen_source
from resnet_data.drawing.sets import Tell, silent

Dataset = tuple[
    npt.NDArray[np.uint8],
    npt.NDArray[np.int64],
    npt.NDArray[np.uint8],
    npt.NDArray[np.int64],
    npt.NDArray[np.int64],
]


def load_dataset(
    source: str | None = None, *, variety: str | None = None, verbose: bool = True
) -> Dataset:
    """Load the images of hands that show 0 to 5.

    Args:
        source: "signs", "photos" or "rendered"; None takes the first one found, or
            "rendered" where a variety is given.
        variety: of the drawn hands: "studio", a few people's, the default, or "open",
            anybody's anywhere. No other source has varieties.
        verbose: whether to print, in one line, which source was used.

    Returns:
        The five values of the original assignment's loader: training images
        (m, 64, 64, 3) uint8, training labels (1, m) int64, test images and test
        labels alike, and the classes (6,).

    Raises:
        DatasetError: the source's files are missing or not in the layout.
        ValueError: there is no source or no variety of this name, or a variety of
            another source than the drawn hands is asked for.
    """
    train, test, line = load_images(source, variety)
    if verbose:
        print(line)
    return train.x, train.y[None, :], test.x, test.y[None, :], train.classes


def load_images(
    source: str | None = None, variety: str | None = None, tell: Tell = silent
) -> tuple[Images, Images, str]:
    """Training images, test images, and the line that says where they are from.

    Args:
        source: as `load_dataset` takes it.
        variety: as `load_dataset` takes it.
        tell: called after each image that has to be drawn.
    """
    found = chosen_source(source, variety)
    if found is None:
        raise _not_found(str(source))
    if found.variety or found.folder is None:
        kept = rendered(found.variety, tell=tell)
        train, test, place = kept.train, kept.test, str(kept.folder)
        if kept.folder is None:
            place = f"not kept, {kept.trouble}"
    else:
        train, test = read_pair(found.folder)
        place = str(found.folder)
    counts = f"{len(train.x):,} training and {len(test.x):,} test images"
    return train, test, f"Data: {found.title}, {counts} ({place})"


def _not_found(name: str) -> DatasetError:
    return DatasetError(
        Path("datasets") / name,
        expected=f"the two files of {TITLES[name]}",
        found="no such folder here, above here or beside the package",
        remedy="Put them there, or leave out the source to use the first one found.",
    )


def convert_to_one_hot(Y: npt.ArrayLike, C: int) -> npt.NDArray[np.float64]:
    """One column for each label, with a 1 in the label's row.

    Args:
        Y: m integer labels from 0 to C - 1, of any shape.
        C: number of classes.

    Returns:
        An array (C, m); its transpose is what Keras asks for.

    Raises:
        ValueError: a label is not an integer from 0 to C - 1.
    """
    labels = np.asarray(Y).reshape(-1)
    if labels.size and labels.dtype.kind not in "iu":
        raise ValueError(f"labels are integers, not {labels.dtype}")
    wrong = labels[(labels < 0) | (labels >= C)]
    if wrong.size:
        raise ValueError(f"labels are from 0 to {C - 1}, found {wrong[0]}")
    return np.eye(C)[labels.astype(np.int64)].T
