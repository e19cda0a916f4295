"""`python -m tests.truth`: holds all that is said of a corpus against its captures.

It also tells, a lesson at a time, how many first findings on wrong functions name what
is wrong; `tests.truth.named` says what that is.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from grader.lessons import NAMES
from tests.corpus.store import Store
from tests.truth.named import Named
from tests.truth.saying import Said, said_of

#: What part of the first findings on wrong functions is to name what is wrong.
LEAST = 0.99


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
    said = list(said_of(store, entries[:: options.every], options.jobs))
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


if __name__ == "__main__":
    sys.exit(main())
