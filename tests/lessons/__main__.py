"""Judges all mutants of the lessons: `python -m tests.lessons [NAME ...] --jobs 2`.

Prints those whose marks are wrong or whose first finding does not name the change. A
judgement takes about a quarter of a second on one core: all mutants of a lesson under
one challenge take minutes; under `--seeds 200` a day, with `--every 8` an evening.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import argparse
import multiprocessing
import sys
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from functools import partial

from grader.lessons import NAMES, get_lesson
from tests.lessons.source import source_of
from tests.lessons.sweep import judged


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 1 if a mutant's marks are wrong, or too many changes are not named."""
    parser = argparse.ArgumentParser(prog="tests.lessons", description=__doc__)
    parser.add_argument("names", nargs="*", default=NAMES, metavar="NAME")
    parser.add_argument("--seeds", type=int, default=1, help="challenges for each")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--only", default="", help="ids that contain this")
    parser.add_argument("--every", type=int, default=1, help="a sample: each n-th")
    parser.add_argument("--verbose", action="store_true", help="each first finding")
    options = parser.parse_args(arguments)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, context) as pool:
        wrong = [_sweep(name, options, pool) for name in options.names]
    return int(any(wrong))


def _sweep(name: str, options: argparse.Namespace, pool: Executor) -> bool:
    """Judges a lesson's mutants; says whether something is wrong."""
    lesson = get_lesson(name)
    mutants = [
        mutant
        for mutant in source_of(name).part("mutants").MUTANTS
        if options.only in mutant.id and not lesson.lacking(mutant.function)
    ][:: options.every]
    seeds = [f"seed {number}" for number in range(options.seeds)]
    started, wrong, silent, costly = time.monotonic(), 0, 0, 0
    task = partial(judged, name, seeds=seeds)
    for one in pool.map(task, mutants, chunksize=4):
        wrong += bool(one.wrong)
        silent += not one.told
        costly += one.costs
        if one.wrong or not one.told or options.verbose:
            print(one.id, "|", one.first)
        for problem in one.wrong:
            print("    WRONG:", problem)
        if not one.told:
            print("    the first finding does not name the change")
        sys.stdout.flush()
    share = 1 - silent / max(1, costly)
    print(
        f"{name}: {len(mutants)} mutants, {costly} that cost, {len(seeds)} seeds: "
        f"{wrong} with wrong marks; the first finding names {share:.1%} of the "
        f"changes; {time.monotonic() - started:.0f} s"
    )
    return bool(wrong) or share < 0.95


if __name__ == "__main__":
    sys.exit(main())
