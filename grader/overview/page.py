"""The class at a glance: one page that needs nothing beside it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from grader.lessons import Lesson
from grader.nbgrader.grading.course import Course
from grader.nbgrader.standing import Standing, absent
from grader.overview.alike import groups
from grader.overview.chart import Bar, bars, share
from grader.overview.hand_ins import HandIns, hand_ins
from grader.overview.own_code import own_forms
from grader.overview.summary import BARS, Summary, summarise
from grader.overview.template import Html, render
from grader.report import points

_HERE = Path(__file__).parent
#: what is shown of long lists
MOST_FINDINGS, MOST_GROUPS, MOST_NAMES, MOST_LINES, MOST_PEOPLE = 20, 30, 30, 6, 40


def class_page(course: Course, lesson: Lesson, standings: Sequence[Standing]) -> str:
    """Writes the page of a lesson.

    Args:
        course: the course.
        lesson: the lesson.
        standings: of those who have marks in it.
    """
    summary = summarise(lesson, standings)
    away = absent(course, lesson)
    helped = [s for s in standings if s.student in summary.reasons]
    helped.sort(key=lambda standing: (standing.total, standing.student))
    times = hand_ins(course, lesson, standings)
    known = {s.student: shown(s.student, s.name) for s in standings}
    most = {
        function: sum(c.points for c in lesson.checks if c.function == function)
        for function in lesson.functions
    }
    return render(
        _HERE / "page.html.j2",
        {
            "lesson": lesson,
            "now": f"{datetime.now():%d %B %Y, %H:%M}",
            "style": Html((_HERE / "page.css").read_text("utf-8")),
            "summary": summary,
            "numbers": _numbers(summary, standings, away),
            "contents": _contents(times),
            "distribution": Html(_distribution(summary, len(standings))),
            "share": lambda reached, most: Html(share(reached, most)),
            "most_findings": MOST_FINDINGS,
            "helped": [(s, summary.reasons[s.student]) for s in helped],
            "most_people": MOST_PEOPLE,
            "kinds": _kinds(summary, away),
            "absent": [shown(student, name) for student, name in away.items()],
            "times": Html(_times(times)) if times else "",
            "often": _often(times) if times else "",
            "groups": groups(own_forms(course, lesson, known)),
            "most_groups": MOST_GROUPS,
            "lines_shown": MOST_LINES,
            "standings": standings,
            "functions": list(most.items()),
            "questions": any(round(s.questions, 6) for s in standings),
            "late": any(s.late for s in standings),
            "points": points,
            "count": count,
            "who": lambda standing: known[standing.student],
            "names": lambda students: _listed([known[s] for s in students]),
        },
    )


def shown(student: str, name: str) -> str:
    """A student as a list has it: "Lovelace, Ada (ada)"; the id where no name is."""
    return f"{name} ({student})" if name else student


def count(number: int, noun: str) -> str:
    """A number with its noun: "1 student", "2 students"."""
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_NAMES
    listed = "; ".join(names[:MOST_NAMES])
    return f"{listed}; and {more} more" if more > 0 else listed


def _contents(times: HandIns | None) -> list[tuple[str, str]]:
    titles = {
        "marks": "Distribution",
        "checks": "Checks",
        "findings": "Findings",
        "help": "Who may need help",
        "times": "Hand-ins",
        "alike": "Nearly the same code",
        "everybody": "Everybody",
    }
    return [(i, t) for i, t in titles.items() if times or i != "times"]


def _numbers(
    summary: Summary, standings: Sequence[Standing], away: Mapping[str, str]
) -> list[tuple[str, str]]:
    full = sum(standing.total >= summary.most for standing in standings)
    numbers = [
        ("Students with marks", f"{len(standings):,}"),
        ("Mean", f"{points(round(summary.mean, 1))} of {points(summary.most)}"),
        ("Median", f"{points(round(summary.median, 1))} of {points(summary.most)}"),
        ("Full marks", f"{full:,}"),
    ]
    if away:
        numbers.append(("Handed in nothing", f"{len(away):,}"))
    return numbers


def _distribution(summary: Summary, students: int) -> str:
    edges = [summary.most * number / BARS for number in range(BARS + 1)]
    labels = [f"{points(edges[n])}–{points(edges[n + 1])}" for n in range(BARS)]
    counted = zip(labels, summary.bars, strict=True)
    told = ", ".join(f"{label}: {number}" for label, number in counted)
    starts = map(points, edges[:BARS])
    columns = [Bar(*pair) for pair in zip(starts, summary.bars, strict=True)]
    return bars(
        f"Totals of {count(students, 'student')}",
        f"Students by points: {told}.",
        "points, from … on; above the bars: students",
        columns,
    )


def _times(times: HandIns) -> str:
    told = "; ".join(
        f"{each.day}: {each.first} for the first time, {each.again} again"
        for each in times.days
    )
    columns = [Bar(f"{d.day:%d %b}", d.first, d.again) for d in times.days]
    return bars(
        "Hand-ins by day",
        told,
        "solid: for the first time; hatched: handed in again",
        columns,
    )


def _often(times: HandIns) -> str:
    parts = [
        f"{count(students, 'student')} {_times_over(number)}"
        for number, students in times.often.items()
    ]
    return f"Handed in: {', '.join(parts)}."


def _times_over(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


def _kinds(summary: Summary, away: Iterable[str]) -> str:
    """How many there are of each kind of reason."""
    counted = Counter(
        kind
        for reasons in summary.reasons.values()
        for kind in {reason.kind for reason in reasons}
    )
    parts = [f"{kind}: {number:,}" for kind, number in counted.most_common()]
    if absent_ones := len(list(away)):
        parts.append(f"handed in nothing: {absent_ones:,}")
    return f"Students by reason. {'; '.join(parts)}."
