"""By which numbers and names a platform's zip called those who handed in.

`nbgrader zip_collect` calls students by name alone; here stands, beside the zip, what a
platform needs to know them again.
"""

import contextlib
import json
import re
from collections.abc import Mapping
from pathlib import Path

#: beside the folders `archive` and `extracted` of a lesson
FILE = "students.json"
_MOODLE = re.compile(r"(?:.*/)?[^/]*?_(\d+)_assignsubmission_file(?:_|/).*")
_CANVAS = re.compile(r"(?:.*/)?([^/_]+_(?:LATE_)?(\d+)_\d+_).+")


def remember(folder: Path, names: Mapping[str, str]) -> None:
    """Adds, for each student, the path of a file in the zip."""
    path = folder / FILE
    unfinished = path.with_suffix(".part")
    text = json.dumps({**recall(folder), **names}, ensure_ascii=False, indent=1)
    unfinished.write_text(text, "utf-8")
    unfinished.replace(path)


def recall(folder: Path) -> dict[str, str]:
    """What was remembered, by student; nothing where nothing can be read."""
    with contextlib.suppress(OSError, ValueError):
        found = json.loads((folder / FILE).read_text("utf-8"))
        if isinstance(found, dict):
            return {k: v for k, v in found.items() if isinstance(v, str)}
    return {}


def number(platform: str, name: str) -> str:
    """A student's number, from the path of a file; empty where it has none."""
    found = _MOODLE.fullmatch(name)
    if platform == "Moodle":
        return found[1] if found else ""
    found = None if found else _CANVAS.fullmatch(name)
    return found[2] if found else ""


def canvas_prefix(name: str) -> str:
    """What a file's name is to begin with for Canvas to know whose it is."""
    found = None if _MOODLE.fullmatch(name) else _CANVAS.fullmatch(name)
    return found[1] if found else ""
