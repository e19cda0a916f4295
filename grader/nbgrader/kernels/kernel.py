"""One kernel in which a submission's statements run, with limits on time and output.

The seam for a sandbox is what Jupyter offers: the kernel's name (a provisioner may
stand behind it) and the configuration of its manager. Whatever is started, this side
reads only how a request ended and the displays of the one type that it asked for.
"""

import os
import subprocess
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from queue import Empty
from typing import Any

import zmq
from nbformat import NotebookNode
from traitlets.config import Config

from grader.nbgrader.faults import MachineFault
from grader.nbgrader.kernels.collected import Collected
from grader.sandbox.client import START_LIMIT, BoundedClient
from grader.sandbox.manager import BoundedManager

_ALIVE_EVERY = 1.0
#: what reading raises where a submission writes into the channel itself
_NO_MESSAGE = (ArithmeticError, AttributeError, LookupError, RecursionError)
_NO_MESSAGE += (TypeError, ValueError)
_DEAF = "it did not stop when it was interrupted"
_LOST_CHANNEL = "it no longer took requests"
_NO_REPLY = "it sent something that is not a Jupyter message"
_CUT_OFF = "it wrote too much at once, or closed its channel"
_HIDDEN = ("GRADER_", "JPY_", "NBGRADER_")


@dataclass(frozen=True)
class Outcome:
    """How a request ended.

    Attributes:
        status: "ok", "error" (an exception), "timeout" (interrupted, the kernel goes
            on), "died" (the kernel is gone) or "flood" (too much output, killed).
        message: the exception, in a line.
        displays: what was displayed of the wanted type.
        outputs: streams, errors and values as a notebook keeps them, as plain text;
            only where they were asked for.
    """

    status: str
    message: str = ""
    displays: tuple[Any, ...] = ()
    outputs: tuple[NotebookNode, ...] = ()

    @property
    def lost(self) -> bool:
        """Whether the kernel can no longer be used."""
        return self.status in {"died", "flood"}


class Kernel:
    """A kernel that is started when the block is entered and gone when it is left.

    Args:
        name: of the kernel specification.
        folder: its working directory.
        config: configures the manager and what it starts.
        output_limit: how many characters one request may send.
        manager_class: what starts it; the sandbox's confines it.

    Raises:
        MachineFault: on entering, if no kernel comes up within two minutes.
    """

    #: seconds until a kernel must have come up, and until an interrupt must have worked
    start_limit = START_LIMIT
    grace = 5.0

    def __init__(
        self,
        name: str,
        folder: Path,
        config: Config,
        output_limit: int = 64_000_000,
        manager_class: Callable[..., BoundedManager] = BoundedManager,
    ):
        self._name = name
        self._folder = folder
        self._config = config
        self._output_limit = output_limit
        self._manager_class = manager_class
        self._manager: BoundedManager | None = None
        self._client: BoundedClient | None = None

    def __enter__(self) -> "Kernel":
        manager = self._manager_class(kernel_name=self._name, config=self._config)
        self._manager = manager
        try:
            manager.start_kernel(
                cwd=str(self._folder),
                env=kernel_environment(os.environ),
                # what is printed past IPython has no reader
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                extra_arguments=["--HistoryManager.hist_file=:memory:"],
            )
            client = manager.blocking_client()
            self._client = client
            client.open(self.start_limit)
        except RuntimeError as error:
            # nothing of a submission runs until the kernel is ready
            reason = getattr(manager.provisioner, "reason", "") or error
            self.__exit__()
            raise MachineFault(f"no kernel came up: {reason}") from error
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._client is not None:
            self._client.stop_channels()
            self._client = None
        if self._manager is not None:
            if self._manager.has_kernel:
                self._manager.shutdown_kernel(now=True)
            self._manager.cleanup_resources()
            self._manager = None

    def run(
        self, code: str, seconds: float, mime_type: str = "", outputs: bool = False
    ) -> Outcome:
        """Runs a text as one cell.

        Args:
            code: the text.
            seconds: after these it is interrupted.
            mime_type: type of the displays to collect; all other output is dropped.
            outputs: whether to keep the cell's outputs. It then has to be answered,
                too: an error counts that was kept from being shown.
        """
        client = self._client
        assert client is not None, "the kernel runs inside its with block"
        try:
            request = client.execute(code, store_history=True, stop_on_error=False)
        except zmq.Again:
            return self._lost("died", self._reason(_LOST_CHANNEL))
        collected = Collected(request, mime_type, outputs)
        deadline = time.monotonic() + seconds
        interrupted = cut_off = False
        while not collected.idle:
            left = deadline - time.monotonic()
            if left <= 0 and interrupted:
                return self._lost("died", _DEAF)
            if left <= 0:
                interrupted = True
                deadline = time.monotonic() + self.grace
                self._interrupt()
                continue
            try:
                silent = not self._read(client, min(left, _ALIVE_EVERY), collected)
            except _NO_MESSAGE:
                return self._lost("died", _NO_REPLY)
            if silent and not client.is_alive():
                return self._lost("died", self._reason())
            if silent and cut_off:
                return self._lost("flood", _CUT_OFF)
            # A kernel that dies is cut off, too: the next look tells which it was.
            cut_off = silent and client.cut_off
            if collected.size > self._output_limit:
                return self._lost("flood", "it printed too much")
        if outputs:
            try:
                collected.answer(self._reply(client, request))
            except _NO_MESSAGE:
                return self._lost("died", _NO_REPLY)
        if interrupted:
            return Outcome("timeout")
        status = "error" if collected.error else "ok"
        return Outcome(
            status,
            collected.error,
            tuple(collected.displays),
            tuple(collected.outputs),
        )

    def _reply(self, client: BoundedClient, request: str) -> dict[str, Any]:
        """What the kernel answered to a request; empty where no answer comes."""
        deadline = time.monotonic() + self.grace
        while (left := deadline - time.monotonic()) > 0:
            try:
                message = client.get_shell_msg(timeout=left)
            except Empty:
                break
            if message["parent_header"].get("msg_id") == request:
                return message["content"]
        return {}

    def _read(
        self, client: BoundedClient, seconds: float, collected: Collected
    ) -> bool:
        """Takes a message; false if none comes."""
        try:
            collected.add(client.get_iopub_msg(timeout=seconds))
        except Empty:
            return False
        return True

    def _interrupt(self) -> None:
        assert self._manager is not None
        if self._manager.has_kernel:
            self._manager.interrupt_kernel()

    def _reason(self, otherwise: str = "the process that ran it ended") -> str:
        """Why the kernel is gone; a sandbox knows whether it ended it."""
        provisioner = self._manager.provisioner if self._manager else None
        return getattr(provisioner, "reason", "") or otherwise

    def _lost(self, status: str, message: str) -> Outcome:
        self.__exit__()
        return Outcome(status, message)


def kernel_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """Returns the variables that a submission's kernel sees.

    The course secret is not among them, nor is what would tie the kernel to a
    Jupyter server that grades from its own process. That the notebook is graded is
    told as nbgrader tells it.
    """
    kept = {
        name: value
        for name, value in environment.items()
        if not name.startswith(_HIDDEN)
    }
    fixed = {"MPLBACKEND": "Agg", "NBGRADER_EXECUTION": "autograde"}
    return {"TF_CPP_MIN_LOG_LEVEL": "3", **kept, **fixed}
