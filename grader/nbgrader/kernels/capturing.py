"""Runs what was sliced from a submission in kernels, and captures its functions."""

import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any

from grader.judge.failures.explain import meaning
from grader.nbgrader.kernels.channel import LONGEST, unreadable
from grader.nbgrader.kernels.channel import read as read_capture
from grader.nbgrader.kernels.graded import Capture
from grader.nbgrader.kernels.kernel import Kernel, Outcome
from grader.nbgrader.notebook import magics
from grader.nbgrader.notebook.slice import Slice
from grader.report import Failure

MIME_TYPE = "application/vnd.resnet-course.capture+json"
#: Seconds for a statement where all cells run, because the slice was not enough.
WHOLE_STATEMENT = 10.0
_UNDEFINED = re.compile(r"name '(\w{1,60})' is not defined")
_LACKING = ("NameError", "KeyError", "IndexError", "AttributeError")

OpenKernel = Callable[[], AbstractContextManager[Kernel]]


@dataclass(frozen=True)
class Limits:
    """Seconds for a statement, for a graded function, and for the submission."""

    statement: float = 60.0
    capture: float = 120.0
    submission: float = 600.0


def may_lack_code(captured: Capture) -> bool:
    """Whether a function fails as one does whose surroundings were not run."""
    if isinstance(captured, Failure):
        return False
    if captured.get("status") == "undefined":
        return True
    return _first_error(captured).get("type") in _LACKING


def _first_error(captured: Mapping[str, Any]) -> dict[str, Any]:
    """What the first call of a capture raised, as it was written down."""
    calls = captured.get("calls")
    first = calls[0] if isinstance(calls, list) and calls else None
    error = first.get("error") if isinstance(first, dict) else None
    return error if isinstance(error, dict) else {}


def _undefined_in(message: Any) -> str:
    """The name that a NameError's message says is not defined; empty if none."""
    found = _UNDEFINED.match(str(message))
    return found[1] if found else ""


def capture_all(
    sliced: Slice,
    challenges: Mapping[str, dict[str, Any]],
    ends: Mapping[str, int],
    open_kernel: OpenKernel,
    run: "Run",
) -> dict[str, Capture]:
    """Captures one function after the other; a lost kernel is replaced by a new one.

    Args:
        sliced: what to run.
        challenges: by function.
        ends: the cell after which a function is captured, as its test cells see it;
            at the end where there is none.
        open_kernel: starts a kernel.
        run: where to stop waiting.

    Raises:
        MachineFault: if no kernel comes up: nothing of a submission runs before.
    """
    captures: dict[str, Capture] = {}
    last = max((step.cell for step in sliced.steps), default=0)
    pending = sorted(challenges, key=lambda name: ends.get(name, last))
    while pending:
        with open_kernel() as kernel:
            done = 0
            while pending:
                name = pending[0]
                done = run.prepare(kernel, sliced, done, ends.get(name, last))
                if done < 0:
                    break
                captures[name], lost = run.capture(kernel, name, challenges[name])
                pending.pop(0)
                if lost:
                    break
    return captures


