"""Folders that a sandbox is handed: short in name, and owned by who lives there."""

import json
import os
import shutil
import tempfile
from pathlib import Path

from grader.sandbox.command import STAND_IN
from grader.sandbox.environment import TEMPORARY
from grader.sandbox.view import Entry, readable

#: what no other kernel is shown
LESSON, CONNECTION, _CHANNELS = "/lesson", "/run/kernel.json", "/run/kernel"
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


def channels(base: Path) -> Path:
    """The folder of a kernel's sockets."""
    return base / "s"


def fill(base: Path, lesson: Path) -> None:
    """Makes the folder of the sockets, and a copy of a lesson's files."""
    channels(base).mkdir(mode=0o700)
    own(channels(base))
    shutil.copytree(lesson.resolve(), base / "lesson")
    readable(base / "lesson")


def own_entries(base: Path) -> list[Entry]:
    """What no other kernel is shown."""
    return [
        Entry(LESSON, "read", str(base / "lesson")),
        Entry(CONNECTION, "read", str(base / "inside.json")),
        Entry(_CHANNELS, "write", str(channels(base))),
    ]


def tell_inside(base: Path) -> None:
    """Writes the kernel's own connection file, with the paths that it sees."""
    told = json.loads((base / "kernel.json").read_text("utf-8"))
    path = base / "inside.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps(told | {"ip": f"{_CHANNELS}/k"}), "utf-8")
    own(path)
