"""Whether a process that has imported what kernels need can be forked for them."""

import sys
from pathlib import Path


def unfit() -> str:
    """Why this process cannot be forked; empty if it can."""
    threads = len(list(Path("/proc/self/task").iterdir()))
    if threads > 1:
        return f"an import started {threads - 1} threads"
    for line in Path("/proc/self/maps").read_text().splitlines():
        rights = line.split()[1]
        if rights[1] == "w" and rights[3] == "s":
            return f"an import made memory that forks share: {line}"
    # what makes TensorFlow's or Keras's generators computes, too
    eager = sys.modules.get("tensorflow.python.eager.context")
    context = getattr(eager, "_context", None)
    if context is not None and context._context_handle is not None:
        return "an import made TensorFlow compute"
    return ""
