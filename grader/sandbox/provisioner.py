"""Jupyter's way to start and stop a kernel, in a sandbox.

Behind this seam another arrangement may stand, such as kernels that are forked from a
warm parent: a Jupyter client sees no difference.
"""

import contextlib
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Float, Integer, List, Unicode

from grader.sandbox import calls
from grader.sandbox.command import STAND_IN, Jail, command
from grader.sandbox.environment import SCRATCH, TEMPORARY, environment
from grader.sandbox.probe import ALLOW, NoSandbox, probe
from grader.sandbox.view import Entry, install_course, readable, view
from grader.sandbox.watch import Bounds, Watch, first_inside

#: the entry point's name
NAME = "grader-bubblewrap"
LESSON, CHANNELS, CONNECTION = "/lesson", "/run/kernel", "/run/kernel.json"
WRITTEN = (SCRATCH, TEMPORARY, "/dev/shm")
MEBI, GIBI = 2**20, 2**30
#: A socket's path has at most 107 bytes.
_LONGEST = 60
#: Seconds until a sandbox is up, and until one that was killed has ended: what
#: takes longer is the machine's fault.
_UP_LIMIT, _END_LIMIT = 60.0, 10.0


class BubblewrapProvisioner(LocalProvisioner):
    """Runs a kernel of this Python under bubblewrap.

    The kernel's working directory is a scratch folder of its own, with a copy of the
    folder that was named; all that it started is gone when it is stopped.
    """

    memory = Integer(
        4 * GIBI, help="Bytes of memory that all of a kernel's processes may hold."
    ).tag(config=True)
    data = Integer(
        8 * GIBI, help="Bytes of data segments that one process may ask for."
    ).tag(config=True)
    address_space = Integer(
        32 * GIBI, help="Bytes of address space that one process may have."
    ).tag(config=True)
    processes = Integer(
        256 + 16 * (os.cpu_count() or 1),
        help="Processes and threads; TensorFlow has some for each core.",
    ).tag(config=True)
    open_files = Integer(1024, help="Open files of one process.").tag(config=True)
    opened = Integer(
        2048, help="Open files, pipes and sockets of all of a kernel's processes."
    ).tag(config=True)
    unread = Integer(
        512 * MEBI, help="Bytes that the grader may grow by while a kernel runs."
    ).tag(config=True)
    file_size = Integer(256 * MEBI, help="Bytes of one file.").tag(config=True)
    scratch = Integer(
        512 * MEBI, help="Bytes of the scratch folder; they lie in memory."
    ).tag(config=True)
    temporary = Integer(
        256 * MEBI, help="Bytes of the temporary folder, and of /dev/shm."
    ).tag(config=True)
    files = Integer(20_000, help="Files in each of these folders.").tag(config=True)
    watch_every = Float(
        0.25, help="Seconds between two looks at what the processes hold in all."
    ).tag(config=True)
    hidden = List(
        Unicode(), help="Folders that stay out of sight wherever they lie."
    ).tag(config=True)

    _base: Path | None = None
    _init: int = -1
    _pipes: "_Pipes | None" = None
    _watch: Watch | None = None

    @property
    def reason(self) -> str:
        """Why the kernel was stopped from here; empty if it was not."""
        return self._watch.reason if self._watch else ""

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Makes the sandbox's folders, and its command line from the kernel's."""
        base = self._make_folders(Path(kwargs.pop("cwd", None) or os.curdir))
        manager: Any = self.parent
        manager.transport = "ipc"
        manager.connection_file = str(base / "kernel.json")
        manager.ip = str(base / "s" / "k")
        kwargs = await super().pre_launch(**kwargs)
        self._inside(base)
        self._pipes = pipes = _Pipes()
        bwrap = shutil.which("bwrap") or "bwrap"
        kernel = kwargs["cmd"]
        # `python -m ipykernel_launcher -f FILE ...`: the rest is the kernel's own
        start = [sys.executable, "/opt/course/start.py", json.dumps(self._limits())]
        start += [LESSON, SCRATCH, ":".join(WRITTEN[1:]), "-f", CONNECTION]
        start += kernel[kernel.index("-f") + 2 :]
        kwargs["cmd"] = command(bwrap, self._jail(base, pipes), start)
        kwargs["env"] = {"PATH": os.environ.get("PATH", os.defpath)}
        kwargs["cwd"] = "/"
        kwargs["pass_fds"] = pipes.given
        return kwargs

    async def launch_kernel(
        self, cmd: list[str], **kwargs: Any
    ) -> KernelConnectionInfo:
        """Starts the sandbox.

        Raises:
            NoSandbox: if bubblewrap ends without having made one.
        """
        try:
            info = await super().launch_kernel(cmd, **kwargs)
        finally:
            assert self._pipes is not None
            told = self._pipes.read()
        try:
            pid = json.loads(told)["child-pid"]
            self._init = os.pidfd_open(pid)
            inside = first_inside(pid)
        except (ValueError, KeyError, ProcessLookupError):
            await self.kill()
            found = replace(probe(), problem="it did not start", remedy=ALLOW)
            raise NoSandbox(found) from None
        bounds = Bounds(
            self.memory,
            self.files,
            self.opened,
            self.unread,
            self._folders(inside),
            self._channels,
        )
        self._watch = Watch(pid, self._init, bounds, self.watch_every)
        self._watch.start()
        return info

    async def kill(self, restart: bool = False) -> None:
        """Ends all that runs in the sandbox, and waits until it has ended."""
        if self._init >= 0:
            # With its first process, the kernel ends all others of the sandbox.
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._init, signal.SIGKILL)
            _poll(self._init, _END_LIMIT)
            os.close(self._init)
            self._init = -1
        if self._watch is not None:
            # A look takes long where there is much to look at; now there is nothing.
            self._watch.stop()
        if self.process is not None:
            await self.send_signal(signal.SIGKILL)
            self.process.wait(_END_LIMIT)

    async def terminate(self, restart: bool = False) -> None:
        """The same: nothing in a sandbox is asked to end by itself."""
        await self.kill(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Removes the sandbox's folders."""
        await self.kill(restart)
        if self._base is not None and not restart:
            with contextlib.suppress(OSError):
                # the one folder in it whose rights can be changed from inside
                self._channels.chmod(0o700)
            shutil.rmtree(self._base, ignore_errors=True)
            self._base = None

    def _make_folders(self, lesson: Path) -> Path:
        place = tempfile.gettempdir()
        if len(place) > _LONGEST:
            place = TEMPORARY
        base = Path(tempfile.mkdtemp(prefix="grader-", dir=place))
        self._base = base
        (base / "s").mkdir(mode=0o700)
        self._own(base / "s")
        shutil.copytree(lesson.resolve(), base / "lesson")
        install_course(base)
        for path in (base / "lesson", base / "course", base / "etc"):
            readable(path)
        return base

    def _own(self, path: Path) -> None:
        """Gives a path to the sandbox's user."""
        if os.geteuid() == 0:
            os.chown(path, STAND_IN, STAND_IN)

    def _jail(self, base: Path, pipes: "_Pipes") -> Jail:
        entries = [
            *view(base, [Path(path) for path in self.hidden]),
            Entry(LESSON, "read", str(base / "lesson")),
            Entry(CONNECTION, "read", str(base / "inside.json")),
            Entry(CHANNELS, "write", str(base / "s")),
        ]
        sizes = dict.fromkeys(WRITTEN, self.temporary) | {SCRATCH: self.scratch}
        return Jail(
            entries,
            environment(os.environ),
            sizes,
            info=pipes.up,
            first=pipes.first,
            filter=pipes.filter,
            nested=probe().nested,
        )

    def _limits(self) -> dict[str, int]:
        return {
            "RLIMIT_AS": self.address_space,
            "RLIMIT_CORE": 0,
            "RLIMIT_DATA": self.data,
            "RLIMIT_FSIZE": self.file_size,
            "RLIMIT_NOFILE": self.open_files,
            "RLIMIT_NPROC": self.processes,
        }

    def _folders(self, pid: int) -> tuple[str, ...]:
        root = f"/proc/{pid}/root"
        return tuple(f"{root}{folder}" for folder in WRITTEN)

    @property
    def _channels(self) -> Path:
        assert self._base is not None
        return self._base / "s"

    def _inside(self, base: Path) -> None:
        """Writes the kernel's own connection file, with the paths that it sees."""
        told = json.loads((base / "kernel.json").read_text("utf-8"))
        path = base / "inside.json"
        path.touch(mode=0o600)
        path.write_text(json.dumps(told | {"ip": f"{CHANNELS}/k"}), "utf-8")
        self._own(path)


