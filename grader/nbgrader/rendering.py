"""Whether cells are rendered in good time: tried, in a process with a clock.

Renderers of Markdown and of code have short inputs that take them minutes, and nobody
knows all of them. Feedback renders what grading lets through, and so does formgrader,
in its server. So each text is rendered once before, by the same renderers: one that
takes too long, takes too much memory or makes too long a page is not let through.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from grader.nbgrader.faults import MachineFault

#: seconds of a busy machine: it takes about two to import the renderers
_PATIENCE = 300

_PROGRAM = Path(__file__).with_name("trial_rendering.py")

#: the kind of a cell, and its source
Text = tuple[str, str]


def renderable(texts: Sequence[Text], seconds: float) -> list[bool]:
    """Tells for each text whether it may be rendered.

    Code is tried before other texts, and short texts before long ones: a slow text
    costs an ordinary one nothing.

    Args:
        texts: of the cells.
        seconds: of a processor that one may take; an ordinary text takes milliseconds.

    Raises:
        MachineFault: if no process can be started to find out.
    """
    if not texts:
        return []
    order = sorted(
        range(len(texts)), key=lambda n: (texts[n][0] != "code", len(texts[n][1]))
    )
    command = [sys.executable, "-P", str(_PROGRAM)]
    try:
        done = subprocess.run(
            command,
            input=json.dumps([seconds, [texts[n] for n in order]]),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="ascii",
            timeout=_PATIENCE,
            # Ctrl-C is for the grader, which finishes what is in hand
            start_new_session=True,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise MachineFault(f"a trial rendering of cells failed: {error}") from error
    lines = done.stdout.split()
    if not lines or lines[0] != "ready":
        raise MachineFault("a trial rendering of cells failed: is all installed?")
    # one that ended the process, and those behind it, have no line
    found = dict(zip(order, (line == "True" for line in lines[1:]), strict=False))
    return [found.get(n, False) for n in range(len(texts))]
