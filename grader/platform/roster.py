"""A class list into the gradebook: who is in the course, and what they are called."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from grader.escape import line
from grader.nbgrader.faults import CourseError
from grader.nbgrader.grading.course import Course
from grader.nbgrader.handed_in.student_names import UnfitName, demand_name
from grader.platform import canvas, moodle
from grader.platform.entry import Entry, plain
from grader.platform.known import known_students
from grader.platform.people import Student, match
from grader.platform.sheet import Sheet

_FIRST = ("first_name", "First name", "FirstName", "Given name")
_LAST = ("last_name", "Last name", "Surname", "LastName", "Family name")
_FULL = ("Full name", "Name", "Student")
_EMAIL = ("email", "Email address", "E-mail", "E-mail address")
_ID = ("student_id", "id")
_KEYS = (
    "Username",
    "ID number",
    "User name",
    "Login ID",
    "SIS Login ID",
    "SIS User ID",
)
#: what formgrader writes into its pages as it is
_UNFIT = str.maketrans({"<": "‹", ">": "›", '"': "”"})
#: what Moodle leaves out of the names of files
_NO_FILE = '&<>"`|:\\/' + "'"
#: of a gradebook's column
_LONGEST = 128


@dataclass(frozen=True)
class Roster:
    """A class list, as far as the course can use it.

    Attributes:
        students: as they are to be in the gradebook.
        new: ids of those whom the course did not know.
        absent: ids of those in the course who are not in the list.
        numbers: whether students' numbers hold for all assignments.
    """

    students: tuple[Student, ...]
    new: tuple[str, ...]
    absent: tuple[str, ...]
    numbers: bool = False


@dataclass(frozen=True)
class _Person:
    """A row: who it is, and the id for one whom the course does not know yet."""

    entry: Entry
    first_name: str
    last_name: str
    id: str


def read_roster(course: Course, sheet: Sheet, column: str | None) -> Roster:
    """Reads a class list.

    Args:
        course: the course; whom it knows already keeps the id.
        sheet: Moodle's list of participants or grading worksheet, Canvas's gradebook,
            or a file with columns such as nbgrader's: id, last_name, first_name, email.
        column: the head of the column with ids; by default that of the kind of file.

    Raises:
        CourseError: if it is none, or if rows cannot be told apart.
    """
    platform, people = _people(sheet, column)
    known = list(known_students(course, platform, course.lessons()))
    if column is None and platform:
        lasting = platform == canvas.PLATFORM
        found = match(known, [person.entry for person in people], strict=lasting)
    else:
        # the list says who is who; others of the same name are others
        ids = {person.id: person.entry for person in people}
        found = match([], [])
        found = replace(found, entries={s.id: e for s in known if (e := ids.get(s.id))})
    if found.doubtful:
        listed = "; ".join(f"{who} ({why})" for who, why in found.doubtful.items())
        raise CourseError(f"{sheet.path} does not tell who these are: {listed}")
    by_row = {entry.row: student for student, entry in found.entries.items()}
    students, new = [], []
    before = {student.id: student for student in known}
    for person in people:
        student = by_row.get(person.entry.row, person.id)
        if student not in before:
            _demand_id(sheet, person, student)
            new.append(student)
        students.append(_student(person, student, before.get(student)))
    twice = [i for i, n in Counter(s.id for s in students).items() if n > 1]
    if twice:
        raise CourseError(
            f"{sheet.path}: {twice[0]!r} is the id of several people: give them ids of "
            "their own, in a column that --id names"
        )
    absent = tuple(student.id for student in known if student.id not in by_row.values())
    return Roster(tuple(students), tuple(new), absent, platform == canvas.PLATFORM)


def save_roster(course: Course, roster: Roster) -> None:
    """Writes names, addresses and numbers into the gradebook; what is empty stays."""
    with course.gradebook() as gradebook:
        for student in roster.students:
            values = {
                "first_name": student.first_name,
                "last_name": student.last_name,
                "email": student.email,
                "lms_user_id": student.numbers[0] if roster.numbers else "",
            }
            given: Any = {key: value for key, value in values.items() if value}
            gradebook.update_or_create_student(student.id, **given)


def _people(sheet: Sheet, column: str | None) -> tuple[str, list[_Person]]:
    """The platform of a list, empty for none, and who is in it."""
    own = sheet.column(column) if column else sheet.column(*_ID)
    if column and own is None:
        raise CourseError(
            f"{sheet.path} has no column {column!r}; there is {', '.join(sheet.heads)}"
        )
    if canvas.is_gradebook(sheet):
        return _of_platform(
            sheet, column, own, canvas.PLATFORM, canvas.entries_of(sheet)
        )
    first, last = sheet.column(*_FIRST), sheet.column(*_LAST)
    if first is None and last is None and moodle.is_worksheet(sheet):
        return _of_platform(
            sheet, column, own, moodle.PLATFORM, moodle.entries_of(sheet)
        )
    full, email = sheet.column(*_FULL), sheet.column(*_EMAIL)
    if own is None and (first is None or last is None):
        raise CourseError(
            f"{sheet.path} is none of the class lists that can be read: Moodle's "
            "participants or grading worksheet, Canvas's gradebook, or a file with the "
            "columns id, first_name, last_name and email. It has "
            f"{', '.join(sheet.heads)}. --id names a column with students' ids"
        )
    keys = [sheet.column(head) for head in _KEYS]
    people = []
    for row in range(1, len(sheet.rows)):
        if not sheet.rows[row]:
            continue
        names = sheet.say(row, first), sheet.say(row, last)
        names = names if any(names) else _parts(sheet.say(row, full))
        name = " ".join(filter(None, names))
        ids = tuple(filter(None, (sheet.say(row, key) for key in keys)))
        entry = Entry(row, "", name, ids, sheet.say(row, email))
        people.append(_Person(entry, *names, sheet.say(row, own) or as_file(name)))
    return "" if own is not None else moodle.PLATFORM, people


def _of_platform(
    sheet: Sheet,
    column: str | None,
    own: int | None,
    platform: str,
    entries: Sequence[Entry],
) -> tuple[str, list[_Person]]:
    """Who is in a platform's list, with the ids that `zip_collect` gives them."""
    call = as_file if platform == moodle.PLATFORM else plain
    called = Counter(call(entry.name) for entry in entries)
    people = []
    for entry in entries:
        name = call(entry.name)
        # two of one name keep the platform's number
        name = f"{name}_{entry.number}" if called[name] > 1 or not name else name
        ident = sheet.say(entry.row, own) if column else name
        people.append(_Person(entry, *_parts(entry.name), ident))
    return platform, people


