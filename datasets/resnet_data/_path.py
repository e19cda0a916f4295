"""The file that somebody means by a path."""

from __future__ import annotations

import difflib
import re
import urllib.parse
import urllib.request
from pathlib import Path


def meant(path: str | Path) -> Path:
    """The file of that path, also where it was copied with quotes, `file://` or `~`.

    Raises:
        FileNotFoundError: it is no file; the text says what it is, and what to do.
    """
    for each in (Path(path), _tidied(str(path))):
        if _is(each, "file"):
            return each
    raise FileNotFoundError(_told(str(path), each))


def _tidied(text: str) -> Path:
    text = text.strip().strip("\"'")
    if text.startswith("file:"):
        text = urllib.request.url2pathname(urllib.parse.urlsplit(text).path)
    text = text.replace("\\", "/")  # Windows takes both, others one
    try:
        return Path(text).expanduser()
    except RuntimeError:  # nobody of that name
        return Path(text)


def _told(text: str, path: Path) -> str:
    if re.match(r"\s*[\"']?https?:", text):
        return f"{text} is an address: save the picture in a file, and give its name."
    if not text.strip():
        return "There is no file without a name: write the picture's."
    if _is(path, "dir"):
        return f"There is no file {text}, it is a folder: add the picture's name."
    folder = path.parent
    if not _is(folder, "dir"):
        return f"There is no file {text}, nor its folder: check folder and spelling."
    names = {each.name.lower(): each.name for each in sorted(folder.iterdir())}
    near = difflib.get_close_matches(path.name.lower(), names, n=1)
    ask = f" Is it {folder / names[near[0]]}?" if near else ""
    return f"There is no file {text}: check folder and spelling.{ask}"


def _is(path: Path, kind: str) -> bool:
    try:
        return path.is_file() if kind == "file" else path.is_dir()
    except (OSError, ValueError):  # too long, forbidden, or with a zero in it
        return False
