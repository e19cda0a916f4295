"""What a corpus was made from."""

import hashlib
import subprocess
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
#: What captures depend on, by what a person calls it.
PARTS = {
    "the capture half": (
        "grader/capture/**/*.py",
        "grader/arithmetic.py",
        "grader/challenge.py",
        "grader/stream.py",
    ),
    "the lessons' notebooks": ("solutions/*/*.ipynb", "solutions/*/*.py"),
}
#: What marks and sentences depend on beside them.
JUDGE = ("grader/judge/**/*", "grader/lessons/**/*", "grader/report/**/*")


def origin() -> dict[str, str]:
    """Commit and digests of the sources as they are now."""
    parts = {name: _digest(patterns) for name, patterns in PARTS.items()}
    return {"commit": _commit(), **parts, "the judge": _digest(JUDGE)}


def changed(made: dict) -> list[str]:
    """The parts that captures depend on and that are others now."""
    now = origin()
    return [name for name in PARTS if made.get(name) != now[name]]


def _digest(patterns: Iterable[str]) -> str:
    found = hashlib.sha256()
    for path in sorted({p for pattern in patterns for p in ROOT.glob(pattern)}):
        # twins are notebooks as text
        if path.is_file() and path.suffix != ".pyc" and ".pct." not in path.name:
            found.update(path.relative_to(ROOT).as_posix().encode())
            found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()[:32]


def _commit() -> str:
    """The commit, with a plus where files differ from it; empty outside of git."""
    done = subprocess.run(
        ["git", "describe", "--always", "--abbrev=12", "--dirty=+", "--exclude=*"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout.strip()
