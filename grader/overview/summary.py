"""What the marks of a class add up to."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import mean, median

from grader.lessons import Lesson
from grader.nbgrader.standing import Standing
from grader.report import Finding

#: bars of the distribution
BARS = 10


@dataclass(frozen=True)
class CheckRow:
    """How a class did in one check.

    Attributes:
        id: the check's.
        title: what it looks at.
        most: points that it has.
        mean: points that were reached.
        failed: how many students lost points.
        lost_all: how many have none.
    """

    id: str
    title: str
    most: float
    mean: float
    failed: int
    lost_all: int


@dataclass(frozen=True)
class Common:
    """A mistake that several made.

    Attributes:
        function: where.
        sentence: of the specification; empty where nothing could be judged.
        message: what one of them was told.
        students: who made it.
        lost: points on average.
    """

    function: str
    sentence: str
    message: str
    students: tuple[str, ...]
    lost: float


@dataclass(frozen=True)
class Reason:
    """Why somebody may need help: the kind, in a word or two, and a sentence."""

    kind: str
    text: str


@dataclass(frozen=True)
class Summary:
    """A class in a lesson.

    Attributes:
        most: points of the whole notebook.
        mean: of the totals; 0 of nobody.
        median: likewise.
        bars: how many have up to a tenth, two tenths ... of the points.
        checks: in the order of the notebook.
        common: mistakes, the most frequent first.
        reasons: for each student who may need help, by student.
    """

    most: float
    mean: float
    median: float
    bars: tuple[int, ...]
    checks: tuple[CheckRow, ...]
    common: tuple[Common, ...]
    reasons: Mapping[str, tuple[Reason, ...]]


def summarise(lesson: Lesson, standings: Sequence[Standing]) -> Summary:
    """Adds up."""
    most = max((s.most for s in standings), default=lesson.points) or 1.0
    totals = [standing.total for standing in standings] or [0.0]
    bars = [0] * BARS
    for standing in standings:
        bars[max(0, min(BARS - 1, int(BARS * standing.total / most)))] += 1
    reasons = {s.student: tuple(_reasons(lesson, s)) for s in standings}
    return Summary(
        most,
        mean(totals),
        median(totals),
        tuple(bars),
        tuple(_check_rows(lesson, standings)),
        tuple(_common(lesson, standings)),
        {student: found for student, found in reasons.items() if found},
    )


def _check_rows(lesson: Lesson, standings: Sequence[Standing]) -> list[CheckRow]:
    rows = []
    for check in lesson.checks:
        marks = [(s.marks or {}).get(check.id) for s in standings]
        points = [mark.points if mark else 0.0 for mark in marks]
        rows.append(
            CheckRow(
                check.id,
                check.title,
                check.points,
                mean(points) if points else 0.0,
                sum(each < check.points for each in points),
                sum(each <= 0 for each in points),
            )
        )
    return rows


def _common(lesson: Lesson, standings: Sequence[Standing]) -> list[Common]:
    """Findings by the sentence that they break; those without one by what they say."""
    lost = defaultdict[_Key, dict[str, float]](lambda: defaultdict(float))
    examples: dict[_Key, str] = {}
    for standing in standings:
        for key, finding in _charged(lesson, standing):
            examples.setdefault(key, finding.message)
            lost[key][standing.student] += finding.price
    order = list(lesson.functions)
    rows = [
        Common(key[0], key[1], examples[key], tuple(prices), mean(prices.values()))
        for key, prices in lost.items()
    ]
    return sorted(rows, key=lambda row: (-len(row.students), order.index(row.function)))


#: a function; the sentence that is broken; what is said where there is no sentence
_Key = tuple[str, str, str]


def _charged(lesson: Lesson, standing: Standing) -> Iterator[tuple[_Key, Finding]]:
    """What cost points, each with what it is counted under.

    Where nothing of a function was judged, its first check says why, and what the
    others lost counts there, too.
    """
    functions = {check.id: check.function for check in lesson.checks}
    whole: dict[str, str] = {}
    for report in standing.reports:
        function = functions.get(report.check, "")
        for finding in report.findings if function else ():
            told = finding.message
            if finding.check == f"{function}-":
                told = whole.setdefault(function, told)
            if finding.price:
                sentence = finding.sentence
                yield (function, sentence, "" if sentence else told), finding


def _reasons(lesson: Lesson, standing: Standing) -> list[Reason]:
    reasons = []
    if not standing.reports:
        reasons.append(Reason("not graded to the end", "It is to be graded again."))
    reasons += _unjudged(lesson, standing)
    reasons += [Reason("mended", repair) for repair in standing.repairs]
    if standing.seconds_late:
        text = f"{duration(standing.seconds_late)} after the due date."
        if standing.late:
            text = f"{text[:-1]}: {standing.late:g} points taken off."
        reasons.append(Reason("late", text))
    if standing.by_hand:
        reasons.append(Reason("to be graded by hand", ", ".join(standing.by_hand)))
    return reasons


def _unjudged(lesson: Lesson, standing: Standing) -> Iterator[Reason]:
    """The functions of which nothing could be judged, and why."""
    functions = {check.id: check.function for check in lesson.checks}
    for report in standing.reports:
        whole = f"{functions.get(report.check)}-"
        if report.points or report.follows:
            continue
        for finding in report.findings:
            if finding.check == whole:
                kind = "not written" if report.unwritten else "not judged"
                yield Reason(kind, finding.message)


def duration(seconds: float) -> str:
    """A time in words: "3 days", "1 hour"."""
    for name, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            count = round(seconds / length)
            return f"{count} {name}{'s' * (count > 1)}"
    return "less than a minute"
