"""How far a download is, shown by rich and told by pooch."""

from __future__ import annotations

from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TransferSpeedColumn,
)


class DownloadBar:
    """A bar that pooch can move: it sets `total` and calls the three methods.

    Args:
        console: where to show it; nothing is shown where no one looks on.
    """

    def __init__(self, console: Console) -> None:
        columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn())
        self._progress = Progress(
            *columns, console=console, disable=not console.is_terminal
        )
        self._task = self._progress.add_task("", total=None)
        self._total = 0

    def __enter__(self) -> DownloadBar:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    @property
    def total(self) -> int:
        """Bytes to come; 0 where the server does not say."""
        return self._total

    @total.setter
    def total(self, count: int) -> None:
        self._total = count
        self._progress.update(self._task, total=count or None)

    def update(self, count: int) -> None:
        """So many bytes more."""
        self._progress.advance(self._task, count)

    def reset(self) -> None:
        """All are here: they are counted once more in one go."""
        if self._total:
            self._progress.update(self._task, completed=0)

    def close(self) -> None:
        """No more will come."""
