"""Makes a kernel: a fork of the parent in a sandbox of its own.

bubblewrap makes the sandbox; the fork enters its namespaces, and forks a first process
in one of its own, which waits until the grader holds it and looks on.
"""

import contextlib
import fcntl
import json
import os
import select
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from confined import first_process
from forking import in_fork
from libc import LIBC, check

_GET_OWNER = 0xB701
_USER, _PROCESSES = 0x10000000, 0x20000000
#: what a kernel may share with nobody; of control groups only where there are such
_APART = {"mnt": 0x00020000, "net": 0x40000000, "ipc": 0x08000000, "uts": 0x04000000}
_PERHAPS_APART = {"cgroup": 0x02000000}
_LONGEST = 2**20
#: ends by itself: nothing waits for it where this process is killed
_HOLDER = ["/bin/sh", "-c", "echo up; exec sleep 60"]
#: seconds until the grader must have said that the kernel may go on
_GO_LIMIT = 30.0


def deliver(number: int) -> None:
    """Makes one kernel, hands the grader a handle of it, and lets it go on when told.

    Where the grader is gone, or says nothing in time, the kernel ends: it waits on a
    pipe whose other end only this process has. It ends with the grader later, too.

    Args:
        number: of a socket of the grader's.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    with _lent(number) as grader:
        request = json.loads(grader.recv(_LONGEST))
    try:
        handle, go = _born(request)
    except Exception as error:
        os.write(number, f"{type(error).__name__}: {error}".encode())
        return
    with _lent(number) as grader:
        socket.send_fds(grader, [b"up"], [handle])
        grader.settimeout(_GO_LIMIT)
        with contextlib.suppress(TimeoutError):
            if grader.recv(2) == b"go":
                os.write(go, b"g")
                grader.send(b"went")
                _end_with(grader, handle)


def _end_with(grader: socket.socket, handle: int) -> None:
    """Waits until the kernel ends, and ends it where the grader goes first."""
    waiting = select.poll()
    # that the other end is closed is told unasked
    waiting.register(grader, 0)
    waiting.register(handle, select.POLLIN)
    if handle not in dict(waiting.poll()):
        signal.pidfd_send_signal(handle, signal.SIGKILL)


@contextlib.contextmanager
def _lent(number: int) -> Iterator[socket.socket]:
    """An object of a socket, for a while.

    A fork must not have one: it would close what has the same number there.
    """
    lent = socket.socket(fileno=number)
    try:
        yield lent
    finally:
        lent.detach()


def _born(request: dict[str, Any]) -> tuple[int, int]:
    """Makes the first process of a kernel; it waits to be told to go on.

    Returns:
        A handle of it, and where it is told.
    """
    told, telling = os.pipe()
    waiting, go = os.pipe()
    with _holder(request["jail"]) as pid:
        namespaces = _namespaces(pid)
        between = os.fork()
        if not between:
            os.close(told)
            os.close(go)
            in_fork(_enter, namespaces, request, telling, waiting)
        os.close(telling)
        os.close(waiting)
        with os.fdopen(told, "rb") as pipe:
            # its number and that it is confined, whichever of two tells first
            said = {pipe.readline().strip(), pipe.readline().strip()}
        os.waitpid(between, 0)
    numbers = [int(line) for line in said if line.isdigit()]
    if len(numbers) != 1 or b"confined" not in said:
        why = b" ".join(said).decode(errors="replace")
        raise RuntimeError(f"a kernel could not be confined: {why}")
    return os.pidfd_open(numbers[0]), go


@contextlib.contextmanager
def _holder(jail: list[str]) -> Iterator[int]:
    """A process in a new sandbox that does nothing, until it was entered."""
    reading, writing = os.pipe()
    line = [jail[0], "--info-fd", str(writing), *jail[1:], "--", *_HOLDER]
    with subprocess.Popen(
        line,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        pass_fds=[writing],
    ) as process:
        os.close(writing)
        with os.fdopen(reading, "rb") as pipe:
            info = pipe.read()
        assert process.stdout
        assert process.stderr
        if process.stdout.readline() != b"up\n":
            said = process.stderr.read().decode(errors="replace").strip()
            raise RuntimeError(f"no sandbox in the parent's: {said}")
        pid = json.loads(info)["child-pid"]
        try:
            yield pid
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            process.kill()


def _namespaces(pid: int) -> list[tuple[int, int]]:
    """Those that a process is in, in the order in which they are entered.

    Raises:
        RuntimeError: if it shares one with this process that it must not share.
    """
    found = {}
    for name in (*_APART, *_PERHAPS_APART, "user"):
        other = os.open(f"/proc/{pid}/ns/{name}", os.O_RDONLY | os.O_CLOEXEC)
        own = Path(f"/proc/self/ns/{name}").stat()
        apart = os.fstat(other).st_ino != own.st_ino
        if not apart and name not in _PERHAPS_APART:
            raise RuntimeError(f"the sandbox shares its namespace {name}")
        if apart:
            found[name] = other
    # it owns the others; the one that programs run in is below it
    owner = fcntl.ioctl(found["mnt"], _GET_OWNER)
    inner = found.pop("user")
    kinds = _APART | _PERHAPS_APART
    order = [(owner, _USER), *((found[n], kinds[n]) for n in found)]
    if os.fstat(owner).st_ino != os.fstat(inner).st_ino:
        order.append((inner, _USER))
    return order


def _enter(
    namespaces: list[tuple[int, int]],
    request: dict[str, Any],
    telling: int,
    waiting: int,
) -> None:
    """Enters namespaces, and forks the first process of one of its own."""
    try:
        os.setsid()
        nested = namespaces[-1][1] == _USER
        last = namespaces.pop() if nested else None
        for number, kind in namespaces:
            check("setns", LIBC.setns(number, kind))
        check("unshare", LIBC.unshare(_PROCESSES))
        first = os.fork()
        if not first:
            in_fork(first_process, last, request, telling, waiting)
        os.write(telling, f"{first}\n".encode())
    except Exception as error:
        os.write(telling, f"{type(error).__name__}: {error}\n".encode())
