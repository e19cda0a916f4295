"""How far a download or a drawing is, shown by rich."""

from __future__ import annotations

from rich.console import Console
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
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

    def __exit__(self, *exc_info: object) -> None:
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


class DrawingBar:
    """A bar that moves with each image that is drawn, and appears with the first.

    Args:
        console: where to show it; nothing is shown where no one looks on.
        total: images that are drawn where none of them is kept.
    """

    def __init__(self, console: Console, total: int) -> None:
        columns = (TextColumn("Drawing"), BarColumn(), MofNCompleteColumn())
        self._progress = Progress(
            *columns, console=console, disable=not console.is_terminal, transient=True
        )
        self._total = total
        self._task: TaskID | None = None

    def __enter__(self) -> DrawingBar:
        return self

    def __exit__(self, *exc_info: object) -> None:
        if self._task is not None:
            self._progress.stop()

    def advance(self) -> None:
        """One image more."""
        if self._task is None:
            self._task = self._progress.add_task("", total=self._total)
            self._progress.start()
        self._progress.advance(self._task)
