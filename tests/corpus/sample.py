"""A small corpus that is kept with the sources: what each test run judges again.

Of each function it has the solution and captures with other losses or other sentences,
the shortest ones. It knows marks, not sentences: those may be written better without
anything to renew here.
"""

import json
import lzma
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from grader.lessons import get_lesson
from grader.report import Report
from tests.corpus.judged import judge_text
from tests.corpus.store import Entry, Store

PATH = Path(__file__).with_name("sample.xz")
#: Name of the version that is the solution.
SOLUTION = "as it stands"
#: About how much a function's captures take in the file, and those that get nothing;
#: how many of the others there are at least; how long judging takes at most.
_BYTES, _BYTES_OF_NOTHING, _LEAST, _SECONDS = 12_000, 6_000, 2, 0.5
#: Names and values in a sentence.
_VALUES = re.compile(r"[\"'`][^\"'`]*[\"'`]|\([^()]*\)|\[[^\]]*\]|\S*[\d_]\S*")

#: Points by check, and the price of each finding in order.
Marks = dict[str, list[Any]]


class Sampled(NamedTuple):
    """One capture of the sample.

    Attributes:
        lesson: its folder.
        function: that was captured.
        id: of its entry in the corpus; the first of a function is the solution.
        challenge: as JSON text.
        capture: as text.
        marks: what it is to get.
    """

    lesson: str
    function: str
    id: str
    challenge: str
    capture: str
    marks: Marks

    def judged(self) -> Marks:
        """What it gets today."""
        lesson = get_lesson(self.lesson)
        return marks_of(judge_text(lesson, self.function, self.challenge, self.capture))


def marks_of(reports: dict[str, Report]) -> Marks:
    """The marks in reports."""
    return {
        check: [report.points, [finding.price for finding in report.findings]]
        for check, report in reports.items()
    }


def read(path: Path = PATH) -> list[Sampled]:
    """The sample."""
    with lzma.open(path, "rt", encoding="utf-8") as file:
        return [Sampled(*json.loads(line)) for line in file]


def write(folder: Path, path: Path = PATH) -> int:
    """Takes a sample from a corpus, with the marks of today.

    Args:
        folder: of the corpus.
        path: of the sample.

    Returns:
        How many captures it has.
    """
    store = Store(folder)
    sample = []
    for entry in _chosen(store):
        challenge, capture = store.get(entry.challenge), store.get(entry.capture)
        own = entry.key.lesson, entry.key.function, entry.id, challenge, capture
        sample.append(Sampled(*own, Sampled(*own, {}).judged()))
    with lzma.open(path, "wt", preset=9, encoding="utf-8") as file:
        file.writelines(json.dumps(each) + "\n" for each in sample)
    return len(sample)


def _chosen(store: Store) -> Iterator[Entry]:
    """Of each function the solution, and more while there is room."""
    found: dict[tuple[str, str], dict[_Told, Entry]] = {}
    right: dict[tuple[str, str], Entry] = {}
    for entry in sorted(store.entries(), key=lambda e: (store.size(e.capture), e.id)):
        key = entry.key
        if key.kind == "solution" and key.name == SOLUTION:
            right[key.lesson, key.function] = entry
        elif entry.seconds < _SECONDS:
            reports = json.loads(store.get(entry.reports))
            own = found.setdefault((key.lesson, key.function), {})
            own.setdefault(_told(reports, key.function), entry)
    for function, solution in sorted(right.items()):
        yield solution
        own = found.get(function, {})
        some = [entry for told, entry in own.items() if any(told.points)]
        # what gets nothing, such as a function that raises, says least
        none = [entry for told, entry in own.items() if not any(told.points)]
        yield from _first(store, some, _BYTES - store.size(solution.capture), _LEAST)
        yield from _first(store, none, _BYTES_OF_NOTHING, 1)


def _first(
    store: Store, entries: Sequence[Entry], room: int, least: int
) -> Iterator[Entry]:
    """As many as there is room for, and so many at least."""
    for number, entry in enumerate(entries):
        room -= store.size(entry.capture)
        if room < 0 and number >= least:
            break
        yield entry


class _Told(NamedTuple):
    """What tells captures apart: points by check, and the kinds of sentences."""

    points: tuple[float, ...]
    kinds: frozenset[str]


def _told(reports: dict[str, Any], function: str) -> _Told:
    said = [f["message"] for r in reports.values() for f in r["findings"]]
    points = tuple(report["points"] for report in reports.values())
    return _Told(points, frozenset(_kind(text, function) for text in said))


def _kind(message: str, function: str) -> str:
    """A sentence without names and values: its first words."""
    plain = _VALUES.sub("", message.replace(function, ""))
    return " ".join(word for word in plain.split() if word.islower())[:40]
