"""Writes a corpus: TensorFlow runs each version once."""

import contextlib
import io
import multiprocessing
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from pathlib import Path

from grader.lessons import get_lesson
from tests.corpus.judged import judge_text, to_text
from tests.corpus.origin import origin
from tests.corpus.store import Entry, Key, Store, digest
from tests.corpus.versions import Version
from tests.lessons.outcome import captured_text, challenge_text
from tests.lessons.source import in_folder, source_of

#: Versions after which processes make room for fresh ones: Keras keeps things.
_VERSIONS = 1000
#: After how many versions the time that is left is told.
_SAID = 100


class OtherSourcesError(Exception):
    """There is a corpus of other sources, which is not overwritten unasked."""


def write(
    folder: Path,
    versions: Sequence[Version],
    seeds: Sequence[str],
    jobs: int,
    *,
    again: bool = False,
    say: Callable[[str], None] = print,
) -> bool:
    """Captures and judges what a corpus lacks.

    Args:
        folder: of the corpus.
        versions: that it is to hold.
        seeds: of the challenges for each.
        jobs: processes; none beside this one for 1.
        again: whether a corpus of other sources is replaced.
        say: takes lines on the progress.

    Returns:
        Whether the corpus is complete: each version could be run.

    Raises:
        OtherSourcesError: if there is a corpus of other sources, unless `again`.
    """
    store = Store(folder)
    _begin(store, seeds, again=again)
    asked = [key for version in versions for key in _keys(version, seeds)]
    kept = {entry.key: entry for entry in store.entries()}
    done = {key: kept[key] for key in asked if key in kept}
    # without the line that a stopped run may have left half written
    store.keep(done.values())
    left = [v for v in versions if any(key not in done for key in _keys(v, seeds))]
    say(f"{len(done):,} of {len(asked):,} entries are there.")
    started = time.monotonic()
    for number, result in enumerate(_all(folder, left, seeds, jobs), start=1):
        if isinstance(result, str):
            say(result)
            continue
        store.add(result)
        done |= {entry.key: entry for entry in result}
        if number % _SAID == 0:
            minutes = (time.monotonic() - started) / number * (len(left) - number) / 60
            say(f"{len(done):,} entries; {minutes:.0f} more minutes")
    store.keep(done[key] for key in asked if key in done)
    complete = len(done) == len(asked)
    store.set_made({**store.made(), "complete": complete})
    say(f"{len(done):,} entries, {time.monotonic() - started:.0f} s.")
    return complete


def _begin(store: Store, seeds: Sequence[str], *, again: bool) -> None:
    """Notes what is about to be written; entries of other sources go, if `again`."""
    made, now = store.made(), origin()
    if made and any(made[name] != now[name] for name in now if name != "commit"):
        if not again:
            raise OtherSourcesError(
                f"{store.folder} was written at {made['commit']} from other sources: "
                "it is what changes are compared with. write --again replaces it."
            )
        store.keep(())
    date = datetime.now(UTC).isoformat(timespec="seconds")
    store.set_made({**now, "date": date, "seeds": list(seeds), "complete": False})


def _keys(version: Version, seeds: Sequence[str]) -> Iterator[Key]:
    """The entries that a version is to have; functions that cannot run here have none.

    A PyTorch module without PyTorch is such a function.
    """
    lesson, source = get_lesson(version.lesson), _source(version)
    for function in version.functions:
        if not lesson.lacking(function):
            for seed in seeds:
                name = version.lesson, function, version.kind, version.name
                yield Key(*name, seed, source)


def _source(version: Version) -> str:
    return digest(repr((sorted(version.sources.items()), version.after)))


def _all(
    folder: Path, versions: Sequence[Version], seeds: Sequence[str], jobs: int
) -> Iterator[list[Entry] | str]:
    """The entries of each version as they come, or why there are none."""
    if jobs == 1:
        for version in versions:
            yield _entries_or_why(folder, version, seeds)
        return
    context = multiprocessing.get_context("spawn")
    for first in range(0, len(versions), _VERSIONS):
        part = versions[first : first + _VERSIONS]
        with ProcessPoolExecutor(jobs, context, _prepare) as pool:
            try:
                tasks = [
                    pool.submit(_entries_or_why, folder, version, seeds)
                    for version in part
                ]
                for task in as_completed(tasks):
                    yield task.result()
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise


def _prepare() -> None:
    """What learners' code is warned of is no news here."""
    warnings.simplefilter("ignore")


def _entries_or_why(
    folder: Path, version: Version, seeds: Sequence[str]
) -> list[Entry] | str:
    try:
        return entries_of(folder, version, seeds)
    except Exception as error:
        return f"{version.lesson}/{version.kind}/{version.name}: {error!r}"


def entries_of(folder: Path, version: Version, seeds: Sequence[str]) -> list[Entry]:
    """Captures and judges the functions of a version."""
    store, lesson = Store(folder), get_lesson(version.lesson)
    with contextlib.redirect_stdout(io.StringIO()):
        names = version.names()
        texts: dict[Key, tuple[str, str]] = {}
        with in_folder(source_of(version.lesson).folder):
            for key in _keys(version, seeds):
                challenge = challenge_text(lesson, key.function, key.seed)
                texts[key] = challenge, captured_text(challenge, names)
    entries = []
    for key, (challenge, text) in texts.items():
        started = time.perf_counter()
        reports = to_text(judge_text(lesson, key.function, challenge, text))
        seconds = round(time.perf_counter() - started, 3)
        challenge, text, reports = map(store.put, (challenge, text, reports))
        entries.append(Entry(key, challenge, text, reports, seconds))
    return entries
