"""Judges captures that were forged at one or two places: NumPy is all that it needs.

    python -m tests.fuzz_captures --count 5000
    python -m tests.fuzz_captures --seed 7 --only 04_resnet_family/resnet

Whatever a capture has in it, a report comes, in bounded time and memory; one that
cannot be read says so. What breaks the judge is told with the place and the value.
"""

import argparse
import copy
import functools
import json
import math
import random
import re
import resource
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path as FilePath
from typing import Any

from grader.lessons import get_lesson
from tests.corpus import sample
from tests.corpus.judged import judge_text

Path = tuple[str | int, ...]

#: Megabytes that judging may add to what a process has.
ROOM = 3000
#: Seconds that a capture may take before a run by hand tells of it.
SLOW = 5.0


def _nested(depth: int, inner: Any) -> Any:
    for _ in range(depth):
        inner = [inner]
    return inner


#: What stands in the place of anything.
VALUES: tuple[Any, ...] = (
    None, True, False, -1, 0, 1, 2, 7, 0.5, -0.0, 4096, 10**6, 10**30, 10**400,
    -(2**63), 1e308, math.inf, "", "x", "1", "None", "x" * 500, "\ud800", "\0", [], {},
    [[]], [None], [1],
    [2, 2], [[1, 1], [1, 1]], ["a", "b", "c"], [-1] * 3, [1e308] * 3, [1] * 700,
    [math.inf], {"a": 1}, {"kind": "x"}, {"node": 0}, {str(n): n for n in range(300)},
    _nested(7, 1), _nested(200, []),
)  # fmt: skip
_GONE = object()
#: From what is there to what takes its place.
CHANGES: tuple[Callable[[Any], Any], ...] = (
    str,
    lambda value: [value],
    lambda value: {"a": value},
    lambda value: value[:-1] if isinstance(value, str | list) else [value, value],
    lambda value: value + value[-1:] if isinstance(value, str | list) else value,
    lambda value: value + 1 if isinstance(value, int | float) else value,
    lambda value: value + 0.5 if isinstance(value, int | float) else value,
    lambda value: value * -1000 if isinstance(value, int | float) else value,
)


def places(value: Any, path: Path = (), kind: Path = ()) -> Iterator[tuple[Path, Path]]:
    """All places in plain data from the outside in, each with what is like it.

    Operations are like those of their kind, other items of a list like each other.
    """
    yield path, kind
    if isinstance(value, dict):
        for key, inner in value.items():
            like = re.sub(r"\d+", "0", key)
            yield from places(inner, (*path, key), (*kind, like))
    if isinstance(value, list):
        for number, inner in enumerate(value):
            like = str(inner.get("kind", "")) if isinstance(inner, dict) else ""
            yield from places(inner, (*path, number), (*kind, like))


def changed(value: Any, path: Path, change: Callable[[Any], Any] | None) -> Any:
    """Changes plain data at a place; takes the place out where there is no change."""
    inner = value
    for key in path[:-1]:
        inner = inner[key]
    if change is None:
        del inner[path[-1]]
    else:
        inner[path[-1]] = change(inner[path[-1]])
    return value


@functools.cache
def samples() -> tuple[sample.Sampled, ...]:
    """The captures that are forged, under the stand-ins that there are today."""
    return tuple(map(_of_today, sample.read()))


def _of_today(own: sample.Sampled) -> sample.Sampled:
    challenge = json.loads(own.challenge)
    today = get_lesson(own.lesson).challenge(own.function, "")
    if "stand_ins" in today:
        challenge["stand_ins"] = today["stand_ins"]
    return own._replace(challenge=json.dumps(challenge))


def right(lesson: str, function: str) -> sample.Sampled:
    """The capture of a function that gets all points."""
    return next(
        own
        for own in samples()
        if (own.lesson, own.function) == (lesson, function)
        and not any(prices for _, prices in own.marks.values())
    )


