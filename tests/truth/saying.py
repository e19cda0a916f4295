"""What is said of the captures of a corpus, by several processes."""

import functools
import json
import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from grader.judge.finding import Finding
from grader.lessons import get_lesson
from grader.nbgrader.kernels.channel import read
from tests.corpus.sample import SOLUTION
from tests.corpus.store import Entry, Store
from tests.truth.check import Case, false, judged
from tests.truth.named import first_of

#: Captures that a process takes at a time: those of a function have much in common.
_AT_ONCE = 20


@dataclass(frozen=True)
class Said:
    """What is said of one capture.

    Attributes:
        entries: ids of those that are so captured.
        false: kinds of what is not so, and sentences.
        first: the first finding, if points are lost.
    """

    entries: tuple[str, ...]
    false: tuple[tuple[str, str], ...]
    first: Finding | None


def said_of(store: Store, entries: Sequence[Entry], jobs: int) -> Iterator[Said]:
    """What is said of each capture, once where several entries share it."""
    groups: dict[tuple, list[Entry]] = {}
    for entry in sorted(entries, key=_key):
        groups.setdefault((_key(entry), entry.capture), []).append(entry)
    ordered = list(groups.values())
    parts = [ordered[i : i + _AT_ONCE] for i in range(0, len(ordered), _AT_ONCE)]
    folders = [store.folder] * len(parts)
    if jobs == 1:
        for part in parts:
            yield from _some(store.folder, part)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context) as pool:
        for said in pool.map(_some, folders, parts):
            yield from said


def _key(entry: Entry) -> tuple[str, str, str]:
    return entry.key.lesson, entry.key.function, entry.challenge


def _some(folder: Path, groups: Sequence[Sequence[Entry]]) -> list[Said]:
    return [said for entries in groups if (said := _one(folder, entries))]


def _one(folder: Path, entries: Sequence[Entry]) -> Said | None:
    """What is said of entries of one capture."""
    case = _case(folder, *_key(entries[0]))
    if case is None:
        return None
    text = Store(folder).get(entries[0].capture)
    capture = read(entries[0].key.function, text)
    reports = judged(case, capture)
    ids = tuple(entry.id for entry in entries)
    return Said(ids, tuple(false(case, capture, reports)), first_of(reports))


@functools.lru_cache(maxsize=2)
def _case(folder: Path, lesson: str, function: str, challenge: str) -> Case | None:
    """A function's case; None where the corpus lacks the solution's capture."""
    store = Store(folder)
    right = _solutions(folder).get((lesson, function, challenge))
    if right is None:
        return None
    solution, asked = store.get(right.capture), json.loads(store.get(challenge))
    return Case.of(get_lesson(lesson), function, asked, read(function, solution))


@functools.cache
def _solutions(folder: Path) -> dict[tuple[str, str, str], Entry]:
    """The solution's entries by lesson, function and challenge."""
    return {
        _key(entry): entry
        for entry in Store(folder).entries()
        if entry.key.kind == "solution" and entry.key.name == SOLUTION
    }
