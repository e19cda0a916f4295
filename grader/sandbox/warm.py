"""Warm kernels: forks of a parent that has imported what kernels import.

The parent lives as long as a run of grading, in a sandbox of its own; see `asking`, and
`parent`, which is the code in there. Each kernel has namespaces, limits and folders of
its own, the same as one that starts cold. Where no parent can be had, kernels start
cold.
"""

import contextlib
import contextvars
import functools
import logging
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from grader.sandbox.asking import Asked, Parent
from grader.sandbox.command import Jail
from grader.sandbox.environment import SCRATCH, TEMPORARY, environment
from grader.sandbox.forked import NoParent
from grader.sandbox.probe import probe
from grader.sandbox.view import Entry, view

MODULES = (
    "numpy",
    "tensorflow",
    "keras",
    "h5py",
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "ipykernel.kernelapp",
    "ipykernel.ipkernel",
    # what a kernel imports while it starts
    "ipykernel.debugger",
    "IPython.core.completerlib",
    "IPython.core.debugger",
    "IPython.core.interactiveshell",
    "IPython.core.logger",
    "IPython.core.oinspect",
    "IPython.extensions.storemagic",
    "sqlite3",
    "tornado.platform.asyncio",
    *(
        f"grader.capture{part}"
        for part in ("", ".network", ".training", ".tensors", ".values", ".answers")
    ),
)
Log = logging.Logger | logging.LoggerAdapter[Any]
_EXTRAS = {"torch": ("torch", "grader.capture.modules")}
_MEBI = 2**20
#: parents that are started in place of one that died, before kernels start cold
_MOST_DEATHS = 3


def modules(extras: Sequence[str]) -> tuple[str, ...]:
    """What the parent of a lesson's kernels imports.

    Args:
        extras: packages that the lesson needs beyond the usual, such as "torch".
    """
    return (*MODULES, *(name for each in extras for name in _EXTRAS.get(each, ())))


def inside(entry: Entry) -> Entry:
    """What is seen in a kernel's sandbox, as it is found in its parent's."""
    if entry.kind not in {"read", "write"}:
        return entry
    return replace(entry, outside=entry.inside)


class Source(ABC):
    """Where the parents of a run of grading come from.

    Attributes:
        closed: whether there are none any more.
    """

    closed = False

    @abstractmethod
    def get(self, extras: Sequence[str]) -> Asked | None:
        """A parent that lives; None where kernels have to start cold.

        Args:
            extras: packages that a lesson needs beyond the usual, such as "torch".
        """

    @contextlib.contextmanager
    def lent(self) -> Iterator[None]:
        """Lets kernels of the block be forks of these parents, which go on living."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            # a generator may be closed in another context than it was begun in
            with contextlib.suppress(ValueError):
                _CURRENT.reset(token)

    def close(self) -> None:
        """Ends what was started for it, for good."""
        self.closed = True


class Parents(Source):
    """The parents of a run of grading: one at a time, and a new one for one that died.

    Args:
        log: where it is told why kernels start cold.
        variables: of their environment, where this process has no others.

    Attributes:
        current: the one that there is.
    """

    def __init__(self, log: Log, variables: Mapping[str, str] | None = None):
        self._log = log
        self._variables = variables or {}
        self._deaths = 0
        self._modules: tuple[str, ...] = ()
        self.current: Parent | None = None

    def get(self, extras: Sequence[str]) -> Parent | None:
        """A parent that lives; None where kernels have to start cold."""
        if self.closed:
            return None
        wanted = modules(extras)
        if self.current is not None and not self.current.is_alive():
            self._deaths += 1
            self._log.warning("The parent of warm kernels ended; a new one is started.")
            self._end()
        elif self._modules != wanted:
            self._end()
        if self.current is None and self._deaths < _MOST_DEATHS:
            try:
                self.current = Parent(wanted, self._variables)
                self._modules = wanted
            except (NoParent, OSError) as error:
                self._deaths = _MOST_DEATHS
                self._log.warning("Kernels start cold: %s", error)
        return self.current

    def close(self) -> None:
        """Ends the parent, for good."""
        self.closed = True
        self._end()

    def _end(self) -> None:
        if self.current is not None:
            self.current.close()
            self.current = None


_CURRENT: contextvars.ContextVar[Source | None] = contextvars.ContextVar(
    "parents", default=None
)


@contextlib.contextmanager
def warm_kernels(log: Log) -> Iterator[None]:
    """Lets kernels of the block be warm; its parent is gone when the block is left.

    A block in a block has the parents of the outer one.
    """
    outer = _CURRENT.get()
    if outer is not None and not outer.closed:
        yield
        return
    parents = Parents(log)
    try:
        with parents.lent():
            yield
    finally:
        parents.close()


def parent_for(extras: Sequence[str]) -> Asked | None:
    """The parent of the kernels of this run; None where they start cold."""
    parents = _CURRENT.get()
    return parents.get(extras) if parents is not None else None


@functools.cache
def problem(imported: tuple[str, ...] = ("numpy",)) -> str:
    """Why kernels cannot be warm here; empty if they can. One is made, to see.

    Args:
        imported: what their parent imports.
    """
    if probe().problem:
        return probe().problem
    try:
        parent = Parent(imported)
    except (NoParent, OSError) as error:
        return str(error)
    try:
        entries = [inside(entry) for entry in view(parent.folder.parent)]
        sizes = {SCRATCH: _MEBI, TEMPORARY: _MEBI, "/dev/shm": _MEBI}
        jail = Jail(entries, environment({}), sizes, nested=probe().nested)
        places = ["/etc", SCRATCH, TEMPORARY]
        # it is not told to go on: there is nothing to be run
        parent.fork(jail, [], limits={}, places=places).end()
    except NoParent as error:
        return str(error)
    finally:
        parent.close()
    return ""
