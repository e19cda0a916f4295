"""Which student of the course a row of a platform's list is."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from grader.platform.entry import Entry, name_key, plain


@dataclass(frozen=True)
class Student:
    """A student of the course.

    Attributes:
        id: as folders and gradebook have it.
        numbers: by which the platform's zips, or its list, call the student.
        first_name: as the gradebook has it; empty where it has none.
        last_name: likewise.
        email: likewise.
    """

    id: str
    numbers: tuple[str, ...] = ()
    first_name: str = ""
    last_name: str = ""
    email: str = ""

    @property
    def name(self) -> str:
        """In full; what the student is called by where there is no name."""
        return f"{self.first_name} {self.last_name}".strip() or self.id


@dataclass(frozen=True)
class Matched:
    """Who is who.

    Attributes:
        entries: of each student who was found, by the student's id.
        doubtful: of each student for whom there are several, or who shares one, why.
    """

    entries: Mapping[str, Entry]
    doubtful: Mapping[str, str]


def match(
    students: Sequence[Student], entries: Sequence[Entry], *, strict: bool = True
) -> Matched:
    """Finds the row of each student, by the surest thing that both have.

    A number that the platform gave goes first, then a user name, an address, and last
    the name.

    Args:
        students: of the course.
        entries: of the list.
        strict: look for a student with a number by nothing else, for another of the
            same name may be in the list.
    """
    found: dict[str, Entry] = {}
    doubtful: dict[str, str] = {}
    for place, (of_student, of_entry) in enumerate(_WAYS):
        taken = {entry.row for entry in found.values()}
        by_key = defaultdict[object, dict[int, Entry]](dict)
        for entry in entries:
            if entry.row not in taken:
                for key in of_entry(entry):
                    by_key[key][entry.row] = entry
        claims = defaultdict[int, list[str]](list)
        for student in students:
            if student.id in found or student.id in doubtful:
                continue
            if strict and student.numbers and place:
                continue
            fitting = [by_key[key] for key in of_student(student) if key in by_key]
            if fitting and len(fitting[0]) > 1:
                doubtful[student.id] = f"rows {_rows(fitting[0])} fit"
            elif fitting:
                ((row, found[student.id]),) = fitting[0].items()
                claims[row].append(student.id)
        for row, names in claims.items():
            for name in names if len(names) > 1 else ():
                other = next(each for each in names if each != name)
                doubtful[name] = f"row {row + 1} fits {other}, too"
                del found[name]
    return Matched(found, doubtful)


_Way = tuple[Callable[[Student], Iterable[object]], Callable[[Entry], Iterable[object]]]


def _keys(entry: Entry) -> set[str]:
    return {key.casefold() for key in (*entry.keys, entry.email) if key}


def _names(entry: Entry) -> Iterator[object]:
    if entry.name:
        yield name_key(entry.name)
        yield plain(entry.name)


#: from the surest; a student's keys, and those of a row
_WAYS: tuple[_Way, ...] = (
    (lambda student: student.numbers, lambda entry: [entry.number]),
    (lambda student: [student.id.casefold()], _keys),
    (lambda student: [student.email.casefold()], _keys),
    (lambda student: [name_key(student.name), plain(student.id)], _names),
)


def _rows(rows: Iterable[int]) -> str:
    return " and ".join(str(row + 1) for row in sorted(rows)[:3])
