"""`python -m tests.corpus write`, `... judge` and `... sample`."""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.threads import ONE_THREAD

# before anything is imported that computes: each process has one core
os.environ.update(ONE_THREAD | {"TF_CPP_MIN_LOG_LEVEL": "3"})

FOLDER = Path("build/corpus")


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 1 if marks differ, or if nothing could be done."""
    import tests.corpus

    parser = argparse.ArgumentParser(
        prog="tests.corpus",
        description=tests.corpus.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=("write", "judge", "sample"))
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--seeds", type=int, default=1, help="write: challenges each")
    parser.add_argument(
        "--again", action="store_true", help="write: replace a corpus of other sources"
    )
    parser.add_argument("--only", default="", help="judge: ids that contain this")
    parser.add_argument("--every", type=int, default=1, help="judge: each n-th entry")
    options = parser.parse_args(arguments)
    if options.command == "judge":
        from tests.corpus.judging import judge

        return judge(options.folder, options.only, options.jobs, _say, options.every)
    if options.command == "sample":
        from tests.corpus import sample

        _say(f"{sample.write(options.folder)} captures in {sample.PATH.name}")
        return 0
    from tests.corpus.versions import all_versions
    from tests.corpus.writing import OtherSourcesError, write

    seeds = [f"corpus {number}" for number in range(options.seeds)]
    versions = list(all_versions())
    try:
        complete = write(
            options.folder, versions, seeds, options.jobs, again=options.again, say=_say
        )
    except OtherSourcesError as error:
        _say(str(error))
        return 1
    return int(not complete)


def _say(line: str) -> None:
    print(line, flush=True)


if __name__ == "__main__":
    sys.exit(main())
