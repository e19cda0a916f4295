"""`python -m tests.truth`: holds all that is said of a corpus against its captures.

It also tells, a lesson at a time, how many first findings on wrong functions name what
is wrong; `tests.truth.named` says what that is.
"""

import argparse
import functools
import json
import multiprocessing
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from grader.judge.finding import Finding
from grader.lessons import NAMES, get_lesson
from grader.nbgrader.channel import read
from tests.corpus.sample import SOLUTION
from tests.corpus.store import Entry, Store
from tests.truth.check import Case, false, judged
from tests.truth.named import Named, first_of

#: What part of the first findings on wrong functions is to name what is wrong.
LEAST = 0.99
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


def main() -> int:
    """Returns 1 if a sentence is not true, or too few name what is wrong."""
    parser = argparse.ArgumentParser(
        prog="tests.truth",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--folder", type=Path, default=Path("build/corpus"))
    parser.add_argument("--only", default="", help="ids that contain this")
    parser.add_argument("--every", type=int, default=1, help="each n-th entry")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--verbose", action="store_true", help="all that is wrong")
    options = parser.parse_args()
    store = Store(options.folder)
    entries = [entry for entry in store.entries() if options.only in entry.id]
    said = list(_all(store, entries[:: options.every], options.jobs))
    return _report(said, sys.maxsize if options.verbose else 3)


def _report(said: Sequence[Said], most: int) -> int:
    found: dict[str, list[str]] = defaultdict(list)
    for one in said:
        for kind, sentence in one.false:
            found[kind].append(f"{one.entries[0]}: {sentence}")
    for kind, sentences in sorted(found.items()):
        print(f"{len(sentences)} x {kind}", *sentences[:most], sep="\n    ")
    print(f"{len(said):,} captures, {sum(map(len, found.values()))} false sentences")
    silent, costly = 0, 0
    for name in NAMES:
        named = Named(name)
        problems = [
            (entry, problem)
            for one in said
            for entry in one.entries
            if (problem := named.problem(entry, one.first)) is not None
        ]
        lost = [f"{entry}: {problem}" for entry, problem in problems if problem]
        print(*lost[:most], sep="\n", end="\n" if lost else "")
        if problems:
            print(_share(name, len(lost), len(problems)))
        silent, costly = silent + len(lost), costly + len(problems)
    print(_share("All", silent, costly))
    return int(bool(found) or silent > (1 - LEAST) * costly)


def _share(name: str, silent: int, costly: int) -> str:
    share = 1 - silent / max(1, costly)
    return f"{name}: {share:.1%} of {costly:,} first findings name the fault"


def _all(store: Store, entries: Sequence[Entry], jobs: int) -> Iterator[Said]:
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


if __name__ == "__main__":
    sys.exit(main())
