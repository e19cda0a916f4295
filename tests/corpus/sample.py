"""A small corpus that is kept with the sources: what each test run judges again.

Of each function it has what gets all points and captures with different losses, the
shortest ones. It knows marks, not sentences: those may be written better without
anything to renew here.
"""

import json
import lzma
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from grader.lessons import get_lesson
from grader.report import Report
from tests.corpus.judged import judge_text
from tests.corpus.store import Entry, Store

PATH = Path(__file__).with_name("sample.xz")
#: About how much a function's captures take in the file.
_BYTES = 20_000

#: Points by check, and the price of each finding in order.
Marks = dict[str, list[Any]]


class Sampled(NamedTuple):
    """One capture of the sample.

    Attributes:
        lesson: its folder.
        function: that was captured.
        id: of its entry in the corpus.
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
    """Of each function what gets all points, and more while there is room."""
    shortest: dict[tuple[str, str], dict[tuple[float, ...], Entry]] = {}
    for entry in sorted(store.entries(), key=lambda e: (store.size(e.capture), e.id)):
        reports = json.loads(store.get(entry.reports))
        points = tuple(report["points"] for report in reports.values())
        own = shortest.setdefault((entry.key.lesson, entry.key.function), {})
        own.setdefault(points, entry)
    for _, own in sorted(shortest.items()):
        left = _BYTES - store.size(own[max(own)].capture)
        yield own.pop(max(own))
        # what gets nothing, such as a function that raises, says least: it comes last
        for points in sorted(own, key=lambda points: not any(points)):
            left -= store.size(own[points].capture)
            if left < 0:
                break
            yield own[points]
