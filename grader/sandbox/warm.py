"""Warm kernels: forks of a parent that has imported what kernels import.

The parent lives as long as a run of grading, in a sandbox of its own; see `parent`,
which is the code in there. Each kernel has namespaces, limits and folders of its own,
the same as one that starts cold. Where no parent can be had, kernels start cold.
"""

import contextlib
import contextvars
import functools
import json
import logging
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from grader.sandbox import calls
from grader.sandbox.command import Jail, command, nested
from grader.sandbox.environment import COURSE, SCRATCH, TEMPORARY, environment
from grader.sandbox.place import make_base, own
from grader.sandbox.probe import probe
from grader.sandbox.view import Entry, install_course, readable, view

#: where the parent sees what kernels are handed
KERNELS = "/run/kernels"
MODULES = (
    "numpy",
    "tensorflow",
    "keras",
    "h5py",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    "IPython.core.interactiveshell",
    *(
        f"grader.capture{part}"
        for part in ("", ".network", ".training", ".tensors", ".values", ".answers")
    ),
)
_EXTRAS = {"torch": ("torch", "grader.capture.modules")}
_MEBI = 2**20
_SIZES = {SCRATCH: 64 * _MEBI, TEMPORARY: 64 * _MEBI, "/dev/shm": _MEBI}
#: seconds for the imports, for a kernel's sandbox, and for a word of the parent's
_IMPORT_LIMIT, _FORK_LIMIT, _ANSWER_LIMIT = 120.0, 30.0, 10.0
#: parents that are started in place of one that died, before kernels start cold
_MOST_DEATHS = 3


class NoParent(Exception):
    """No warm kernel can be had; the message says why."""


class Parent:
    """A process that is forked for each kernel.

    Args:
        modules: what it imports.

    Raises:
        NoParent: if it does not come up.
    """

    def __init__(self, modules: Sequence[str]):
        self._base = make_base(Path(tempfile.gettempdir()))
        #: holds a folder for each kernel
        self.folder = self._base / "k"
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._log = (self._base / "log").open("w+b")
        self._control, given = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        try:
            self._start(given, modules)
        except BaseException:
            self.close()
            raise

    def _start(self, given: socket.socket, modules: Sequence[str]) -> None:
        with given:
            self.folder.mkdir(mode=0o700)
            own(self.folder)
            install_course(self._base)
            for name in ("course", "etc"):
                readable(self._base / name)
            entries = [*view(self._base), Entry(KERNELS, "write", str(self.folder))]
            jail = Jail(entries, environment(os.environ), _SIZES)
            program = [sys.executable, f"{COURSE}/parent.py", str(given.fileno())]
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

    def fork(self, jail: Jail, rest: Sequence[str], **request: Any) -> int:
        """Makes a kernel.

        Args:
            jail: what it is to be in, as the parent sees it.
            rest: the kernel's own arguments.
            request: its limits and places; see `start.settle`.

        Returns:
            A handle of the first process of the kernel's namespace.

        Raises:
            NoParent: if none could be made.
        """
        line = nested(_bwrap(), jail)
        told = {"jail": line, "rest": [*rest], "filter": calls.program().hex()}
        mine, given = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with mine:
            with given, self._lock:
                self._send([given.fileno()])
            try:
                mine.send(json.dumps(told | request).encode())
                if not _waits(mine, _FORK_LIMIT):
                    raise NoParent("the parent of kernels does not answer")
                answer, numbers, _, _ = socket.recv_fds(mine, 2**16, 1)
            except OSError as error:
                raise NoParent(f"the parent of kernels is gone: {error}") from error
        if answer != b"up" or not numbers:
            for number in numbers:
                os.close(number)
            raise NoParent(answer.decode(errors="replace") or self._last_words())
        return numbers[0]

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
        if not _waits(where, seconds):
            raise NoParent(f"the parent of kernels said nothing for {seconds:g} s")
        try:
            return where.recv(2**16)
        except OSError as error:
            raise NoParent(f"the parent of kernels is gone: {error}") from error

    def _last_words(self) -> str:
        self._log.seek(0)
        said = self._log.read().decode(errors="replace").strip().splitlines()
        return said[-1] if said else "the parent of kernels ended"


def _waits(where: socket.socket, seconds: float) -> bool:
    waiting = select.poll()
    waiting.register(where, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))


def _bwrap() -> str:
    return shutil.which("bwrap") or "bwrap"


def inside(entry: Entry) -> Entry:
    """What is seen in a kernel's sandbox, as it is found in its parent's."""
    if entry.kind not in {"read", "write"}:
        return entry
    return replace(entry, outside=entry.inside)


class Parents:
    """The parents of a run of grading: one at a time, and a new one for one that died.

    Args:
        log: where it is told why kernels start cold.
    """

    def __init__(self, log: logging.Logger | logging.LoggerAdapter[Any]):
        self._log = log
        self._deaths = 0
        self._modules: tuple[str, ...] = ()
        self._parent: Parent | None = None

    def get(self, extras: Sequence[str]) -> Parent | None:
        """A parent that lives; None where kernels have to start cold.

        Args:
            extras: packages that a lesson needs beyond the usual, such as "torch".
        """
        modules = MODULES
        for extra in extras:
            modules += _EXTRAS.get(extra, ())
        if self._parent is not None and not self._parent.is_alive():
            self._deaths += 1
            self._log.warning("The parent of warm kernels ended; a new one is started.")
            self.close()
        elif self._modules != modules:
            self.close()
        if self._parent is None and self._deaths < _MOST_DEATHS:
            try:
                self._parent = Parent(modules)
                self._modules = modules
            except (NoParent, OSError) as error:
                self._deaths = _MOST_DEATHS
                self._log.warning("Kernels start cold: %s", error)
        return self._parent

    def close(self) -> None:
        """Ends the parent."""
        if self._parent is not None:
            self._parent.close()
            self._parent = None


_CURRENT: contextvars.ContextVar[Parents | None] = contextvars.ContextVar(
    "parents", default=None
)


@contextlib.contextmanager
def warm_kernels(log: logging.Logger | logging.LoggerAdapter[Any]) -> Iterator[None]:
    """Lets kernels of the block be warm; its parent is gone when the block is left.

    A block in a block has the parents of the outer one.
    """
    if _CURRENT.get() is not None:
        yield
        return
    parents = Parents(log)
    token = _CURRENT.set(parents)
    try:
        yield
    finally:
        _CURRENT.reset(token)
        parents.close()


def parent_for(extras: Sequence[str]) -> Parent | None:
    """The parent of the kernels of this run; None where they start cold."""
    parents = _CURRENT.get()
    return parents.get(extras) if parents is not None else None


@functools.cache
def problem() -> str:
    """Why kernels cannot be warm here; empty if they can. One is made, to see."""
    if probe().problem:
        return probe().problem
    try:
        parent = Parent(["numpy"])
    except (NoParent, OSError) as error:
        return str(error)
    try:
        entries = [inside(entry) for entry in view(parent.folder.parent)]
        sizes = {SCRATCH: _MEBI, TEMPORARY: _MEBI, "/dev/shm": _MEBI}
        jail = Jail(entries, environment({}), sizes, nested=probe().nested)
        # it ends at once, for there is no such file
        rest = ["-f", "/none"]
        places = ["/etc", SCRATCH, TEMPORARY]
        os.close(parent.fork(jail, rest, limits={}, places=places))
    except NoParent as error:
        return str(error)
    finally:
        parent.close()
    return ""
