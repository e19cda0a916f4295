"""The grader's side of the parent of warm kernels: starts it, asks it and ends it."""

import contextlib
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from grader.sandbox import calls
from grader.sandbox.command import Jail, command, nested
from grader.sandbox.environment import SCRATCH, START, TEMPORARY, environment
from grader.sandbox.forked import Forked, NoParent, pid_of
from grader.sandbox.place import make_base, own
from grader.sandbox.view import Entry, install_course, readable, view

#: where the parent sees what kernels are handed
KERNELS = "/run/kernels"
_MEBI = 2**20
_SIZES = {SCRATCH: 64 * _MEBI, TEMPORARY: 64 * _MEBI, "/dev/shm": _MEBI}
#: seconds for the imports, for a kernel's sandbox, and for a word of the parent's
_IMPORT_LIMIT, _FORK_LIMIT, _ANSWER_LIMIT = 120.0, 30.0, 10.0


class Asked(ABC):
    """What is asked for kernels, which are forks of a parent.

    Attributes:
        folder: holds a folder for each kernel.
    """

    folder: Path

    @abstractmethod
    def is_alive(self) -> bool:
        """Whether the parent answers."""

    @abstractmethod
    def _line(self) -> socket.socket:
        """A socket whose other end a new fork of the parent has.

        Raises:
            NoParent: if there can be none.
        """

    def _last_words(self) -> str:
        return "the parent of kernels ended"

    def fork(self, jail: Jail, rest: Sequence[str], **request: Any) -> Forked:
        """Makes a kernel.

        Args:
            jail: what it is to be in, as the parent sees it.
            rest: the kernel's own arguments.
            request: its limits and places; see `start.settle`.

        Returns:
            It; it waits to be told to go on.

        Raises:
            NoParent: if none could be made.
        """
        line = nested(_bwrap(), jail)
        told = {"jail": line, "rest": [*rest], "filter": calls.program().hex()}
        mine = self._line()
        try:
            return Forked(*self._made(mine, json.dumps(told | request)), mine)
        except BaseException:
            mine.close()
            raise

    def _made(self, mine: socket.socket, request: str) -> tuple[int, int]:
        """A handle of the first process of a kernel, and its number."""
        try:
            mine.send(request.encode())
            if not waits(mine, _FORK_LIMIT):
                raise NoParent("the parent of kernels does not answer")
            answer, handles, _, _ = socket.recv_fds(mine, 2**16, 1)
        except OSError as error:
            raise NoParent(f"the parent of kernels is gone: {error}") from error
        if answer == b"up" and handles:
            if pid := pid_of(handles[0]):
                return handles[0], pid
            answer = b"the one that was forked ended"
        for handle in handles:
            os.close(handle)
        raise NoParent(answer.decode(errors="replace") or self._last_words())


class Parent(Asked):
    """A process that is forked for each kernel.

    Args:
        modules: what it imports.
        variables: of its environment, where this process has no others.

    Raises:
        NoParent: if it does not come up.
    """

    def __init__(
        self, modules: Sequence[str], variables: Mapping[str, str] | None = None
    ):
        self._base = make_base(Path(tempfile.gettempdir()))
        self.folder = self._base / "k"
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._log = (self._base / "log").open("w+b")
        self._control, given = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._start(given, modules, {**(variables or {}), **os.environ})
        except BaseException:
            self.close()
            raise

    def _start(
        self, given: socket.socket, modules: Sequence[str], variables: Mapping[str, str]
    ) -> None:
        with given:
            self.folder.mkdir(mode=0o700)
            own(self.folder)
            install_course(self._base)
            for name in ("course", "etc"):
                readable(self._base / name)
            entries = [*view(self._base), Entry(KERNELS, "write", str(self.folder))]
            jail = Jail(entries, environment(variables), _SIZES)
            program = [sys.executable, f"{START}/parent.py", str(given.fileno())]
            line = command(_bwrap(), jail, [*program, json.dumps(modules)])
            begun = threading.Event()
            # bubblewrap ends with the thread that started it: this one stays
            threading.Thread(
                target=self._hold,
                args=(line, given.fileno(), begun),
                name="warm-parent",
                daemon=True,
            ).start()
            begun.wait()
        answer = self._answer(self._control, _IMPORT_LIMIT)
        if answer != b"up":
            raise NoParent(answer.decode(errors="replace") or self._last_words())

    def _hold(self, line: list[str], given: int, begun: threading.Event) -> None:
        try:
            self._process = subprocess.Popen(
                line,
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath)},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self._log,
                pass_fds=[given],
                # Ctrl-C is for the grader, which ends it
                start_new_session=True,
            )
        finally:
            begun.set()
        self._process.wait()

    def _line(self) -> socket.socket:
        mine, given = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            with given:
                self.hand(given)
        except BaseException:
            mine.close()
            raise
        return mine

    def hand(self, line: socket.socket) -> None:
        """Has a kernel forked for whoever has the other end of a socket.

        Raises:
            NoParent: if it is gone.
        """
        with self._lock:
            self._send([line.fileno()])

    def is_alive(self) -> bool:
        """Whether it answers."""
        with self._lock:
            try:
                self._send([])
                return self._answer(self._control, _ANSWER_LIMIT) == b"here"
            except NoParent:
                return False

    def close(self) -> None:
        """Ends it, and with it all of its kernels."""
        self._control.close()
        if self._process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.5)
            self._process.kill()
            self._process.wait(_ANSWER_LIMIT)
        self._log.close()
        shutil.rmtree(self._base, ignore_errors=True)

    def _send(self, numbers: list[int]) -> None:
        try:
            socket.send_fds(self._control, [b"?"], numbers)
        except OSError as error:
            raise NoParent(f"the parent of kernels is gone: {error}") from error

    def _answer(self, where: socket.socket, seconds: float) -> bytes:
        """What is answered; empty where the other end is closed.

        Raises:
            NoParent: if nothing is.
        """
        if not waits(where, seconds):
            raise NoParent(f"the parent of kernels said nothing for {seconds:g} s")
        try:
            return where.recv(2**16)
        except OSError as error:
            raise NoParent(f"the parent of kernels is gone: {error}") from error

    def _last_words(self) -> str:
        self._log.seek(0)
        said = self._log.read().decode(errors="replace").strip().splitlines()
        return said[-1] if said else "the parent of kernels ended"


def waits(where: socket.socket, seconds: float) -> bool:
    """Whether something is there to be read, or the other end closed, in time."""
    waiting = select.poll()
    waiting.register(where, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))


def _bwrap() -> str:
    return shutil.which("bwrap") or "bwrap"
