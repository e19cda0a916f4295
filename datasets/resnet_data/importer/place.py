"""Where a source that the user brings is written, so that the lessons find it."""

from __future__ import annotations

import os
from pathlib import Path

from resnet_data._home import HOME
from resnet_data._sources import FOLDER_VARIABLE, find_source


def place_for(name: str) -> Path:
    """The folder for the files of a source.

    It lies in $RESNET_COURSE_DATASETS if that is set; else in the nearest `datasets/`
    of the working directory and the folders above it; else in the `datasets/` of the
    checkout that this package runs from; else in a new `datasets/` of the working
    directory. Each of them is looked into by `load_dataset()`.

    Raises:
        DatasetError: $RESNET_COURSE_DATASETS is not a folder of data sets.
    """
    find_source(name)  # refuses a wrong $RESNET_COURSE_DATASETS
    given = os.environ.get(FOLDER_VARIABLE, "")
    if given:
        return Path(given).expanduser().absolute() / name
    try:
        here = Path.cwd()
    except OSError:  # the working directory was deleted
        here = Path.home()
    for folder in (here, *here.parents):
        if (folder / "datasets").is_dir():
            return folder / "datasets" / name
    if (HOME.parent / "pyproject.toml").is_file():
        return HOME / name
    return here / "datasets" / name
