"""Runs a command, and watches the memory of all processes that it starts."""

import contextlib
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_MEBI = 2**20
_PARENT = "parent.py"
#: Seconds between two looks at processor time, and between two at memory: to add up the
#: pages of a process takes a core for tens of milliseconds, and the process waits.
_STEP, _MEMORY = 0.5, 5.0


@dataclass(frozen=True)
class Ran:
    """A command that ended well: seconds, and mebibytes of a process by role."""

    seconds: float
    processor: float
    memory: dict[str, float]


class DidNotRun(Exception):
    """A command failed; the message is the end of what it said."""


def run(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Ran:
    """Runs a command to its end.

    Raises:
        DidNotRun: if it fails.
    """
    with tempfile.TemporaryFile("w+", errors="replace") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=output, stderr=output
        )
        watch = Watch(psutil.Process(process.pid))
        watch.start()
        process.wait()
        seconds = time.perf_counter() - start
        watch.stop()
        if process.returncode:
            output.seek(0)
            raise DidNotRun(" ".join(output.read().split())[-300:])
    return Ran(seconds, watch.processor, watch.memory)


class Watch(threading.Thread):
    """Looks at a process twice a second, and at all memory now and then."""

    def __init__(self, root: psutil.Process):
        super().__init__(daemon=True)
        self._root, self._end = root, threading.Event()
        self.memory: dict[str, float] = {}
        self.processor = 0.0

    def run(self) -> None:
        look = time.monotonic() + _MEMORY / 2
        while not self._end.wait(_STEP):
            with contextlib.suppress(psutil.Error):
                times = self._root.cpu_times()
                self.processor = times.user + times.system
                if time.monotonic() > look:
                    self._look([self._root, *self._root.children(recursive=True)])
                    look = time.monotonic() + _MEMORY

    def _look(self, processes: Sequence[psutil.Process]) -> None:
        for process in processes:
            try:
                role, size = _role(process, self._root), memory(process)
            except (psutil.Error, OSError):
                continue
            if role:
                self.memory[role] = max(size, self.memory.get(role, 0.0))

    def stop(self) -> None:
        """Ends it."""
        self._end.set()
        self.join()


def memory(process: psutil.Process) -> float:
    """Mebibytes: shared pages in equal parts, or all where that cannot be read."""
    try:
        return process.memory_full_info().pss / _MEBI
    except psutil.AccessDenied:
        return process.memory_info().rss / _MEBI


def _role(process: psutil.Process, root: psutil.Process) -> str:
    if process == root:
        return "grading process"
    words = " ".join(process.cmdline())
    if _PARENT in words:
        above = process.parent()
        if "bwrap" in process.name() or above is None:
            return ""
        return "parent of kernels" if "bwrap" in above.name() else "kernel"
    if "ipykernel" in words:
        return "kernel"
    forked = "multiprocessing.forkserver" in words and process.parent() != root
    return "worker" if forked else ""
