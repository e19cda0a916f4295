"""Whether cells are rendered in good time: tried, in a process with a clock.

Renderers of Markdown and of code have short inputs that take them minutes, and nobody
knows all of them. Feedback renders what grading lets through, and so does formgrader,
in its server. So each text is rendered once before, by the same renderers: one that
takes too long, takes too much memory or makes too long a page is not let through.
"""

import contextlib
import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from types import FrameType
from typing import Any

from grader.nbgrader.faults import MachineFault

#: all texts have so many times the seconds of one
ALL = 5
#: characters of all pages, bytes of the process's memory
LONGEST_PAGES, MEMORY = 20_000_000, 2_000_000_000
#: seconds of a busy machine: it takes about two to import the renderers
_PATIENCE = 300

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
    command = [sys.executable, "-P", "-m", __name__]
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


class _Late(BaseException):
    """A text has used up its time; no renderer is to catch this."""


def main() -> None:
    """Reads texts from standard input and writes a line for each."""
    import resource

    seconds, texts = json.load(sys.stdin)
    kinds = {kind for kind, _ in texts}
    renderers = {kind: _RENDERERS[kind]() for kind in kinds}
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    signal.signal(signal.SIGPROF, _stop)
    print("ready", flush=True)
    left, room = ALL * seconds, LONGEST_PAGES
    for kind, source in texts:
        page, spent = _render(renderers[kind], source, min(seconds, left))
        left, room = left - spent, room - len(page or "")
        print(page is not None and left > 0 and room > 0, flush=True)


def _render(
    renderer: Callable[[str], str], source: str, seconds: float
) -> tuple[str | None, float]:
    """The page of a text, or None, and the seconds that it took."""
    if seconds <= 0:
        return None, 0.0
    page, spent = None, 0.0
    try:
        with _clock(seconds) as remaining:
            # an error would stop the page of the whole notebook
            with contextlib.suppress(Exception):
                page = renderer(source)
            spent = seconds - remaining()
    except _Late:
        return None, seconds
    return page, spent


@contextlib.contextmanager
def _clock(seconds: float) -> Iterator[Callable[[], float]]:
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield lambda: signal.getitimer(signal.ITIMER_PROF)[0]
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _stop(number: int, frame: FrameType | None) -> None:
    raise _Late


def _markdown() -> Callable[[str], str]:
    from nbconvert.filters import markdown2html

    return markdown2html


def _code() -> Callable[[str], str]:
    # what nbconvert takes for a notebook that names no language; it is slow to import
    from ipython_pygments_lexers import IPython3Lexer
    from pygments import highlight
    from pygments.formatters import HtmlFormatter

    def render(source: str) -> str:
        page: Any = highlight(source, IPython3Lexer(), HtmlFormatter())
        return page

    return render


_RENDERERS = {"markdown": _markdown, "raw": _markdown, "code": _code}

if __name__ == "__main__":
    main()
