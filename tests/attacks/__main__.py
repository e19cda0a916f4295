"""Runs the attacks: all in four ways, or against plain nbgrader for a table."""

import argparse
import json
import os
import sys
from pathlib import Path

from tests.attacks import ATTACKS
from tests.attacks.harness import COLD, WAYS, outcomes, run


def main() -> int:
    """Returns 1 if an attack did what it tried."""
    parser = argparse.ArgumentParser(prog="python -m tests.attacks")
    parser.add_argument("attacks", nargs="*", help="names; by default all")
    parser.add_argument("--table", action="store_true", help="beside plain nbgrader")
    parser.add_argument("--way", choices=WAYS, action="append", help="default: all")
    parser.add_argument("--list", action="store_true", help="what they try")
    parser.add_argument("--large", action="store_true", help="a file of 100 MB")
    parser.add_argument("--cold", action="store_true", help="no warm kernels")
    parser.add_argument("--inside", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.cold:
        os.environ[COLD] = "1"
    names = chosen.attacks or [attack.name for attack in ATTACKS]
    attacks = [attack for attack in ATTACKS if attack.name in names]
    if chosen.list:
        for attack in attacks:
            print(f"{attack.name}: {attack.tries}")
        return 0
    if chosen.inside:
        tool, scratch = chosen.inside
        if tool == "plain":
            from tests.attacks.plain import run_plain

            found = run_plain(Path(scratch), attacks)
        else:
            found = run(tool, Path(scratch), attacks, large=chosen.large)
        print(json.dumps(found), flush=True)
        return 0
    if chosen.table:
        from tests.attacks.plain import table

        print(table(attacks))
        return 0
    ways = chosen.way or [w for w in WAYS if os.geteuid() == 0 or w[:4] == "user"]
    names = [attack.name for attack in attacks]
    return max(_tell(way, names, large=chosen.large) for way in ways)


def _tell(way: str, names: list[str], *, large: bool) -> int:
    result = outcomes(way, names, large=large)
    broken = {name: a for name, a in result["attacks"].items() if a["found"]}
    print(f"{way}: {len(names)} attacks, {result['seconds']} s, {len(broken)} through")
    if result["class"]:
        print(result["output"])
    for line in result["class"]:
        print(f"  class: {line}")
    for name, attack in broken.items():
        print(f"  {name}: {'; '.join(attack['found'])}")
    return int(bool(broken or result["class"]))


if __name__ == "__main__":
    sys.exit(main())
