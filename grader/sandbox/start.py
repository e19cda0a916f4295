"""The first code inside a sandbox: sets limits for good, then becomes the kernel.

It is started as a file and imports nothing of the course: what it needs is in its
arguments (limits as JSON, the lesson's files, the scratch folder, other folders that
files may be made in, joined by ":", then the kernel's).
"""

import contextlib
import ctypes
import json
import os
import resource
import runpy
import shutil
import struct
import sys

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
#: to make devices, folders, files, pipes and links, and to move them; not sockets
_MAKING = 1 << 6 | 1 << 7 | 1 << 8 | 1 << 10 | 1 << 11 | 1 << 12 | 1 << 13


def limit(limits: dict[str, int]) -> None:
    """Sets hard limits, which nothing here may raise again."""
    for name, value in limits.items():
        which = getattr(resource, name)
        hard = resource.getrlimit(which)[1]
        if hard != resource.RLIM_INFINITY:
            value = min(value, hard)
        resource.setrlimit(which, (value, value))


def make_only_in(folders: list[str]) -> None:
    """Leaves sockets as all that can be made elsewhere, where the kernel has Landlock.

    Elsewhere is the folder of the Jupyter channels: it has no size of its own. Without
    Landlock, the watch ends a kernel that makes something there.

    Raises:
        OSError: if there is Landlock, and it refuses.
    """
    call = ctypes.CDLL(None, use_errno=True).syscall
    if call(_CREATE_RULESET, None, ctypes.c_size_t(0), 1) < 2:
        return
    handled = struct.pack("=Q", _MAKING)
    ruleset = call(_CREATE_RULESET, handled, ctypes.c_size_t(len(handled)), 0)
    _granted(ruleset)
    for folder in folders:
        place = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        rule = struct.pack("=Qi", _MAKING, place)
        _granted(call(_ADD_RULE, ruleset, 1, rule, 0))
        os.close(place)
    _granted(call(_RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)


def _granted(answer: int) -> None:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"Landlock: {os.strerror(number)}")


def settle(limits: dict[str, int], lesson: str, scratch: str, others: str) -> None:
    """Brings the lesson's files in, and sets limits for good."""
    with contextlib.suppress(shutil.Error, OSError):
        # A student's own files may be more than fit.
        shutil.copytree(
            lesson, scratch, dirs_exist_ok=True, copy_function=shutil.copyfile
        )
    os.chdir(scratch)
    make_only_in([scratch, *others.split(":")])
    limit(limits)


def become_kernel(rest: list[str]) -> None:
    """Runs the kernel; it imports nothing from the folder that this file lies in."""
    sys.path.remove(os.path.dirname(__file__))  # noqa: PTH120
    sys.argv = ["ipykernel_launcher", *rest]
    runpy.run_module("ipykernel_launcher", run_name="__main__", alter_sys=True)


def main() -> None:
    """Sets up and runs the kernel."""
    limits, lesson, scratch, others, *rest = sys.argv[1:]
    settle(json.loads(limits), lesson, scratch, others)
    become_kernel(rest)


if __name__ == "__main__":
    main()
