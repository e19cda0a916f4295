"""When work was handed in, and how often: from the exchange, where there is one."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from pathlib import Path

from nbgrader.utils import parse_utc

from grader.lessons import Lesson
from grader.nbgrader.grading.course import Course
from grader.nbgrader.standing import Standing


@dataclass(frozen=True)
class Day:
    """How many handed in on a day for the first time, and how many once more."""

    day: date
    first: int
    again: int


@dataclass(frozen=True)
class HandIns:
    """How a class handed in.

    Attributes:
        days: those on which somebody did, in order.
        often: how many students did so once, twice and so on, by number.
    """

    days: tuple[Day, ...]
    often: dict[int, int]


def hand_ins(
    course: Course, lesson: Lesson, standings: Sequence[Standing]
) -> HandIns | None:
    """Counts what was handed in; None where no time is known.

    The exchange keeps each attempt; without one there is the time of the last.
    """
    root = course.config.Exchange.get("root", "")
    folder = Path(root, course.directory.course_id, "inbound")
    attempts = set(_attempts(folder, lesson.name))
    there = {student for student, _ in attempts}
    attempts |= {
        (s.student, s.handed_in)
        for s in standings
        if s.handed_in is not None and s.student not in there
    }
    return _count(attempts) if attempts else None


def _attempts(folder: Path, lesson: str) -> Iterable[tuple[str, datetime]]:
    """Students and times, from the names that the exchange gives to folders."""
    names = [path.name for path in folder.iterdir()] if folder.is_dir() else []
    for name in names:
        parts = name.split("+")
        if len(parts) < 3 or parts[1] != lesson:
            continue
        try:
            yield parts[0], parse_utc(parts[2])
        except ValueError:
            continue


def _count(attempts: Iterable[tuple[str, datetime]]) -> HandIns:
    ordered = sorted(attempts)
    again = [one[0] == other[0] for one, other in pairwise(ordered)]
    first, more = Counter[date](), Counter[date]()
    for (_, time), repeated in zip(ordered, [False, *again], strict=True):
        (more if repeated else first)[time.date()] += 1
    days = (Day(day, first[day], more[day]) for day in sorted(first | more))
    often = Counter(Counter(student for student, _ in ordered).values())
    return HandIns(tuple(days), dict(sorted(often.items())))
