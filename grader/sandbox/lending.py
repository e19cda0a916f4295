"""One parent of warm kernels for all graders of a machine.

The process that starts them has the parents, and lends them: it hands each request
for a kernel on to a parent, which answers the one that asked. A parent takes memory and
seconds of a processor, once and not for each.
"""

import contextlib
import json
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.sandbox.asking import Asked
from grader.sandbox.forked import NoParent
from grader.sandbox.place import make_base
from grader.sandbox.warm import Parents, Source

_LONGEST = 2**16
#: seconds for a word of one side's, and until a parent has been started
_ANSWER_LIMIT, _START_LIMIT = 10.0, 150.0


@contextlib.contextmanager
def lent(parents: Parents, extras: Sequence[str]) -> Iterator[str]:
    """Lends the parents of a run to other processes of this user.

    Args:
        parents: they are asked for by nobody else, and are closed with the block.
        extras: of the first lesson, whose parent is started at once, in a thread.

    Yields:
        Where they are to be had; see `Borrowed`.
    """
    folder = make_base(Path(tempfile.gettempdir()))
    address = folder / "parents"
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as listener:
            listener.bind(str(address))
            listener.listen()
            serving = threading.Thread(
                target=_serve, args=(listener, parents, extras), name="lending"
            )
            serving.start()
            try:
                yield str(address)
            finally:
                with contextlib.suppress(OSError):
                    listener.shutdown(socket.SHUT_RDWR)
                serving.join()
    finally:
        parents.close()
        shutil.rmtree(folder, ignore_errors=True)


def _serve(listener: socket.socket, parents: Parents, extras: Sequence[str]) -> None:
    # whoever asks when this has ended is refused at once
    with listener, contextlib.suppress(OSError):
        parents.get(extras)
        while True:
            asker, _ = listener.accept()
            with asker, contextlib.suppress(OSError, NoParent):
                asker.settimeout(_ANSWER_LIMIT)
                _answer(asker, parents)


def _answer(asker: socket.socket, parents: Parents) -> None:
    """Says where the folder of a parent is, whether it lives, or has it fork."""
    asked = json.loads(asker.recv(_LONGEST))
    if "extras" in asked:
        parent = parents.get(asked["extras"])
        asker.send(str(parent.folder if parent else "").encode())
        return
    parent = parents.current
    if parent is None or str(parent.folder) != asked["folder"] or not parent.is_alive():
        return
    asker.send(b"here")
    if asked["fork"]:
        # that a call may not wait is said of what both processes hold
        asker.setblocking(True)
        parent.hand(asker)


class Borrowed(Source):
    """The parents that another process lends.

    Args:
        address: where.
    """

    def __init__(self, address: str):
        self._address = address

    def get(self, extras: Sequence[str]) -> Asked | None:
        """A parent that lives; None where kernels have to start cold."""
        try:
            with _asked(self._address, extras=[*extras]) as line:
                line.settimeout(_START_LIMIT)
                folder = line.recv(_LONGEST).decode()
        except OSError:
            return None
        return _BorrowedParent(self._address, Path(folder)) if folder else None


class _BorrowedParent(Asked):
    def __init__(self, address: str, folder: Path):
        self._address = address
        self.folder = folder

    def is_alive(self) -> bool:
        try:
            self._ask(fork=False).close()
        except NoParent:
            return False
        return True

    def _line(self) -> socket.socket:
        return self._ask(fork=True)

    def _ask(self, *, fork: bool) -> socket.socket:
        """A line to the lender, who said that the parent is there.

        Raises:
            NoParent: if it is gone.
        """
        with contextlib.ExitStack() as stack:
            try:
                line = _asked(self._address, folder=str(self.folder), fork=fork)
                stack.enter_context(line)
                line.settimeout(_ANSWER_LIMIT)
                there = line.recv(_LONGEST) == b"here"
                line.settimeout(None)
            except OSError as error:
                raise NoParent(f"nobody lends a parent of kernels: {error}") from error
            if not there:
                raise NoParent("the parent of kernels is gone")
            stack.pop_all()
            return line


def _asked(address: str, **asked: object) -> socket.socket:
    """A line to the lender, who was asked something."""
    line = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    try:
        line.connect(address)
        line.send(json.dumps(asked).encode())
    except BaseException:
        line.close()
        raise
    return line