def forged(own: sample.Sampled, rng: random.Random) -> tuple[str, str]:
    """Forges a capture; returns where and how in words, and its text."""
    value, told = json.loads(own.capture), []
    for _ in range(rng.choice((1, 1, 2))):
        alike: dict[Path, list[Path]] = {}
        for path, kind in places(value):
            alike.setdefault(kind, []).append(path)
        path = rng.choice(rng.choice(list(alike.values())))
        if not path:
            continue
        new = rng.choice((_GONE, *CHANGES, *VALUES, *VALUES))
        if new is _GONE:
            value = changed(value, path, None)
        elif callable(new):
            value = changed(value, path, new)
        else:
            # a copy: a second change may go into it
            value = changed(value, path, lambda _, new=new: copy.deepcopy(new))
        told.append(f"{path}: {new!r:.80}")
    return "; ".join(told), json.dumps(value)


def judge(own: sample.Sampled, text: str) -> float:
    """Judges a capture, and writes its reports; returns its points.

    Raises:
        Exception: of any kind, if the judge or a report breaks at it.
    """
    lesson, points = get_lesson(own.lesson), 0.0
    text = text.replace("Infinity", "1e400")  # as JSON can say it
    reports = judge_text(lesson, own.function, own.challenge, text)
    assert set(reports) == {c.id for c in lesson.checks if c.function == own.function}
    for report in reports.values():
        assert 0 <= report.points <= report.max_points
        assert report.to_text()
        assert report.to_html()
        points += report.points
    return points


def whole(name: str, function: str) -> int:
    """The points of a function."""
    checks = get_lesson(name).checks
    return sum(check.points for check in checks if check.function == function)


def points(name: str, function: str, capture: Any) -> float:
    """The points of a capture, which may also be a change of the right one's calls."""
    own = right(name, function)
    if callable(capture):
        change, capture = capture, json.loads(own.capture)
        change(capture["calls"])
    return judge(own, json.dumps(capture))


def refused(name: str, function: str, capture: Any) -> bool:
    """Whether a capture earns nothing, for it cannot be read."""
    own = right(name, function)
    reports = get_lesson(name).judge(function, json.loads(own.challenge), capture)
    first, *_ = reports.values()
    nothing = not any(report.points for report in reports.values())
    return nothing and "cannot be read" in first.findings[0].message


def under_another(name: str, function: str, capture: Any) -> float:
    """The points of a capture under another student's challenge."""
    lesson = get_lesson(name)
    challenge = lesson.challenge(function, "another student's")
    reports = lesson.judge(function, challenge, capture)
    return sum(report.points for report in reports.values())


@contextmanager
def bounded(megabytes: int = ROOM) -> Iterator[None]:
    """Gives this process so much more memory, and not without end."""
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(FilePath("/proc/self/statm").read_text().split()[0])
    taken = pages * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + (megabytes << 20), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def main() -> int:
    """Returns 1 if a capture broke the judge."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz_captures")
    parser.add_argument("--count", type=int, default=1000, help="captures")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", default="", help="a part of their names")
    chosen = parser.parse_args()
    rng, found = random.Random(chosen.seed), 0
    own = [each for each in samples() if chosen.only in each.id]
    functions = sorted({(each.lesson, each.function) for each in own})
    for _ in range(chosen.count):
        function = rng.choice(functions)
        of_it = [each for each in own if (each.lesson, each.function) == function]
        one = rng.choice(of_it)
        told, text = forged(one, rng)
        started = time.process_time()
        try:
            with bounded():
                judge(one, text)
        except Exception:
            found += 1
            print(f"{one.id}\n  {told}\n{traceback.format_exc(limit=-3)}", flush=True)
        took = time.process_time() - started
        if took > SLOW:
            print(f"{took:.1f} s: {one.id}\n  {told}", flush=True)
    print(f"{chosen.count} captures, {found} of them broke the judge")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
