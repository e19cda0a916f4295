"""Whether a sandbox can be had here, and what to do where it cannot.

Being installed is not enough: a sandbox is started, with the view and the rights that
a submission's kernel gets, and asked to end.
"""

import functools
import os
import platform
import re
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from grader.program import last_line, run
from grader.sandbox.command import SETPRIV, Jail, command
from grader.sandbox.environment import SCRATCH, environment
from grader.sandbox.view import install_course, readable, view

#: the option of a sandbox that forbids sandboxes in it came with this one
_NESTED = (0, 8)
_SECONDS = 30

INSTALL = "install bubblewrap (Debian, Ubuntu: apt install bubblewrap)"
DROP = "install util-linux (Debian, Ubuntu: apt install util-linux)"
ALLOW = (
    "let users make namespaces (sysctl kernel.unprivileged_userns_clone=1, "
    "on Ubuntu also sysctl kernel.apparmor_restrict_unprivileged_userns=0; "
    "in a container, start it with more rights)"
)
ELSEWHERE = "grade on Linux (a virtual machine will do): bubblewrap is there only"


@dataclass(frozen=True)
class Sandbox:
    """What was found.

    Attributes:
        version: such as "bubblewrap 0.8.0"; empty without one.
        problem: why none can be had; empty where one can.
        remedy: what to do then.
    """

    version: str = ""
    problem: str = ""
    remedy: str = ""

    @property
    def nested(self) -> bool:
        """Whether this bubblewrap can forbid sandboxes in the sandbox."""
        found = [int(part) for part in re.findall(r"\d+", self.version)]
        return tuple(found[:2]) >= _NESTED


class NoSandbox(Exception):
    """No submission is run, because nothing would confine it."""

    def __init__(self, found: Sandbox):
        super().__init__(
            f"Nothing was graded, for nothing would confine the students' code: "
            f"{found.problem}. To go on, {found.remedy}"
        )


def probe() -> Sandbox:
    """Looks whether a sandbox starts; the answer for one `bwrap` is kept."""
    if platform.system() != "Linux":
        return Sandbox("", f"there is no sandbox on {platform.system()}", ELSEWHERE)
    bwrap = shutil.which("bwrap")
    if bwrap is None:
        return Sandbox("", "no bwrap on the PATH", INSTALL)
    if os.geteuid() == 0 and not Path(SETPRIV).exists():
        return Sandbox("", "no setpriv, to drop root's rights with", DROP)
    return _start(bwrap)


def demand() -> str:
    """Returns the version of the sandbox that can be had.

    Raises:
        NoSandbox: if none can.
    """
    found = probe()
    if found.problem:
        raise NoSandbox(found)
    return found.version


@functools.cache
def _start(bwrap: str) -> Sandbox:
    version = last_line(run([bwrap, "--version"], _SECONDS))
    found = Sandbox(version)
    with tempfile.TemporaryDirectory(prefix="grader-") as folder:
        base = Path(folder)
        install_course(base)
        readable(base)
        sizes = {SCRATCH: 2**20}
        jail = Jail(view(base), environment({}), sizes, nested=found.nested)
        line = command(bwrap, jail, [sys.executable, "-c", "import grader"])
        done = run(line, _SECONDS)
    if done.returncode:
        return Sandbox(version, f"starts no sandbox: {last_line(done)}", ALLOW)
    return found
