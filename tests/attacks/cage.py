"""Another user, and namespaces of one's own, where pytest runs as root.

Hostile code is graded under an own process tree: whatever breaks out of the sandbox
meets nobody else's processes, and all of it is gone with the cage.
"""

import os
import shlex
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import contextmanager
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
#: an ordinary user that owns nothing
USER = 64321


@contextmanager
def caged(command: Sequence[str], *, root: bool):
    """Yields the command line that runs `command` in a cage, with a scratch folder.

    An ordinary user gets no cage: nothing that it starts has more rights than it has.
    The scratch folder's path takes the place of "<SCRATCH>".
    """
    scratch = Path(tempfile.mkdtemp(prefix="attacks-"))
    words = [word.replace("<SCRATCH>", str(scratch)) for word in command]
    try:
        yield words if os.geteuid() != 0 else _line(words, scratch, root=root)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _line(words: Sequence[str], scratch: Path, *, root: bool) -> list[str]:
    run = list(words)
    steps = [f"mount -t tmpfs -o size=6g,mode=755 tmpfs {scratch}"]
    if not root:
        identity = [
            f"--reuid={USER}",
            f"--regid={USER}",
            "--clear-groups",
            "--pdeathsig=KILL",
        ]
        run = ["setpriv", *identity, "--inh-caps=-all", *words]
        steps.append(f"chown {USER}:{USER} {scratch}")
        steps += _opened([Path(sys.base_prefix).resolve(), CHECKOUT], scratch)
    # The loopback of the machine stays: the sandbox is to keep attacks from it.
    # The shell stays: it buries what is left without a parent.
    script = "\n".join(["set -e", *steps, shlex.join(run)])
    own = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"]
    return ["unshare", *own, "sh", "-c", script]


def _opened(places: Sequence[Path], scratch: Path) -> list[str]:
    """Lets others reach places below a closed folder, such as root's home."""
    closed: dict[Path, list[Path]] = {}
    for place in places:
        for folder in reversed(place.parents):
            if not folder.stat().st_mode & 0o001:
                closed.setdefault(folder, []).append(place)
                break
    steps = [f"kept={scratch}/.kept"]
    for folder, inside in closed.items():
        for number, place in enumerate(inside):
            steps.append(
                f"mkdir -p $kept/{number}; mount --bind {place} $kept/{number}"
            )
        steps.append(f"mount -t tmpfs -o mode=755 tmpfs {folder}")
        for number, place in enumerate(inside):
            steps.append(f"mkdir -p {place}; mount --bind $kept/{number} {place}")
    return steps if closed else []
