"""Canvas's gradebook: a row a student, a column an assignment with its number."""

import re

from grader.lessons import Lesson
from grader.nbgrader.faults import CourseError
from grader.platform.entry import Entry, MarkSheet, has_comma, number_of, plain
from grader.platform.sheet import Sheet

PLATFORM = "Canvas"
_ASSIGNMENT = re.compile(r"(?P<title>.*\S) \((?P<number>\d+)\)")
_POINTS = "Points Possible"
#: what Canvas writes in place of a mark, and why it is left
_HELD = {"N/A": "the assignment is not theirs", "EX": "excused in Canvas"}


def is_gradebook(sheet: Sheet) -> bool:
    """Whether these are the heads of an exported gradebook."""
    names = sheet.heads[:1] == ("Student",) or sheet.heads[:2] == (
        "LastName",
        "FirstName",
    )
    return names and "ID" in sheet.heads


def entries_of(sheet: Sheet, marks: int | None = None) -> tuple[Entry, ...]:
    """The students of a gradebook.

    Args:
        sheet: the file.
        marks: the column of the marks that are to be set.
    """
    number = sheet.column("ID")
    keys = [sheet.column(h) for h in ("SIS Login ID", "SIS User ID", "Integration ID")]
    found = []
    for row in range(1, len(sheet.rows)):
        if not sheet.rows[row] or not sheet.say(row, number):
            continue  # points, and what is posted by hand
        ids = tuple(filter(None, (sheet.say(row, column) for column in keys)))
        email = next((key for key in ids if "@" in key), "")
        held = _HELD.get(sheet.say(row, marks).upper(), "")
        name = _name(sheet, row)
        found.append(Entry(row, sheet.say(row, number), name, ids, email, held))
    return tuple(found)


def read_gradebook(sheet: Sheet, column: str | None, lesson: Lesson) -> MarkSheet:
    """Reads a gradebook.

    Args:
        sheet: the file.
        column: head, title or number of the assignment; by default that of the lesson.
        lesson: whose marks they are.

    Raises:
        CourseError: if it is none, or if it does not tell where marks go.
    """
    if not is_gradebook(sheet):
        raise CourseError(
            f"{sheet.path} is no gradebook of Canvas: it does not begin with the "
            "columns Student and ID. In Canvas's gradebook, choose Export"
        )
    marks = _mark_column(sheet, column, lesson)
    points = _points(sheet, marks)
    entries = entries_of(sheet, marks)
    numbers = [sheet.say(e.row, marks) for e in entries]
    return MarkSheet(
        *(PLATFORM, sheet, entries, marks),
        number_of(points),
        has_comma([points, *numbers]),
    )


def _mark_column(sheet: Sheet, column: str | None, lesson: Lesson) -> int:
    found = {
        place: match
        for place, head in enumerate(sheet.heads)
        if (match := _ASSIGNMENT.fullmatch(head))
        and "read only" not in _points(sheet, place)
    }
    if column is None:
        wanted = {plain(t) for t in (lesson.name, lesson.notebook, lesson.title)}
        fits = [i for i, m in found.items() if plain(m["title"]) in wanted]
    else:
        fits = [
            i for i, m in found.items() if column in (m[0], m["title"], m["number"])
        ]
    if len(fits) == 1:
        return fits[0]
    listed = ", ".join(match[0] for match in found.values()) or "none"
    asked = (
        f"called {column!r}" if column else f"of the lesson's name, {lesson.title!r}"
    )
    which = "several assignments" if fits else "no assignment"
    raise CourseError(
        f"{sheet.path} has {which} {asked}; there is {listed}. Say which with --column"
    )


def _points(sheet: Sheet, column: int) -> str:
    for row in range(1, len(sheet.rows)):
        if sheet.rows[row] and sheet.say(row, 0).startswith(_POINTS):
            return sheet.say(row, column)
    return ""


def _name(sheet: Sheet, row: int) -> str:
    if sheet.heads[0] == "LastName":
        return f"{sheet.say(row, 0)}, {sheet.say(row, 1)}"
    return sheet.say(row, 0)
