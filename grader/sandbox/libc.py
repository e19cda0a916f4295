"""Calls of the system that Python has no names for; each raises where it is refused."""

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)


def control(what: str, option: int, first: int, second: int = 0) -> None:
    """Sets something of this process; see prctl(2).

    Raises:
        OSError: if the system refuses; `what` is in its message.
    """
    whole = ctypes.c_ulong
    answer = LIBC.prctl(option, whole(first), whole(second), whole(0), whole(0))
    check(what, answer)


def check(what: str, answer: int) -> None:
    """Looks at what a call answered.

    Raises:
        OSError: if it failed; `what` is in its message.
    """
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
