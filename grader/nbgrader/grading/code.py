"""Which code grades: it has to be the same on all machines, and for all of a class."""

import hashlib
from pathlib import Path


def code_digest() -> str:
    """A digest of the grader's code."""
    folder, digest = Path(__file__).resolve().parents[1], hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        if path.relative_to(folder).parts[0] != "demo":
            digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes())
    return digest.hexdigest()
