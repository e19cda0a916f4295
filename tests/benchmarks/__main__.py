"""Measures what grading costs, and writes `results.md`.

    python -m tests.benchmarks                              everything: some hours
    python -m tests.benchmarks --only plain,one --submissions 4 --rounds 1

Parts: plain, otter, one, all, floor, floor-all, growth, latency. Those that are not run
keep their earlier rows.
"""

import argparse
import os
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import matplotlib as mpl
import psutil

from tests.benchmarks import graders, latency
from tests.benchmarks.page import page
from tests.benchmarks.processes import DidNotRun, Ran
from tests.benchmarks.rows import Row, load, merged, save

PAGE = Path(__file__).with_name("results.md")
PLOT = Path(__file__).with_name("growth.svg")
GROWTH = (10, 100, 1000)


def main() -> None:
    ways = graders.ways()
    parts = [*ways, "growth", "latency"]
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--only", default=",".join(parts), help="parts, with commas")
    parser.add_argument("--submissions", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--growth", default=",".join(map(str, GROWTH)))
    given = parser.parse_args()
    wanted = given.only.split(",")
    if unknown := set(wanted) - set(parts):
        parser.error(f"no part {', '.join(sorted(unknown))}: there are {parts}")
    today = datetime.now(UTC).date().isoformat()
    chosen = [part for part in ways if part in wanted]
    rows = _rounds(ways, chosen, given.submissions, given.rounds, today)
    if "growth" in wanted:
        rows += [_grown(int(n), today) for n in given.growth.split(",")]
    if "latency" in wanted:
        rows += latency.measure(today)
    rows = merged(load(), rows)
    save(rows)
    PAGE.write_text(page(rows, _machine()))
    _plot(rows)
    print(f"Written: {PAGE.relative_to(graders.ROOT)}")


def _rounds(ways, chosen, count: int, rounds: int, today: str) -> list[Row]:
    """Each way in each round, so that a slow minute hits all alike."""
    results: dict[str, list[Ran]] = {part: [] for part in chosen}
    notes: dict[str, str] = {}
    for _ in range(rounds):
        for part in chosen:
            if part in notes:
                continue
            try:
                results[part].append(ways[part](count))
            except DidNotRun as error:
                notes[part] = str(error).replace(str(graders.ROOT), "").replace("|", "")
            print(part, results[part][-1:] or notes[part], flush=True)
    return [
        _row(part, count, results[part], today)
        if part not in notes
        else Row(part, count, today, note=f"not measured: {notes[part]}")
        for part in chosen
    ]


def _grown(count: int, today: str) -> Row:
    workers = os.cpu_count() if graders.takes_workers() else None
    try:
        ran = graders.ours(count, workers, first=True)
    except DidNotRun as error:
        return Row("growth", count, today, note=f"not measured: {error}")
    print("growth", count, ran, flush=True)
    return _row("growth", count, [ran], today)


def _row(part: str, count: int, results: list[Ran], today: str) -> Row:
    memory: dict[str, float] = {}
    for ran in results:
        for role, size in ran.memory.items():
            memory[role] = round(max(size, memory.get(role, 0.0)))
    seconds = tuple(round(ran.seconds, 2) for ran in results)
    processor = tuple(round(ran.processor, 2) for ran in results)
    return Row(part, count, today, seconds, processor, tuple(memory.items()))


def _machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    names = ("tensorflow", "keras", "nbgrader", "numpy")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    python = ".".join(map(str, sys.version_info[:3]))
    return f"{os.cpu_count()} cores, {memory:.0f} GiB, Python {python}, {versions}"


def _plot(rows: list[Row]) -> None:
    mpl.use("svg")
    import matplotlib.pyplot as plt

    grown = sorted(
        (r.submissions, r.each) for r in rows if r.part == "growth" and r.seconds
    )
    mpl.rcParams["svg.hashsalt"] = "benchmarks"
    figure, axes = plt.subplots(figsize=(6, 3), layout="constrained")
    axes.plot([n for n, _ in grown], [each for _, each in grown], "o-")
    axes.set(xscale="log", xlabel="submissions", ylabel="seconds a submission")
    axes.set_ylim(bottom=0)
    figure.savefig(PLOT, metadata={"Date": None})


if __name__ == "__main__":
    main()
