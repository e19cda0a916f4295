"""`python -m tests.truth`: holds all that is said of a corpus against its captures."""

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path

from grader.lessons import NAMES, get_lesson
from grader.nbgrader.channel import read
from tests.corpus.sample import SOLUTION
from tests.corpus.store import Entry, Store
from tests.truth.check import Case, false, judged
from tests.truth.named import Named

#: What part of the first findings on wrong functions is to name what is wrong.
LEAST = 0.99


def main() -> int:
    """Returns 1 if a sentence is not true, or too few name what is wrong."""
    parser = argparse.ArgumentParser(prog="tests.truth", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("build/corpus"))
    parser.add_argument("--only", default="", help="ids that contain this")
    parser.add_argument("--every", type=int, default=1, help="each n-th entry")
    parser.add_argument("--verbose", action="store_true", help="all that is wrong")
    options = parser.parse_args()
    most = sys.maxsize if options.verbose else 3
    return _check(Store(options.folder), options.only, options.every, most)


def _check(store: Store, only: str, every: int, most: int) -> int:
    right = _solutions(store)
    named = {name: Named(name) for name in NAMES}
    cases: dict[tuple[str, str, str], Case] = {}
    found: dict[str, list[str]] = defaultdict(list)
    silent: list[str] = []
    done, costly = set(), 0
    for entry in [e for e in store.entries() if only in e.id][::every]:
        key = entry.key.lesson, entry.key.function, entry.challenge
        if key not in right or (key, entry.capture) in done:
            continue
        done.add((key, entry.capture))
        if key not in cases:
            lesson, challenge = get_lesson(key[0]), json.loads(store.get(key[2]))
            solution = read(key[1], store.get(right[key].capture))
            cases[key] = Case.of(lesson, key[1], challenge, solution)
        case, capture = cases[key], read(key[1], store.get(entry.capture))
        reports = judged(case, capture)
        for kind, sentence in false(case, capture, reports):
            found[kind].append(f"{entry.id}: {sentence}")
        said = named[key[0]].problem(entry.id, reports)
        costly += said is not None
        if said:
            silent.append(f"{entry.id}: {said}")
    for kind, sentences in sorted(found.items()):
        print(f"{len(sentences)} x {kind}", *sentences[:most], sep="\n    ")
    print(*silent[:most], sep="\n")
    share = 1 - len(silent) / max(1, costly)
    print(f"{len(done):,} captures, {sum(map(len, found.values()))} false sentences")
    print(f"{costly:,} mutants that cost: {share:.1%} of first findings name the fault")
    return int(bool(found) or share < LEAST)


def _solutions(store: Store) -> dict[tuple[str, str, str], Entry]:
    """The solution's entries by lesson, function and challenge."""
    return {
        (e.key.lesson, e.key.function, e.challenge): e
        for e in store.entries()
        if e.key.kind == "solution" and e.key.name == SOLUTION
    }


if __name__ == "__main__":
    sys.exit(main())
