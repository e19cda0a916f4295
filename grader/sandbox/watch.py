"""A watch on what a sandbox's processes hold together: no limit of one shows that."""

import contextlib
import os
import signal
import stat
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

#: Jupyter has five
_CHANNELS = 20
#: Pieces of memory of all processes; with TensorFlow one has some thousand. Each is
#: memory of the kernel's, and a look takes longer.
_PIECES = 200_000
#: how the kernel names memory of no file that several processes may share
_SHARED = "/dev/zero (deleted)"
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Bounds:
    """What is too much.

    Attributes:
        memory: bytes that all processes may hold, and write into their folders.
        files: in each of the folders.
        opened: files, pipes and sockets that all processes may have open: what waits
            in them is nobody's memory.
        unread: bytes that this process may grow by, for what they send is read here.
        folders: file systems of the sandbox's own, as they are seen from outside.
        channels: the folder with the kernel's sockets, and nothing else.
    """

    memory: int
    files: int
    opened: int
    unread: int
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
        self._before = _resident(os.getpid())
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
            try:
                self.reason = self._excess()
            except Exception as error:
                # Nobody goes on unwatched.
                self.reason = f"it could not be watched ({type(error).__name__})"
            if self.reason:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(self._handle, signal.SIGKILL)
                return

    def _excess(self) -> str:
        bounds = self._bounds
        if not _sockets(bounds.channels):
            return "it wrote where only its channels belong"
        if _resident(os.getpid()) - self._before > bounds.unread:
            return "it sent more than can be read"
        pids = [self._pid, *descendants(self._pid)]
        if _opened(pids, bounds.opened) > bounds.opened:
            return f"it opened more than {bounds.opened} files"
        written = 0
        for folder in bounds.folders:
            try:
                state = os.statvfs(folder)
            except OSError:
                continue
            written += (state.f_blocks - state.f_bfree) * state.f_frsize
            if state.f_files - state.f_ffree > bounds.files:
                return f"it made more than {bounds.files} files"
        # the first runs the grader's code, and nobody else reaches its memory
        shared, pieces = _mapped(pids[1:])
        if pieces > _PIECES:
            return f"it cut its memory into more than {_PIECES} pieces"
        written += shared
        if memory(pids, bounds.memory - written) + written > bounds.memory:
            return f"it used more than {bounds.memory / 2**30:.3g} GB of memory"
        return ""


def _sockets(folder: Path) -> bool:
    """Whether a folder has some sockets in it, and nothing else."""
    try:
        found = list(folder.iterdir())
        return len(found) <= _CHANNELS and all(
            stat.S_ISSOCK(path.lstat().st_mode) for path in found
        )
    except FileNotFoundError:
        return True
    except PermissionError:
        return False


def memory(pids: Sequence[int], enough: int) -> int:
    """Bytes that processes hold.

    Pages that several share count once. That takes time to find out, so it is done
    only if more than `enough` bytes come out when they count for each.
    """
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
    """Bytes of a process's memory, and of the tables that say where it lies."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * _PAGE + _tables(pid)
    except OSError:
        return 0


def _tables(pid: int) -> int:
    status = Path(f"/proc/{pid}/status").read_text()
    found = status.partition("VmPTE:")[2].split()
    return int(found[0]) * 1024 if found else 0


def _opened(pids: Sequence[int], enough: int) -> int:
    """How much processes have open; what several inherited counts once, as memory."""
    places = [place for pid in pids for place in _descriptors(pid)]
    if len(places) <= enough:
        return len(places)
    found = set()
    for place in places:
        with contextlib.suppress(OSError):
            found.add(os.readlink(place))  # noqa: PTH115
    return len(found)


def _descriptors(pid: int) -> list[str]:
    folder = f"/proc/{pid}/fd"
    try:
        return [f"{folder}/{name}" for name in os.listdir(folder)]  # noqa: PTH208
    except OSError:
        return []


def _mapped(pids: Sequence[int]) -> tuple[int, int]:
    """Bytes of shared memory of no file, and pieces of memory, until they are too many.

    Such memory stays when a process lets go of it.
    """
    found, pieces = {}, 0
    for pid in pids:
        try:
            maps = Path(f"/proc/{pid}/maps").read_text()
        except OSError:
            continue
        pieces += maps.count("\n")
        if pieces > _PIECES:
            break
        for line in maps.splitlines() if _SHARED in maps else ():
            if line.endswith(_SHARED):
                place, _, offset, _, number, *_ = line.split()
                first, last = (int(n, 16) for n in place.split("-"))
                found[number, offset] = last - first
    return sum(found.values()), pieces


def _proportional(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024 + _tables(pid)
    except OSError:
        pass
    return _resident(pid)
