"""The parent of warm kernels: imports what a kernel needs, and is forked for each.

It runs in a sandbox of its own, with what a kernel sees and a folder of what kernels
are handed, and runs no student's code. What it does:

1. It makes itself unreadable, imports, and looks whether it is fit to be forked.
2. For each request it forks at once, and reads nothing of it: what one kernel is told
   is never in the memory that the next one starts from.
3. The fork makes a kernel, and hands a handle of that to the grader; see `birth`.

As `start.py`, it is started as a file, and so are those that it imports; its arguments
are the number of a socket and the modules to import, as JSON.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import socket
import sys

from birth import deliver
from confined import DUMPABLE
from fitness import unfit
from forking import in_fork
from large import use_large_pages
from libc import control


def main() -> None:
    """Imports, says how that went, and serves until the grader is gone."""
    asked = socket.socket(fileno=int(sys.argv[1]))
    control("dumpable", DUMPABLE, 0)
    for name in json.loads(sys.argv[2]):
        importlib.import_module(name)
    _end_idle_threads()
    if problem := unfit():
        asked.send(problem.encode())
        return
    gc.collect()
    gc.freeze()
    use_large_pages()
    # Keras's objects are many and few of them garbage: seldom is often enough
    gc.set_threshold(10_000, 10, 10)
    asked.send(b"up")
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        word, numbers, _, _ = socket.recv_fds(asked, 1, 1)
        if not word:
            os._exit(0)
        if not numbers:
            asked.send(b"here")
        for number in numbers:
            _make(number, asked)
            os.close(number)


def _make(number: int, asked: socket.socket) -> None:
    """Forks for a request, whose socket has this number."""
    try:
        pid = os.fork()
    except OSError as error:
        # too many processes, or too little memory: that may pass
        os.set_blocking(number, False)
        with contextlib.suppress(OSError):
            os.write(number, f"no fork could be made: {error}".encode())
        return
    if not pid:
        asked.close()
        in_fork(deliver, number)


def _end_idle_threads() -> None:
    """Forks for nothing: OpenBLAS ends its threads then, until there is work again."""
    pid = os.fork()
    if not pid:
        os._exit(0)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
