"""The first process of a kernel's namespace, and the kernel.

The first process gives up all rights, sets limits and filters for good, and forks once
more: that is the kernel. It has no open file of the parent's.
"""

import ctypes
import os
import signal
from pathlib import Path
from typing import Any

import anew
import start
from forking import in_fork
from libc import LIBC, check, control

DUMPABLE = 4
_SECCOMP, _DROP_BOUND, _NO_NEW_PRIVILEGES, _AMBIENT = 22, 24, 38, 47
_FILTER, _CLEAR_ALL = 2, 4
#: MS_NOSUID, MS_NODEV, MS_NOEXEC
_BARE = 2 | 4 | 8
_CAPABILITIES = 0x20080522
_RIGHTS = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")


def first_process(
    last: tuple[int, int] | None, request: dict[str, Any], telling: int, waiting: int
) -> None:
    """Confines itself, forks the kernel and buries what ends.

    Args:
        last: the namespace of users that it enters, and its kind, if there is one.
        request: what was asked for; see `start.settle`.
        telling: where it says that it is confined, or why not.
        waiting: where it is told to go on; it ends if that is closed.
    """
    try:
        os.setsid()
        # as the first of its namespace it is reached by no signal that it leaves alone
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        proc = LIBC.mount(b"proc", b"/proc", b"proc", _BARE, None)
        check("mount /proc", proc)
        if last is not None:
            check("setns", LIBC.setns(*last))
        _close_all_but(telling, waiting)
        _confine(request)
    except Exception as error:
        os.write(telling, f"{type(error).__name__}: {error}\n".encode())
        return
    os.write(telling, b"confined\n")
    os.close(telling)
    if os.read(waiting, 1) != b"g":
        return
    os.close(waiting)
    kernel = os.fork()
    if not kernel:
        in_fork(_kernel, request["rest"])
    while True:
        ended, status = os.wait()
        if ended == kernel:
            os._exit(os.waitstatus_to_exitcode(status) & 0xFF)


def _close_all_but(*kept: int) -> None:
    """Closes what is open; standard input and output lead nowhere."""
    nowhere = os.open("/dev/null", os.O_RDWR)
    for number in range(3):
        os.dup2(nowhere, number)
    begin = 3
    for number in sorted(kept):
        os.closerange(begin, number)
        begin = number + 1
    os.closerange(begin, os.sysconf("SC_OPEN_MAX"))


def _confine(request: dict[str, Any]) -> None:
    """Gives up all rights, and sets limits and filters for good.

    Raises:
        OSError: if the system refuses.
        RuntimeError: if a right is left all the same.
    """
    control("no_new_privs", _NO_NEW_PRIVILEGES, 1)
    control("ambient", _AMBIENT, _CLEAR_ALL)
    number = 0
    while LIBC.prctl(_DROP_BOUND, number, 0, 0, 0) == 0:
        number += 1
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0)
    check("capset", LIBC.capset(header, (ctypes.c_uint32 * 6)()))
    start.settle(request["limits"], *request["places"])
    program = bytes.fromhex(request["filter"])
    if program:
        _install(program)
    status = Path("/proc/self/status").read_text().splitlines()
    found = dict(line.replace("\t", " ").split(": ", 1) for line in status)
    left = [name for name in _RIGHTS if int(found[name], 16)]
    wanted = {"NoNewPrivs": "1", "Seccomp": "2" if program else "0"}
    left += [name for name, value in wanted.items() if found[name].strip() != value]
    if left:
        raise RuntimeError(f"it is not as it should be: {', '.join(left)}")


def _install(program: bytes) -> None:
    """Installs a filter of system calls; see seccomp(2)."""

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("lines", ctypes.c_void_p)]

    lines = ctypes.create_string_buffer(program, len(program))
    made = Program(len(program) // 8, ctypes.addressof(lines))
    control("seccomp", _SECCOMP, _FILTER, ctypes.addressof(made))


def _kernel(rest: list[str]) -> None:
    """Becomes the kernel."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # a kernel may look at itself, and is looked at by the watch
    control("dumpable", DUMPABLE, 1)
    anew.renew()
    anew.forget()
    start.become_kernel(rest)
