"""nbgrader's log: into a file, with the reason of the last failure at hand."""

import contextlib
import logging
import sys
from pathlib import Path

from grader import escape


class Errors(logging.Handler):
    """Remembers why the step that runs now failed."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.forget()

    def forget(self) -> None:
        """Begins a new step."""
        self.reason = ""
        self.cause: BaseException | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Keeps the last line of a traceback, and the exception that it names."""
        self.cause = self.cause or sys.exc_info()[1]
        message = record.getMessage().strip()
        if message.startswith("Traceback"):
            self.reason = message.splitlines()[-1][:300]
        elif not self.reason:
            self.reason = message.splitlines()[0][:300] if message else ""


class _File(logging.Handler):
    """Appends to a file that is open only while a line is written.

    A course has no end at which a file that stays open could be closed.
    """

    def __init__(self, path: Path):
        super().__init__()
        self._path = path
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))

    def emit(self, record: logging.LogRecord) -> None:
        """Writes a record; grading goes on without a log that cannot be written."""
        with (
            contextlib.suppress(OSError),
            self._path.open("a", encoding="utf-8") as file,
        ):
            file.write(escape.log(self.format(record)) + "\n")


def log_file(folder: Path) -> tuple[logging.Logger, Errors]:
    """Returns a logger that writes to `folder`/logs/nbgrader.log and nowhere else."""
    logs = folder / "logs"
    logs.mkdir(parents=True, exist_ok=True)
    errors = Errors()
    # Not one of logging's registry: two courses in a process must not share it.
    logger = logging.Logger("grader.course", logging.INFO)
    logger.addHandler(_File(logs / "nbgrader.log"))
    logger.addHandler(errors)
    return logger, errors
