"""Forks that act and end."""

import contextlib
import os
import traceback
from typing import Any, NoReturn


def in_fork(act: Any, *arguments: Any) -> NoReturn:
    """Acts, and ends this process: a fork never returns to what its parent does."""
    try:
        act(*arguments)
        os._exit(0)
    except BaseException:
        with contextlib.suppress(Exception):
            traceback.print_exc()
    finally:
        os._exit(1)
