"""Judges a corpus again: NumPy is all that it needs."""

import json
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from grader.lessons import get_lesson
from tests.corpus.changes import Change, changes
from tests.corpus.judged import judge_text, to_text
from tests.corpus.origin import changed
from tests.corpus.store import Entry, Store, digest

#: Entries that are judged alike: function, challenge, capture.
Task = tuple[str, str, str, str]
#: Changes of a kind that are shown.
_SHOWN = 40


def judge(
    folder: Path,
    only: str,
    jobs: int,
    say: Callable[[str], None] = print,
    every: int = 1,
) -> int:
    """Judges the captures of a corpus, and says what differs.

    Args:
        folder: of the corpus.
        only: a part of the ids of those that are judged; empty for all.
        jobs: processes; none beside this one for 1.
        say: takes lines.
        every: of how many entries one is judged.

    Returns:
        1 if marks differ, or if there is nothing to judge; 0 otherwise.
    """
    store = Store(folder)
    entries = [entry for entry in store.entries() if only in entry.id][::every]
    made = store.made()
    if not entries:
        say(f"There is nothing to judge in {folder}: python -m tests.corpus write")
        return 1
    for line in _about(made, entries):
        say(line)
    started = time.monotonic()
    groups: dict[Task, list[Entry]] = {}
    for entry in entries:
        key = entry.key
        task = (key.lesson, key.function, entry.challenge, entry.capture)
        groups.setdefault(task, []).append(entry)
    # the longest first: two processes then end at about the same time
    tasks = sorted(groups, key=lambda task: -groups[task][0].seconds)
    found: dict[tuple, tuple[Change, list[Entry]]] = {}
    for task, text in zip(tasks, _texts(folder, tasks, jobs), strict=True):
        for entry in groups[task]:
            if digest(text) == entry.reports:
                continue
            old = json.loads(store.get(entry.reports))
            own = {change.key: change for change in changes(old, json.loads(text))}
            for key, change in own.items():
                found.setdefault(key, (change, []))[1].append(entry)
    seconds = time.monotonic() - started
    for what in ("marks", "prices", "sentences"):
        group = [pair for pair in found.values() if pair[0].what == what]
        for line in _lines(what, group):
            say(line)
    say(
        f"{len(entries):,} entries, {len(tasks):,} different captures, judged "
        f"in {seconds:.0f} s."
    )
    return int(any(change.what == "marks" for change, _ in found.values()))


def _about(made: dict, entries: Sequence[Entry]) -> Iterator[str]:
    """What a corpus is of, and whether it is out of date."""
    yield f"A corpus of {made['commit']}, written at {made['date']}."
    if not made["complete"]:
        yield "It is not complete: python -m tests.corpus write"
    for name in changed(made):
        yield f"It is out of date: {name} changed since."
    asked = {(e.key.lesson, e.key.function, e.key.seed, e.challenge) for e in entries}
    other = [
        function
        for lesson, function, seed, challenge in asked
        if digest(json.dumps(get_lesson(lesson).challenge(function, seed))) != challenge
    ]
    if other:
        yield (
            f"It is out of date: {len(other)} of {len(asked)} challenges are drawn "
            "otherwise today. Captures are judged under those that they were made for."
        )


def _texts(folder: Path, tasks: Sequence[Task], jobs: int) -> Iterator[str]:
    if jobs == 1:
        for task in tasks:
            yield judge_one(folder, task)
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, context) as pool:
        yield from pool.map(judge_one, [folder] * len(tasks), tasks, chunksize=1)


def judge_one(folder: Path, task: Task) -> str:
    """Judges a capture; returns its reports as text."""
    lesson, function, challenge, capture = task
    store = Store(folder)
    reports = judge_text(
        get_lesson(lesson), function, store.get(challenge), store.get(capture)
    )
    return to_text(reports)


def _lines(what: str, group: list[tuple[Change, list[Entry]]]) -> Iterator[str]:
    """Changes of one kind, those that most entries share first."""
    if not group:
        return
    group.sort(key=lambda pair: -len(pair[1]))
    differing = {entry.id for _, entries in group for entry in entries}
    yield f"\n{what}: {len(differing):,} entries, {len(group):,} different changes"
    for change, entries in group[:_SHOWN]:
        place = f"{change.place}: " if change.place else ""
        yield f"  {len(entries):,} x {place}{change.old!r} -> {change.new!r}"
        yield f"      as in {entries[0].id}"
        for sign, text in zip("-+", change.example, strict=True):
            if text:
                yield f"      {sign} {text}"
    if len(group) > _SHOWN:
        yield f"  and {len(group) - _SHOWN:,} more"
