"""Judges all mutants of the later lessons: `python -m tests.lessons [NAME ...]`.

Prints those whose marks are wrong or whose first finding does not name the change;
`--seed TEXT` draws another challenge, `--verbose` shows each first finding.
"""

import os

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import argparse
import sys
import time

from grader.lessons import LESSONS
from tests.lessons.mutant import named, problems
from tests.lessons.source import source_of


def main() -> int:
    """Returns 1 if a mutant's marks are wrong."""
    parser = argparse.ArgumentParser(prog="tests.lessons", description=__doc__)
    parser.add_argument("names", nargs="*", default=list(LESSONS)[1:])
    parser.add_argument("--seed", default="whole")
    parser.add_argument("--only", default="", help="ids that contain this")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    failed = False
    for name in options.names:
        source = source_of(name)
        started, wrong, silent, costly = time.monotonic(), 0, 0, 0
        mutants = [m for m in source.part("mutants").MUTANTS if options.only in m.id]
        for mutant in mutants:
            outcome = source.judge(mutant.function, mutant.source, options.seed)
            found = problems(mutant, outcome)
            wrong += bool(found)
            costly += mutant.costs
            mute = mutant.costs and not named(mutant, outcome)
            silent += mute
            if found or mute or options.verbose:
                print(mutant.id, "|", outcome.first)
            for problem in found:
                print("    WRONG:", problem)
            if mute:
                print("    the first finding does not name the change")
            sys.stdout.flush()
        share = 1 - silent / max(1, costly)
        print(
            f"{name}: {len(mutants)} mutants, {costly} that cost: {wrong} with wrong "
            f"marks; the first finding names {share:.1%} of the changes; "
            f"{time.monotonic() - started:.0f} s"
        )
        failed = failed or bool(wrong) or share < 0.95
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
