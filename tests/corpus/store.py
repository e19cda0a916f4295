"""The folder of a corpus: each distinct text once, and a line for each entry."""

import gzip
import hashlib
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple


def digest(text: str) -> str:
    """A name for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]


class Key(NamedTuple):
    """What an entry is of.

    Attributes:
        lesson: its folder.
        function: that was captured.
        kind: of version, such as "mutant".
        name: of the version.
        seed: that the challenge was drawn from.
        source: digest of the version.
    """

    lesson: str
    function: str
    kind: str
    name: str
    seed: str
    source: str


@dataclass(frozen=True)
class Entry:
    """One function of one version under one challenge.

    Attributes:
        key: which.
        challenge: digest of the challenge's text.
        capture: digest of the capture's text.
        reports: digest of the reports' text.
        seconds: that judging took.
    """

    key: Key
    challenge: str
    capture: str
    reports: str
    seconds: float

    @property
    def id(self) -> str:
        """How it is named to a person."""
        key = self.key
        return f"{key.lesson}/{key.function}/{key.kind}/{key.name} ({key.seed})"

    def to_line(self) -> str:
        """The entry as a line of JSON."""
        return json.dumps(asdict(self)) + "\n"

    @classmethod
    def of_line(cls, line: str) -> "Entry":
        """Reads what `to_line` wrote."""
        parts = json.loads(line)
        return cls(**{**parts, "key": Key(*parts["key"])})


class Store:
    """A corpus on disk.

    Args:
        folder: where; it is made when something is written.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self._entries = folder / "entries.jsonl"
        self._made = folder / "made.json"

    def _path(self, name: str) -> Path:
        return self.folder / "texts" / name[:2] / f"{name}.gz"

    def put(self, text: str) -> str:
        """Keeps a text, and returns its digest."""
        name = digest(text)
        path = self._path(name)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            # two processes may write one text
            part = path.with_suffix(f".{os.getpid()}")
            part.write_bytes(gzip.compress(text.encode(), 4, mtime=0))
            part.replace(path)
        return name

    def get(self, name: str) -> str:
        """The text of a digest."""
        return gzip.decompress(self._path(name).read_bytes()).decode()

    def size(self, name: str) -> int:
        """How many bytes a text takes."""
        return self._path(name).stat().st_size

    def made(self) -> dict:
        """What is known of how it was made; empty where there is none."""
        return json.loads(self._made.read_text()) if self._made.exists() else {}

    def set_made(self, about: dict) -> None:
        """Writes what is known of how it was made."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._made.write_text(json.dumps(about, indent=1))

    def add(self, entries: Iterable[Entry]) -> None:
        """Adds entries to the list."""
        with self._entries.open("a") as file:
            file.write("".join(entry.to_line() for entry in entries))

    def entries(self) -> Iterator[Entry]:
        """The entries; a line that a stopped run left half written is none."""
        if not self._entries.exists():
            return
        for line in self._entries.read_text().splitlines(keepends=True):
            if line.endswith("\n"):
                yield Entry.of_line(line)

    def keep(self, entries: Iterable[Entry]) -> None:
        """Makes these the only entries, and drops texts that none of them names."""
        kept = list(entries)
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self._entries.with_suffix(".part")
        part.write_text("".join(entry.to_line() for entry in kept))
        part.replace(self._entries)
        named = {
            name for e in kept for name in (e.challenge, e.capture, e.reports)
        }  # fmt: skip
        for path in self.folder.glob("texts/*/*"):
            if path.name.removesuffix(".gz") not in named:
                path.unlink()
