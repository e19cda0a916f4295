"""The parent of warm kernels: imports what a kernel needs, and is forked for each.

It runs in a sandbox of its own, with what a kernel sees and a folder of what kernels
are handed, and runs no student's code. What it does:

1. It makes itself unreadable, imports, and looks whether it is fit to be forked.
2. For each request it forks at once, and reads nothing of it: what one kernel is told
   is never in the memory that the next one starts from.
3. The fork has bubblewrap make a sandbox, forks into its namespaces a first process,
   and hands a handle of that to the grader.
4. The first process gives up all rights, sets limits and filters for good, and forks
   once more: that is the kernel. It has no open file of the parent's.

As `start.py`, it is started as a file; its arguments are the number of a socket and
the modules to import, as JSON.
"""

import contextlib
import ctypes
import fcntl
import gc
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
import traceback
from pathlib import Path
from typing import Any, NoReturn

import start

_LIBC = ctypes.CDLL(None, use_errno=True)
#: what prctl(2) is asked for
_SET_DUMPABLE, _SET_SECCOMP, _DROP_BOUND = 4, 22, 24
_NO_NEW_PRIVILEGES, _AMBIENT = 38, 47
_FILTER, _CLEAR_ALL = 2, 4
_GET_OWNER = 0xB701
_USER, _PROCESSES = 0x10000000, 0x20000000
#: what a kernel may share with nobody; of control groups only where there are such
_APART = {"mnt": 0x00020000, "net": 0x40000000, "ipc": 0x08000000, "uts": 0x04000000}
_PERHAPS_APART = {"cgroup": 0x02000000}
#: MS_NOSUID, MS_NODEV, MS_NOEXEC
_BARE = 2 | 4 | 8
_CAPABILITIES = 0x20080522
_RIGHTS = ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb")
_LONGEST = 2**20
#: ends by itself: nothing waits for it where this process is killed
_HOLDER = ["/bin/sh", "-c", "echo up; exec sleep 60"]


def main() -> None:
    """Imports, says how that went, and serves until the grader is gone."""
    control = socket.socket(fileno=int(sys.argv[1]))
    _control("dumpable", _SET_DUMPABLE, 0)
    for name in json.loads(sys.argv[2]):
        importlib.import_module(name)
    _end_idle_threads()
    if problem := unfit():
        control.send(problem.encode())
        return
    gc.collect()
    gc.freeze()
    control.send(b"up")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        asked, numbers, _, _ = socket.recv_fds(control, 1, 1)
        if not asked:
            os._exit(0)
        if not numbers:
            control.send(b"here")
        elif not os.fork():
            control.close()
            _in_fork(_deliver, numbers[0])
        for number in numbers:
            os.close(number)


def _end_idle_threads() -> None:
    """Forks for nothing: OpenBLAS ends its threads then, until there is work again."""
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)


def unfit() -> str:
    """Why this process cannot be forked; empty if it can."""
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads > 1:
        return f"an import started {threads - 1} threads"
    for line in Path("/proc/self/maps").read_text().splitlines():
        rights = line.split()[1]
        if rights[1] == "w" and rights[3] == "s":
            return f"an import made memory that forks share: {line}"
    eager = sys.modules.get("tensorflow.python.eager.context")
    context = getattr(eager, "_context", None)
    if context is not None and context._context_handle is not None:
        return "an import made TensorFlow compute"
    return ""


def _in_fork(act: Any, *arguments: Any) -> NoReturn:
    """Acts, and ends this process: a fork never returns to what its parent does."""
    try:
        act(*arguments)
        os._exit(0)
    except BaseException:
        with contextlib.suppress(Exception):
            traceback.print_exc()
    finally:
        os._exit(1)


def _deliver(number: int) -> None:
    """Makes one kernel, and hands the grader a handle of its first process.

    Args:
        number: of a socket of the grader's. A fork of this process has no object of
            it, which would close what has the same number there.
    """
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    grader = socket.socket(fileno=number)
    request = json.loads(grader.recv(_LONGEST))
    grader.detach()
    try:
        handle, go = _born(request)
    except Exception as error:
        os.write(number, f"{type(error).__name__}: {error}".encode())
        return
    socket.send_fds(socket.socket(fileno=number), [b"up"], [handle])
    os.write(go, b"g")


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
            _in_fork(_enter, namespaces, request, telling, waiting)
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
def _holder(jail: list[str]):
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
            _check("setns", _LIBC.setns(number, kind))
        _check("unshare", _LIBC.unshare(_PROCESSES))
        first = os.fork()
        if not first:
            _in_fork(_first, last, request, telling, waiting)
        os.write(telling, f"{first}\n".encode())
    except Exception as error:
        os.write(telling, f"{type(error).__name__}: {error}\n".encode())


def _first(
    last: tuple[int, int] | None, request: dict[str, Any], telling: int, waiting: int
) -> None:
    """The first process: confines itself, forks the kernel and buries what ends."""
    try:
        os.setsid()
        # as the first of its namespace it is reached by no signal that it leaves alone
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        proc = _LIBC.mount(b"proc", b"/proc", b"proc", _BARE, None)
        _check("mount /proc", proc)
        if last is not None:
            _check("setns", _LIBC.setns(*last))
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
        _in_fork(_kernel, request["rest"])
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
    _control("no_new_privs", _NO_NEW_PRIVILEGES, 1)
    _control("ambient", _AMBIENT, _CLEAR_ALL)
    number = 0
    while _LIBC.prctl(_DROP_BOUND, number, 0, 0, 0) == 0:
        number += 1
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0)
    _check("capset", _LIBC.capset(header, (ctypes.c_uint32 * 6)()))
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
    _control("seccomp", _SET_SECCOMP, _FILTER, ctypes.addressof(made))


def _kernel(rest: list[str]) -> None:
    """Becomes the kernel: what forks share and a kernel must not is made anew."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    # a kernel may look at itself, and is looked at by the watch
    _control("dumpable", _SET_DUMPABLE, 1)
    # Python's own is drawn anew in each fork
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    start.become_kernel(rest)


def _control(what: str, option: int, first: int, second: int = 0) -> None:
    whole = ctypes.c_ulong
    answer = _LIBC.prctl(option, whole(first), whole(second), whole(0), whole(0))
    _check(what, answer)


def _check(what: str, answer: int) -> None:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


if __name__ == "__main__":
    main()
