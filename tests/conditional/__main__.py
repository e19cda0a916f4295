"""`python -m tests.conditional`."""

import argparse
import sys
from collections.abc import Sequence

import tests.conditional
from tests.conditional.blocks import cases


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 1 if a fault is caught in less than 99 % or its price varies."""
    parser = argparse.ArgumentParser(
        prog="tests.conditional",
        description=tests.conditional.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seeds", type=int, default=200, help="students")
    parser.add_argument("--every", type=int, default=1, help="each n-th case")
    parser.add_argument("--only", default="", help="cases whose names contain this")
    parser.add_argument("--part", type=_part, default=(1, 1), help="K/N: a slice")
    options = parser.parse_args(arguments)
    wrong = 0
    chosen = [case for case in cases() if options.only in case.id][:: options.every]
    part, parts = options.part
    first, last = ((part - n) * len(chosen) // parts for n in (1, 0))
    chosen = chosen[first:last]
    for case in chosen:
        costs = [case.lost(f"student {number}") for number in range(options.seeds)]
        caught = sum(cost > 0 for cost in costs) / len(costs)
        as_asked = caught >= 0.99 and max(costs) - min(costs) <= 1
        wrong += not as_asked
        mark = "" if as_asked else "  <--"
        span = f"{min(costs):g} to {max(costs):g}"
        print(f"{caught:4.0%} {span:>12} {case.id}{mark}", flush=True)
    print(f"{wrong} of {len(chosen)} are not as they should be.")
    return int(wrong > 0)


def _part(text: str) -> tuple[int, int]:
    part, _, parts = text.partition("/")
    if not 1 <= int(part) <= int(parts):
        raise ValueError(text)
    return int(part), int(parts)


if __name__ == "__main__":
    sys.exit(main())
