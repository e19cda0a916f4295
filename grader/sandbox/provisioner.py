"""Jupyter's way to start and stop a kernel, in a sandbox.

Behind this seam stand two arrangements: a bubblewrap for each kernel, and kernels that
are forked from a warm parent. A Jupyter client sees no difference.
"""

import contextlib
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NoReturn

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Float, Integer, List, Unicode

from grader.sandbox.asking import KERNELS, Asked
from grader.sandbox.away import remove
from grader.sandbox.command import Jail, command
from grader.sandbox.environment import SCRATCH, START, TEMPORARY, environment
from grader.sandbox.forked import NoParent
from grader.sandbox.pipes import Pipes, readable_in
from grader.sandbox.place import (
    CONNECTION,
    LESSON,
    channels,
    fill,
    make_base,
    own,
    own_entries,
    tell_inside,
)
from grader.sandbox.probe import ALLOW, NoSandbox, probe
from grader.sandbox.view import Entry, install_course, readable, view
from grader.sandbox.warm import inside
from grader.sandbox.watch import Bounds, Watch, first_inside

#: the entry point's name
NAME = "grader-bubblewrap"
WRITTEN = (SCRATCH, TEMPORARY, "/dev/shm")
MEBI, GIBI = 2**20, 2**30
#: Seconds until a sandbox that was killed has ended: what takes longer is the
#: machine's fault.
_END_LIMIT = 10.0


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
        manager.ip = str(channels(base) / "k")
        kwargs = await super().pre_launch(**kwargs)
        tell_inside(base)
        return kwargs

    async def launch_kernel(
        self, cmd: list[str], **kwargs: Any
    ) -> KernelConnectionInfo:
        """Starts the sandbox, with a warm kernel in it where there can be one.

        Raises:
            NoSandbox: if bubblewrap ends without having made one.
        """
        # `python -m ipykernel_launcher -f FILE ...`: the rest is the kernel's own
        rest = ["-f", CONNECTION, *cmd[cmd.index("-f") + 2 :]]
        if not await self._fork(rest):
            pid = await self._start(rest, **kwargs)
            try:
                self._look_on(pid)
            except ProcessLookupError:
                await self._fail()
        return self.connection_info

    def _look_on(self, pid: int) -> None:
        """Watches what is in the sandbox at or below a process.

        Raises:
            ProcessLookupError: if nothing is.
        """
        assert self._base is not None
        bounds = Bounds(
            self.memory,
            self.files,
            self.opened,
            self.unread,
            self._folders(first_inside(pid)),
            channels(self._base),
        )
        self._watch = Watch(pid, self._init, bounds, self.watch_every)
        self._watch.start()

    async def _fork(self, rest: Sequence[str]) -> bool:
        """Has a warm kernel made; whether there is one.

        Until it is held and watched from here, it waits.
        """
        parent = self._parent
        if parent is None:
            return False
        base = self._base
        assert base is not None
        entries = [inside(entry) for entry in self._view(parent.folder.parent)]
        entries += own_entries(Path(KERNELS, base.name))
        jail = Jail(
            entries, environment(os.environ), self._sizes(), nested=probe().nested
        )
        places = [LESSON, SCRATCH, ":".join(WRITTEN[1:])]
        try:
            made = parent.fork(jail, rest, limits=self._limits(), places=places)
        except NoParent as error:
            self.log.warning("A kernel starts cold: %s", error)
            return False
        process: Any = made
        self.process, self.pid = process, made.pid
        self._init = os.dup(made.handle)
        try:
            self._look_on(made.pid)
            made.go()
        except (NoParent, ProcessLookupError) as error:
            self.log.warning("A kernel starts cold: %s", error)
            await self.kill()
            self.process = self._watch = None
            return False
        return True

    async def _start(self, rest: Sequence[str], **kwargs: Any) -> int:
        """Starts a kernel of its own.

        Returns:
            The number of the process that all of the sandbox's are below.

        Raises:
            NoSandbox: if bubblewrap ends without having made a sandbox.
        """
        base = self._base
        assert base is not None
        install_course(base)
        for name in ("course", "etc"):
            readable(base / name)
        pipes = Pipes()
        jail = Jail(
            [*self._view(base), *own_entries(base)],
            environment(os.environ),
            self._sizes(),
            info=pipes.up,
            first=pipes.first,
            filter=pipes.filter,
            nested=probe().nested,
        )
        start = [sys.executable, f"{START}/start.py", json.dumps(self._limits())]
        start += [LESSON, SCRATCH, ":".join(WRITTEN[1:]), *rest]
        line = command(shutil.which("bwrap") or "bwrap", jail, start)
        kwargs["env"] = {"PATH": os.environ.get("PATH", os.defpath)}
        kwargs |= {"cwd": "/", "pass_fds": pipes.given}
        try:
            await super().launch_kernel(line, **kwargs)
        finally:
            told = pipes.read()
        try:
            pid = json.loads(told)["child-pid"]
            self._init = os.pidfd_open(pid)
        except (ValueError, KeyError, ProcessLookupError):
            await self._fail()
        return pid

    async def _fail(self) -> NoReturn:
        await self.kill()
        found = replace(probe(), problem="it did not start", remedy=ALLOW)
        raise NoSandbox(found)

    async def kill(self, restart: bool = False) -> None:
        """Ends all that runs in the sandbox, and waits until it has ended."""
        if self._init >= 0:
            # With its first process, the kernel ends all others of the sandbox.
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._init, signal.SIGKILL)
            readable_in(self._init, _END_LIMIT)
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
                channels(self._base).chmod(0o700)
            if self._parent is None:
                shutil.rmtree(self._base, ignore_errors=True)
            else:
                remove(self._base)
            self._base = None

    @property
    def _parent(self) -> Asked | None:
        """The parent of warm kernels, where the manager has one."""
        return getattr(self.parent, "warm", None)

    def _make_folders(self, lesson: Path) -> Path:
        if self._parent is None:
            base = make_base(Path(tempfile.gettempdir()))
        else:
            base = Path(tempfile.mkdtemp(prefix="", dir=self._parent.folder))
            own(base)
        self._base = base
        fill(base, lesson)
        return base

    def _view(self, course: Path) -> list[Entry]:
        return view(course, [Path(path) for path in self.hidden])

    def _sizes(self) -> dict[str, int]:
        return dict.fromkeys(WRITTEN, self.temporary) | {SCRATCH: self.scratch}

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