class Run:
    """The clock of a submission, and which of its statements did not work."""

    def __init__(self, limits: Limits, end: float | None = None):
        self._limits = limits
        self._end = time.monotonic() + limits.submission if end is None else end
        self._stopped: dict[int, Outcome] = {}
        self._raised: dict[str, Outcome] = {}
        self._stars: dict[str, Outcome] = {}

    def again(self) -> "Run":
        """Another round of the same submission, on the same clock."""
        return Run(self._limits, self._end)

    def quick(self) -> "Run":
        """Another round, in which no statement takes long."""
        statement = min(self._limits.statement, WHOLE_STATEMENT)
        return Run(replace(self._limits, statement=statement), self._end)

    def prepare(self, kernel: Kernel, sliced: Slice, start: int, end: int) -> int:
        """Runs steps from number `start` on, up to those of cell `end`.

        What stopped once stays out. Returns the number of the next step, or -1 if the
        kernel was lost.
        """
        for index in range(start, len(sliced.steps)):
            step = sliced.steps[index]
            if step.cell > end:
                return index
            if index in self._stopped:
                continue
            seconds = self._seconds(self._limits.statement)
            outcome = kernel.run(step.source, seconds) if seconds else _LATE
            if outcome.status != "ok":
                self._raised |= dict.fromkeys(step.binds, outcome)
                if step.star:
                    self._stars[magics.shown(step.text)] = outcome
            if outcome.status == "timeout" or outcome.lost:
                self._stopped[index] = outcome
            if outcome.lost:
                return -1
        return len(sliced.steps)

    def capture(
        self, kernel: Kernel, name: str, challenge: dict[str, Any]
    ) -> tuple[Capture, bool]:
        """Captures a function; also tells whether the kernel was lost."""
        nonce = secrets.token_hex(16)
        code = (
            "from grader.capture import publish; "
            f"publish({json.dumps(challenge)!r}, {nonce!r}, {LONGEST})"
        )
        seconds = self._seconds(self._limits.capture)
        outcome = kernel.run(code, seconds, MIME_TYPE) if seconds else _LATE
        return self._read(name, outcome, nonce), outcome.lost

    def lost(
        self, captures: Mapping[str, Capture], sliced: Slice, given: frozenset[str]
    ) -> frozenset[str]:
        """Names of the lesson that a submission lost, if a function lacks one."""
        lost = frozenset(
            name
            for name in sliced.refers & given
            if name not in sliced.bound or name in self._raised
        )
        lacking = {self._lacking(name, each) for name, each in captures.items()}
        return lost if lacking & lost else frozenset()

    def _lacking(self, name: str, captured: Capture) -> str:
        """The name that a function or its definition did not find; empty if none."""
        if isinstance(captured, Failure):
            return ""
        if captured.get("status") == "undefined" and name in self._raised:
            message = self._raised[name].message.removeprefix("NameError: ")
            return _undefined_in(message)
        return _undefined_in(_first_error(captured).get("message"))

    def why_lacking(
        self, name: str, captured: Capture, sliced: Slice
    ) -> Failure | None:
        """Why a name is lacking that a capture says is not defined."""
        if isinstance(captured, Failure):
            return None
        lacking = name
        if captured.get("status") != "undefined":
            lacking = _undefined_in(_first_error(captured).get("message"))
            if not lacking:
                return None
        broken = self._raised.get(lacking)
        if broken and lacking == name:
            # Its definition was reached and did not work.
            return self._failure(name, broken)
        if broken:
            kind, _, message = broken.message[:300].partition(": ")
            words = meaning(kind, message).text
            failed = f"{words} ({kind})" if words else f"failed: {broken.message[:300]}"
            why = f"the statement that defines it {failed}"
        elif lacking in sliced.hidden:
            why = sliced.hidden[lacking]
        elif self._stars:
            line, outcome = next(iter(self._stars.items()))
            how = outcome.message[:300].rstrip(".") or "it did not end"
            beside = "Was the file handed in beside the notebook?"
            why = f"`{line}` did not work: {how}. {beside}"
        else:
            return None
        uses = "" if lacking == name else f"uses {lacking}, which "
        stop = "" if why[-1:] in "?!." else "."
        brief = f"{name} {uses}is not defined"
        return Failure("raised", f"{brief}: {why}{stop}", brief)

    def _seconds(self, limit: float) -> float:
        return max(0.0, min(limit, self._end - time.monotonic()))

    def _read(self, name: str, outcome: Outcome, nonce: str) -> Capture:
        if outcome.status != "ok":
            return self._failure(name, outcome)
        sent = [
            display
            for display in outcome.displays
            if isinstance(display, dict) and display.get("nonce") == nonce
        ]
        if len(sent) != 1 or set(sent[0]) != {"nonce", "capture"}:
            return unreadable(name)
        return read_capture(name, sent[0]["capture"])

    def _failure(self, name: str, outcome: Outcome) -> Failure:
        if outcome is _LATE:
            limit = f"{self._limits.submission:.0f} seconds"
            message = f"{name} was not run: the notebook had used up its {limit}."
            return Failure("timeout", message)
        if outcome.status == "timeout":
            limit = f"{self._limits.capture:.0f} seconds"
            brief = f"{name} did not end by itself: it was stopped after {limit}"
            message = f"{brief}. Is there an endless loop?"
            return Failure("timeout", message, brief)
        if outcome.lost:
            return Failure("died", f"{name} was stopped: {outcome.message}.")
        brief = f"{name} could not be run"
        return Failure("raised", f"{brief}: {outcome.message}", brief)


_LATE = Outcome("timeout", "late")
