"""Ctrl-C: the first finishes what is in hand, a second stops at once."""

import signal
from collections.abc import Callable
from types import FrameType
from typing import Any


class Stop:
    """Takes Ctrl-C while its block lasts; call it to ask whether it was pressed.

    Args:
        tell: is called upon the first.
    """

    def __init__(self, tell: Callable[[], object]):
        self._tell = tell
        self._before: Any = None
        self._asked = False

    def __call__(self) -> bool:
        """Whether to begin no more."""
        return self._asked

    def __enter__(self) -> "Stop":
        self._before = signal.signal(signal.SIGINT, self._take)
        return self

    def __exit__(self, *exc_info: object) -> None:
        signal.signal(signal.SIGINT, self._before)

    def _take(self, number: int, frame: FrameType | None) -> None:
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True
        self._tell()
