"""What bubblewrap is handed and tells: pipes, and waiting for them."""

import os
import select
import time

from grader.sandbox import calls

#: Seconds until a sandbox is up: what takes longer is the machine's fault.
UP_LIMIT = 60.0


class Pipes:
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
            read_all(self._up, UP_LIMIT)
        return read_all(self._told, UP_LIMIT)


def read_all(number: int, seconds: float) -> bytes:
    """All of a pipe, or nothing if its other end is not closed in time."""
    end = time.monotonic() + seconds
    found = b""
    with os.fdopen(number, "rb", buffering=0) as pipe:
        while readable_in(number, end - time.monotonic()):
            part = pipe.read(2**16)
            if not part:
                return found
            found += part
    return b""


def readable_in(number: int, seconds: float) -> bool:
    """Whether a file descriptor, of whatever number, can be read in time."""
    waiting = select.poll()
    waiting.register(number, select.POLLIN)
    return bool(waiting.poll(max(0.0, seconds) * 1000))
