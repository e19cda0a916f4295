"""Install packages with pip, and say how far it is in a line.

    python install.py REQUIREMENTS [PIP_OPTION...]

The pip that they list comes first, and installs the others: one before 23.3 refuses a
package with extras that is pinned, once there is a newer version of it. pip's own
errors are shown as they are, and its exit code is this one's.
"""

import re
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

# packages between two lines, where a line cannot be written over
STEP = 25


def fetching(lines: Iterable[str], most: int) -> Iterator[tuple[int, str]]:
    """Reads what pip says until it has all packages: how many, and in words."""
    count = 0
    for line in lines:
        if found := re.match(r"Collecting ([\w.-]+)", line):
            count += 1
            yield count, f"fetching {count} of {most}: {found[1]}"
        elif line.startswith("Installing collected packages:"):
            return


def installing(pip: subprocess.Popen, most: int) -> Iterator[tuple[int, str]]:
    """Counts packages until pip ends."""
    folder = Path(sysconfig.get_path("purelib"))
    while pip.poll() is None:
        count = min(most, sum(1 for _ in folder.glob("*.dist-info")))
        yield count, f"installing {count} of {most}"
        time.sleep(1)


def show(steps: Iterable[tuple[int, str]]) -> None:
    """Writes each step over the one before; on no terminal a line now and then."""
    last = 0
    for count, text in steps:
        if sys.stdout.isatty():
            print(f"\r  {text:<60}", end="", flush=True)
        elif count >= last + STEP:
            print(f"  {text}", flush=True)
            last = count
    if sys.stdout.isatty():
        print("\r" + " " * 62, end="\r", flush=True)


def main(requirements: str, *options: str) -> int:
    """Installs what a file lists, and returns pip's exit code."""
    listed = Path(requirements).read_text("utf-8")
    most = len(re.findall(r"^[\w.-]+(?:\[.*\])?==", listed, re.MULTILINE))
    command = [sys.executable, "-m", "pip", "install", *options, "-r"]
    if own := re.search(r"^pip==(?:.*\\\n)*.*\n", listed, re.MULTILINE):
        with tempfile.TemporaryDirectory() as folder:
            pinned = Path(folder, "pip.txt")
            pinned.write_text(own[0], "utf-8")
            if code := subprocess.call([*command, str(pinned), "--quiet"]):
                return code
    command.append(requirements)
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as pip:
        assert pip.stdout is not None
        show(fetching(pip.stdout, most))
        show(installing(pip, most))
    return pip.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
