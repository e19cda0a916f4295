"""Whether cells are rendered in good time: tried, in a process with a clock.

Renderers of Markdown and of code have short inputs that take them minutes, and nobody
knows all of them. Feedback renders what grading lets through, and so does formgrader,
in its server. So each text is rendered once before, by the same renderers: one that
takes too long, takes too much memory or makes too long a page is not let through.
"""

import atexit
import functools
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from grader.nbgrader.faults import MachineFault

#: seconds of a busy machine: it takes about two to import the renderers
_PATIENCE = 300

_PROGRAM = Path(__file__).with_name("trial_rendering.py")

#: the kind of a cell, and its source
Text = tuple[str, str]


def renderable(texts: Sequence[Text], seconds: float) -> list[bool]:
    """Tells for each text whether it may be rendered.

    Code is tried before other texts, and short texts before long ones: a slow text
    costs an ordinary one nothing.

    Args:
        texts: of the cells.
        seconds: of a processor that one may take; an ordinary text takes milliseconds.

    Raises:
        MachineFault: if no process can be started to find out.
    """
    if not texts:
        return []
    order = sorted(
        range(len(texts)), key=lambda n: (texts[n][0] != "code", len(texts[n][1]))
    )
    asked = json.dumps([seconds, [texts[n] for n in order]])
    try:
        lines = _renderer(os.getpid(), sys.executable).ask(asked)
    except OSError as error:
        raise MachineFault(f"a trial rendering of cells failed: {error}") from error
    if not lines or lines[0] != "ready":
        raise MachineFault("a trial rendering of cells failed: is all installed?")
    # one that ended the process, and those behind it, have no line
    found = dict(zip(order, (line == "True" for line in lines[1:]), strict=False))
    return [found.get(n, False) for n in range(len(texts))]


class Renderer:
    """A process that has imported the renderers, and is forked for each request.

    It ends with the process that asks: then its input is closed.

    Args:
        python: the interpreter.
    """

    def __init__(self, python: str):
        self._command = [python, "-P", str(_PROGRAM)]
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    def ask(self, request: str) -> list[str]:
        """What a fork answers, up to where it ended, in words.

        Raises:
            OSError: if none can be had, or it does not end in time.
        """
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self.close()
                self._process = self._start()
            try:
                return self._answer(self._process, request.encode("ascii"))
            except BaseException:
                # what it would still say is no answer to the next request
                self.close()
                raise

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Ctrl-C is for the grader, which finishes what is in hand
            start_new_session=True,
        )

    def _answer(self, process: subprocess.Popen[bytes], request: bytes) -> list[str]:
        assert process.stdin
        assert process.stdout
        process.stdin.write(request + b"\n")
        process.stdin.flush()
        waiting = select.poll()
        waiting.register(process.stdout, select.POLLIN)
        end, said = time.monotonic() + _PATIENCE, b""
        while not said.endswith(b"\nend\n"):
            left = end - time.monotonic()
            if left <= 0 or not waiting.poll(left * 1000):
                raise TimeoutError(f"no answer for {_PATIENCE} seconds")
            more = os.read(process.stdout.fileno(), 2**16)
            if not more:
                break
            said += more
        return said.decode("ascii", "replace").split()

    def close(self) -> None:
        """Ends it, and a fork that is at work."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        with suppress(OSError):
            process.communicate()


@functools.cache
def _renderer(owner: int, python: str) -> Renderer:
    """The one of a process: a fork does not share its parent's."""
    made = Renderer(python)
    atexit.register(made.close)
    return made
