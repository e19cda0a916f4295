"""Judges all mutants and prints a table: `python -m tests.mutants --seeds 200`.

A judgement takes about a quarter of a second on one core. All mutants under one
challenge take minutes; under 200 challenges a day, or an evening with `--every 8`.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import argparse
import multiprocessing
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor

from tests.mutants.collection import all_mutants
from tests.mutants.mutant import Limit
from tests.mutants.sweep import judge


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 1 if a mutant's marks are wrong."""
    parser = argparse.ArgumentParser(prog="tests.mutants", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1, help="challenges for each")
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--only", default="", help="ids that contain this")
    parser.add_argument("--limit", default="", help="one kind of mistake, as HIDDEN")
    parser.add_argument("--every", type=int, default=1, help="a sample: each n-th")
    parser.add_argument("--verbose", action="store_true", help="each first finding")
    options = parser.parse_args(arguments)
    seeds = [f"seed {number}" for number in range(options.seeds)]
    chosen = [
        m
        for m in all_mutants()
        if options.only in m.id and options.limit in ("", m.limit.name)
    ][:: options.every]
    started, wrong, silent = time.monotonic(), 0, 0
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, context) as pool:
        tasks = [(mutant, seeds) for mutant in chosen]
        results = pool.map(judge, tasks, chunksize=4)
        for identifier, problems_, told, first in results:
            wrong += bool(problems_)
            silent += not told
            if problems_ or not told or options.verbose:
                print(identifier, "|", first)
            for problem in problems_:
                print("    WRONG:", problem)
            if not told:
                print("    the first finding does not name the change")
            sys.stdout.flush()
    costly = sum(m.limit is not Limit.NOTHING for m in chosen)
    share = 1 - silent / max(1, costly)
    print(
        f"{len(chosen)} mutants, {costly} that cost, {len(seeds)} seeds: "
        f"{wrong} with wrong marks; the first finding names {share:.1%} of the "
        f"changes; {time.monotonic() - started:.0f} s"
    )
    return 1 if wrong or share < 0.95 else 0


if __name__ == "__main__":
    sys.exit(main())
