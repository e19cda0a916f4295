"""A row of a platform's list: a person, and the cell for the mark."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from unicodedata import normalize

from grader.platform.sheet import Sheet


@dataclass(frozen=True)
class Entry:
    """A person in a list.

    Attributes:
        row: of the sheet.
        number: what the platform's files and pages call the person by.
        name: in full.
        keys: what a student's id may be: user names, numbers of the register.
        email: the address.
        held: why the mark is not the sheet's to set; empty where it is.
    """

    row: int
    number: str
    name: str
    keys: tuple[str, ...] = ()
    email: str = ""
    held: str = ""


@dataclass(frozen=True)
class MarkSheet:
    """A platform's list with a column for marks.

    Attributes:
        platform: its name.
        sheet: the file.
        entries: a person a row.
        column: where marks go.
        most: what the platform gives at most; None where the file does not tell.
        comma: whether numbers have a comma.
    """

    platform: str
    sheet: Sheet
    entries: tuple[Entry, ...]
    column: int
    most: float | None
    comma: bool


def number_of(text: str) -> float | None:
    """A number as platforms write it, 1234.5 or 1234,5; None for anything else."""
    plain = text.strip()
    if not re.fullmatch(r"[+-]?\d+(?:[.,]\d+)?", plain):
        return None
    return float(plain.replace(",", "."))


def has_comma(texts: Iterable[str]) -> bool:
    """Whether numbers in cells are written with a comma."""
    return any(re.fullmatch(r"\s*-?\d+,\d+\s*", text) for text in texts)


def plain(text: str) -> str:
    """A text to compare with: letters and digits in lower case."""
    folded = normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum())


def name_key(name: str) -> tuple[str, ...]:
    """A name to compare with, whichever of its parts comes first."""
    words = re.split(r"[\s,;_]+", name)
    return tuple(sorted(filter(None, map(plain, words))))
