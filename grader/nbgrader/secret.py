"""The course's secret, from which each challenge's seed is derived.

A seed depends on the student, the lesson and the function, and is the same when the
submission is graded again. Without the secret nobody can tell it beforehand.
"""

import hashlib
import hmac
import os
import secrets
from pathlib import Path

VARIABLE = "GRADER_COURSE_SECRET"


def course_secret(folder: Path) -> bytes:
    """Returns the secret from the environment or from the run folder.

    It is made and kept, for the owner's eyes alone, when a course first grades.

    Args:
        folder: the run folder, such as `course/`.
    """
    if given := os.environ.get(VARIABLE):
        return given.encode()
    path = folder / "secret"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()


def challenge_seed(secret: bytes, student: str, lesson: str, function: str) -> str:
    """Returns the seed of a student's challenge, as 64 hexadecimal digits."""
    place = "\0".join([student, lesson, function]).encode()
    return hmac.new(secret, place, hashlib.sha256).hexdigest()