def _parts(name: str) -> tuple[str, str]:
    """First and last name, of "Lovelace, Ada" or "Ada Lovelace"."""
    if "," in name:
        last, _, first = name.partition(",")
    else:
        first, _, last = name.strip().rpartition(" ")
    return first.strip(), last.strip()


def as_file(name: str) -> str:
    """A name as Moodle's zip has it."""
    spaced = name.replace("_", " ")
    return " ".join("".join(c for c in spaced if c not in _NO_FILE).split())


def _student(person: _Person, student: str, before: Student | None) -> Student:
    """A student as the list says; as before where it does not."""
    old = before or Student(student)
    return Student(
        student,
        (person.entry.number,) if person.entry.number else old.numbers,
        _fit(person.first_name) or ("" if person.last_name else old.first_name),
        _fit(person.last_name) or ("" if person.first_name else old.last_name),
        _fit(person.entry.email) or old.email,
    )


def _fit(text: str) -> str:
    return line(text).translate(_UNFIT).strip()[:_LONGEST]


def _demand_id(sheet: Sheet, person: _Person, student: str) -> None:
    try:
        if not student or len(student) > _LONGEST:
            raise UnfitName("it is empty" if not student else "it is too long")
        demand_name(student)
    except UnfitName as error:
        raise CourseError(
            f"{sheet.path}, row {person.entry.row + 1}: {line(student)!r} can be no "
            "student's id, for it is the name of a folder, too: "
            f"{str(error).removesuffix(': rename the folder')}"
        ) from error