class _Pipes:
    """What bubblewrap is handed, and tells.

    Attributes:
        up: closed when the sandbox is up; -1 where one bubblewrap makes all of it.
        first: told the number of the first process, then closed.
        filter: holds the filter of system calls; -1 without one.
    """

    def __init__(self) -> None:
        self._told, self.first = os.pipe()
        self._up, self.up = os.pipe() if os.geteuid() == 0 else (-1, -1)
        self.filter = -1
        if content := calls.program():
            self.filter, writing = os.pipe()
            with os.fdopen(writing, "wb") as pipe:
                pipe.write(content)

    @property
    def given(self) -> tuple[int, ...]:
        """The file descriptors that bubblewrap inherits."""
        every = (self.up, self.first, self.filter)
        return tuple(number for number in every if number >= 0)

    def read(self) -> bytes:
        """Waits until the sandbox is up or has failed; what it told first."""
        for number in self.given:
            os.close(number)
        if self._up >= 0:
            _read(self._up, _UP_LIMIT)
        return _read(self._told, _UP_LIMIT)


def _read(number: int, seconds: float) -> bytes:
    """All of a pipe, or nothing if its other end is not closed in time."""
    end = time.monotonic() + seconds
    found = b""
    with os.fdopen(number, "rb", buffering=0) as pipe:
        while _poll(number, end - time.monotonic()):
            part = pipe.read(2**16)
            if not part:
                return found
            found += part
    return b""


def _poll(number: int, seconds: float) -> bool:
    """Whether a file descriptor, of whatever number, can be read in time."""
    waiting = select.poll()
    waiting.register(number, select.POLLIN)
    return bool(waiting.poll(max(0.0, seconds) * 1000))
