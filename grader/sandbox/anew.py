"""What forks share and a kernel must not: it is made anew in each."""

import os
import random
import sys
import tempfile
from pathlib import Path
from typing import Any

_HERE = str(Path(__file__).parent)


def renew() -> None:
    """Draws seeds anew, and forgets what was kept for the parent's number.

    In its own namespace a kernel may bear the same number as its parent in the
    parent's: what looks at that to see whether it was forked sees no difference.
    TensorFlow's and Keras's generators are not there before something computes; see
    `fitness`.
    """
    random.seed()
    # the random numbers that names are made of
    names: Any = tempfile
    names._name_sequence = None
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    if torch := sys.modules.get("torch"):
        torch.seed()
    if ssl := sys.modules.get("ssl"):
        # OpenSSL draws on after this from what comes of both
        ssl.RAND_add(os.urandom(32), 32.0)


def forget() -> None:
    """Forgets the modules beside this one: a student's may bear their names."""
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None) or ""
        if name != "__main__" and os.path.dirname(path) == _HERE:  # noqa: PTH120
            del sys.modules[name]
