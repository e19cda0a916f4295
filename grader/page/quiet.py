"""Cells that wait for something above them: told in a line, not in a traceback.

A function that is not written yet stops each cell that needs it, and each of those
leaves names behind that others need. The first one says what is the matter, and that is
enough. An exception of any other kind is shown as ever.
"""

import traceback
from collections.abc import Callable, Collection
from types import TracebackType
from typing import Any

from grader.definitions import bound
from grader.executed import Executed
from grader.report import CheckFailed, CheckNotRun

_WAITING = (CheckFailed, CheckNotRun, NameError, NotImplementedError)


class Quiet:
    """The remarks of a running notebook; one for each shell.

    Args:
        shell: of the notebook.
        executed: what its cells bound.
        tell: shows a sentence.
    """

    def __init__(self, shell: Any, executed: Executed, tell: Callable[[str], None]):
        self._shell = shell
        self._executed = executed
        self._tell = tell
        self._functions: frozenset[str] = frozenset()
        self._names: frozenset[str] = frozenset()
        self._lacking: dict[str, str] = {}
        self._cause = ""

    @classmethod
    def of(cls, shell: Any, executed: Executed, tell: Callable[[str], None]) -> "Quiet":
        """The one of a shell: it is registered where there is none yet."""
        for callback in shell.events.callbacks["post_run_cell"]:
            if isinstance(getattr(callback, "__self__", None), cls):
                return callback.__self__
        made = cls(shell, executed, tell)
        shell.events.register("pre_run_cell", made.begin)
        shell.events.register("post_run_cell", made.end)
        shell.set_custom_exc(_WAITING, made.caught)
        return made

    def watch(self, functions: Collection[str]) -> None:
        """Adds names of graded functions, for which cells may wait."""
        self._functions |= set(functions)

    def begin(self, info: Any) -> None:
        """Notes what a cell is to bind."""
        self._names, self._cause = bound(str(info.raw_cell)), ""

    def end(self, result: Any) -> None:
        """Notes what a cell did not bind, and why."""
        error = result.error_before_exec or result.error_in_exec
        cause = self._cause or f"ended with {_kind(error)}"
        for name in self._names:
            if error is None or name in self._shell.user_ns:
                self._lacking.pop(name, None)
            else:
                self._lacking[name] = cause
        self._names = frozenset()

    def caught(
        self,
        shell: Any,
        kind: type[BaseException],
        error: BaseException,
        trace: TracebackType,
        tb_offset: int | None = None,
    ) -> None:
        """Shows an exception of a cell: a sentence where that is enough."""
        if isinstance(error, CheckFailed) and error.quiet:
            return
        sentence = str(error) if isinstance(error, CheckNotRun) else ""
        if isinstance(error, NotImplementedError):
            sentence = self._unwritten(trace)
        elif isinstance(error, NameError):
            sentence = self._unbound(error)
        if sentence:
            self._tell(sentence)
        else:
            shell.showtraceback((kind, error, trace), tb_offset=tb_offset)

    def _unwritten(self, trace: TracebackType) -> str:
        """Says that a graded function stopped at the line that holds its place."""
        *_, (frame, _) = traceback.walk_tb(trace)
        function = self._owner(frame.f_code.co_filename)
        if not function:
            return ""
        self._cause = f"needs {function}, which is not written yet"
        return f"This cell needs {function}, which is not written yet."

    def _owner(self, filename: str) -> str:
        """The graded function whose cell a file name stands for."""
        for name in sorted(self._functions & set(self._shell.user_ns)):
            value = self._shell.user_ns[name]
            parts = vars(value).values() if isinstance(value, type) else (value,)
            codes = (getattr(part, "__code__", None) for part in parts)
            if filename in {getattr(code, "co_filename", "") for code in codes}:
                return name
        return ""

    def _unbound(self, error: NameError) -> str:
        """Says which cell was to bind a name, if one was."""
        name = getattr(error, "name", None)
        if not isinstance(name, str) or isinstance(error, UnboundLocalError):
            return ""
        cause = self._lacking.get(name, "")
        if name in self._functions:
            why = f"its cell {cause}" if cause else "run its cell first"
            self._cause = f"needs {name}, which is not defined"
            return f"This cell needs {name}, which is not defined: {why}."
        if not cause:
            return ""
        self._cause = cause
        return f"This cell needs {name}, but the cell that makes it {cause}."


def _kind(error: BaseException | None) -> str:
    kind = type(error).__name__
    return f"an {kind}" if kind[:1] in "AEIOU" else f"a {kind}"
