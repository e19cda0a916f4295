"""Moodle's offline grading worksheet: a row a participant, with a number of their own.

Heads are in the language of whoever fetched the file. What tells the columns apart in
each of them is what stands below: numbers of participants, addresses, and a mark beside
a greatest mark that is the same in all rows.
"""

import re

from grader.nbgrader.faults import CourseError
from grader.platform.entry import Entry, MarkSheet, has_comma, number_of
from grader.platform.sheet import Sheet

PLATFORM = "Moodle"
_NUMBER = re.compile(r"\D*(\d+)")


def is_worksheet(sheet: Sheet) -> bool:
    """Whether each row begins with a participant's number, as "Participant 1234"."""
    firsts = [sheet.say(row, 0) for row in range(1, len(sheet.rows)) if sheet.rows[row]]
    found = [re.fullmatch(r"([^\W\d_]\D*)\d+", first) for first in firsts]
    words = {match and match[1] for match in found}
    return len(sheet.heads) > 2 and len(words) == 1 and None not in words


def entries_of(sheet: Sheet) -> tuple[Entry, ...]:
    """The participants of a worksheet."""
    rows = [row for row in range(1, len(sheet.rows)) if sheet.rows[row]]
    email = _email_column(sheet, rows)
    name = sheet.column("Full name")
    if name is None and email != 1 and len(sheet.heads) > 1:
        name = 1
    ids = [sheet.column(head) for head in ("Username", "ID number")]
    lock = sheet.column("Grade can be changed")
    found = []
    for row in rows:
        number = _NUMBER.fullmatch(sheet.say(row, 0))
        if not number:
            raise CourseError(
                f"{sheet.path}: {sheet.say(row, 0)!r} is no number of a participant"
            )
        locked = sheet.say(row, lock).casefold() == "no"
        keys = tuple(filter(None, (sheet.say(row, column) for column in ids)))
        found.append(
            Entry(
                row,
                number[1],
                sheet.say(row, name),
                keys,
                sheet.say(row, email),
                "Moodle has locked the mark" if locked else "",
            )
        )
    return tuple(found)


def read_worksheet(sheet: Sheet, column: str | None) -> MarkSheet:
    """Reads a worksheet.

    Args:
        sheet: the file.
        column: the head of the column for marks; by default it is found.

    Raises:
        CourseError: if it is none, or if it does not tell where marks go.
    """
    if not is_worksheet(sheet):
        raise CourseError(
            f"{sheet.path} is no grading worksheet of Moodle: its first column does "
            "not hold the participants' numbers, such as 'Participant 1234'. In the "
            "assignment's settings, choose the offline grading worksheet as a type of "
            "feedback; then download it from the list of submissions"
        )
    entries = entries_of(sheet)
    marks = _mark_column(sheet, entries, column)
    most = _same_number(sheet, entries, marks + 1)
    numbers = [sheet.say(e.row, c) for e in entries for c in (marks, marks + 1)]
    return MarkSheet(PLATFORM, sheet, entries, marks, most, has_comma(numbers))


def _mark_column(sheet: Sheet, entries: tuple[Entry, ...], column: str | None) -> int:
    found = sheet.column(column or "Grade")
    if found is None and column is None:
        beside = [
            place
            for place in range(1, len(sheet.heads) - 1)
            if (_same_number(sheet, entries, place + 1) or 0) > 0
            and all(_may_be_mark(sheet.say(e.row, place)) for e in entries)
        ]
        found = beside[0] if len(beside) == 1 else None
    if found is None:
        raise CourseError(
            f"{sheet.path} has no column {column or 'Grade'!r} for marks; there is "
            f"{', '.join(sheet.heads)}. Name it with --column"
        )
    return found


def _may_be_mark(text: str) -> bool:
    return text in ("", "-") or number_of(text) is not None


def _same_number(sheet: Sheet, entries: tuple[Entry, ...], column: int) -> float | None:
    """The number that stands in each row of a column; None where there is no such."""
    found = {number_of(sheet.say(entry.row, column)) for entry in entries}
    return found.pop() if len(found) == 1 else None


def _email_column(sheet: Sheet, rows: list[int]) -> int | None:
    found = sheet.column("Email address")
    if found is not None:
        return found
    for column in range(1, len(sheet.heads)):
        texts = [sheet.say(row, column) for row in rows]
        if any(texts) and all(re.fullmatch(r"\S+@\S+|", text) for text in texts):
            return column
    return None
