"""Folders that a sandbox is handed: short in name, and owned by who lives there."""

import os
import tempfile
from pathlib import Path

from grader.sandbox.command import STAND_IN
from grader.sandbox.environment import TEMPORARY

#: A socket's path has at most 107 bytes.
_LONGEST = 60


def make_base(place: Path) -> Path:
    """Makes a folder in a place, or elsewhere where a socket's path gets too long."""
    if len(str(place)) > _LONGEST:
        place = Path(TEMPORARY)
    return Path(tempfile.mkdtemp(prefix="grader-", dir=place))


def own(path: Path) -> None:
    """Gives a path to the sandbox's user."""
    if os.geteuid() == 0:
        os.chown(path, STAND_IN, STAND_IN)
