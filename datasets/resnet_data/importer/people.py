"""Which photographs are the test set: those of some people, all of theirs.

The camera numbered the photographs of the Sign Language Digits Dataset, and each
person showed 0 to 9 in a row: a person's number is the photograph's number less the
digit. Where a shot was repeated and the first try thrown away, the numbers after it
are one to three higher, so that one person can have two or three such numbers.

Hence blocks: of each 250 numbers, 30 in a row, three people, are for testing. The
blocks lie where no person is cut, also if all numbers were up to four higher or
lower. A repeated shot, or a person photographed twice in a row, stays on one side,
and both sessions, with all their backgrounds and lamps, are on both sides.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePath

PERIOD = 250
FIRST = 180
LENGTH = 30
# About the same share, where nothing says who is who.
ONE_IN = 8


def is_numbered(name: str) -> bool:
    """Whether a file is named as the camera names it: IMG_ and four digits."""
    return _number(name) is not None


def is_for_testing(name: str, label: int) -> bool:
    """Whether a photograph is part of the test set: its name and digit decide alone.

    So the parts stay the same, whichever other files are there or missing. A file
    without a number is drawn by the hash of its name, one in eight.

    Args:
        name: the file name, with or without folders.
        label: the digit shown.
    """
    person = person_number(name, label)
    if person is None:
        digest = hashlib.sha256(PurePath(name).stem.encode("utf-8", "replace"))
        return int.from_bytes(digest.digest()[:4], "big") % ONE_IN == 0
    return (person - FIRST) % PERIOD < LENGTH


def person_number(name: str, label: int) -> int | None:
    """What tells a person from the next: the photograph's number less the digit.

    None where the name has no number.
    """
    number = _number(name)
    return None if number is None else number - label


def _number(name: str) -> int | None:
    found = re.fullmatch(r"IMG_([0-9]{4})", PurePath(name).stem, re.IGNORECASE)
    return int(found[1]) if found else None
