"""A kernel that was forked, as the grader holds it."""

import contextlib
import os
import signal
import socket
from pathlib import Path

from grader.sandbox.pipes import readable_in

#: seconds for a word of the parent's, and until a kernel that was killed has ended
_ANSWER_LIMIT = _END_LIMIT = 10.0


class NoParent(Exception):
    """No warm kernel can be had; the message says why."""


class Forked:
    """A kernel that is no child of this process, as Jupyter looks at one that is.

    It runs nothing before `go`, and ends with this process.

    Args:
        handle: of the first process of its sandbox.
        pid: the number of that.
        line: where it is told that it may go on; it ends once that is closed.
    """

    stdin = stdout = stderr = None

    def __init__(self, handle: int, pid: int, line: socket.socket):
        self.handle = handle
        self.pid = pid
        self.returncode: int | None = None
        self._line = line

    def go(self) -> None:
        """Lets it go on.

        Raises:
            NoParent: if it is not certain that it does.
        """
        self._line.settimeout(_ANSWER_LIMIT)
        try:
            self._line.send(b"go")
            said = self._line.recv(16)
        except OSError as error:
            raise NoParent(f"a kernel could not be told to go on: {error}") from error
        if said != b"went":
            raise NoParent("a kernel ended before it was told to go on")

    def end(self) -> None:
        """Ends it, and waits until it has ended."""
        self.send_signal(signal.SIGKILL)
        self.wait()

    def poll(self) -> int | None:
        """Whether it ended; how, only its parent knows."""
        if self.returncode is None and readable_in(self.handle, 0):
            self._over()
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Waits until it has ended."""
        if self.returncode is None:
            readable_in(self.handle, _END_LIMIT if timeout is None else timeout)
            self._over()
        return self.returncode or 0

    def send_signal(self, number: int) -> None:
        """Sends a signal to the first process, if it is there."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.handle, number)

    def _over(self) -> None:
        self._line.close()
        os.close(self.handle)
        self.returncode = -signal.SIGKILL


def pid_of(handle: int) -> int:
    """The number of a process that a handle is of; 0 if it is gone."""
    lines = Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines()
    found = [line.split()[1] for line in lines if line.startswith("Pid:")]
    return max(0, int(found[0])) if found else 0
