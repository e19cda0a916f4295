"""A watch on what a sandbox's processes hold together: no limit of one shows that."""

import contextlib
import os
import signal
import stat
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: Jupyter has five
_CHANNELS = 20
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Bounds:
    """What is too much.

    Attributes:
        memory: bytes that all processes may hold, and write into their folders.
        files: in each of the folders.
        folders: file systems of the sandbox's own, as they are seen from outside.
        channels: the folder with the kernel's sockets, and nothing else.
    """

    memory: int
    files: int
    folders: tuple[str, ...]
    channels: Path


class Watch:
    """Looks at a sandbox again and again, and ends it when it holds too much.

    Args:
        pid: of the sandbox's first process, an ancestor of all others in it.
        handle: the same process, as a file descriptor.
        bounds: what is too much.
        every: seconds between two looks.
    """

    def __init__(self, pid: int, handle: int, bounds: Bounds, every: float):
        self.reason = ""
        self._pid = pid
        self._handle = os.dup(handle)
        self._bounds = bounds
        self._every = every
        self._stopped = threading.Event()
        self._thread = threading.Thread(
            target=self._look_on, name="sandbox-watch", daemon=True
        )

    def start(self) -> None:
        """Begins to look."""
        self._thread.start()

    def stop(self) -> None:
        """Ends looking; may be called more than once."""
        self._stopped.set()
        self._thread.join()
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1

    def _look_on(self) -> None:
        while not self._stopped.wait(self._every):
            self.reason = self._excess()
            if self.reason:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._handle, signal.SIGKILL)
                return

    def _excess(self) -> str:
        bounds = self._bounds
        if not _sockets(bounds.channels):
            return "it wrote where only its channels belong"
        written = 0
        for folder in bounds.folders:
            try:
                state = os.statvfs(folder)
            except OSError:
                continue
            written += (state.f_blocks - state.f_bfree) * state.f_frsize
            if state.f_files - state.f_ffree > bounds.files:
                return f"it made more than {bounds.files} files"
        if memory(self._pid, bounds.memory - written) + written > bounds.memory:
            return f"it used more than {bounds.memory / 2**30:.3g} GB of memory"
        return ""


def _sockets(folder: Path) -> bool:
    """Whether a folder has some sockets in it, and nothing else."""
    with contextlib.suppress(FileNotFoundError):
        found = list(folder.iterdir())
        return len(found) <= _CHANNELS and all(
            stat.S_ISSOCK(path.lstat().st_mode) for path in found
        )
    return True


def memory(pid: int, enough: int) -> int:
    """Bytes that a process and its descendants hold.

    Pages that several share count once. That takes time to find out, so it is done
    only if more than `enough` bytes come out when they count for each.
    """
    pids = [pid, *descendants(pid)]
    resident = sum(_resident(each) for each in pids)
    if resident <= enough:
        return resident
    return sum(_proportional(each) for each in pids)


def descendants(pid: int) -> Iterator[int]:
    """The processes below one."""
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield int(child)
                yield from descendants(int(child))


def first_inside(pid: int) -> int:
    """The first process of the innermost namespace at or below a process.

    Raises:
        ProcessLookupError: if there is none.
    """
    for each in (*reversed([*descendants(pid)]), pid):
        try:
            status = Path(f"/proc/{each}/status").read_text()
        except OSError:
            continue
        numbers = status.partition("NSpid:")[2].partition("\n")[0].split()
        if len(numbers) > 1 and numbers[-1] == "1":
            return each
    raise ProcessLookupError(pid)


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except OSError:
        return 0


def _proportional(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    return _resident(pid)
