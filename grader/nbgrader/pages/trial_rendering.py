"""The process that `rendering` starts: renders texts, and says which it could.

It is a program by itself and imports nothing of the grader's. It is forked for each
submission: its renderers start from the same state, and importing them takes time.
"""

import contextlib
import gc
import json
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from types import FrameType
from typing import Any

#: all texts have so many times the seconds of one
ALL = 5
#: a text of our own, which has something of most that there is
_FIRST = """\
# Title

def add(a, b=1.0):
    '''Adds.'''
    %timeit a
    return f"{a + b}"  # *a*

- [text](address), `code`, $x^2$ and <b>HTML</b>

| a | b |
| - | - |
| 1 | 2 |
"""
#: characters of all pages, bytes of the process's memory
LONGEST_PAGES, MEMORY = 20_000_000, 2_000_000_000


class _Late(BaseException):
    """A text has used up its time; no renderer is to catch this."""


def main() -> None:
    """Answers each line of standard input by a fork, until there are no more."""
    renderers = {kind: make() for kind, make in _RENDERERS.items()}
    for renderer in renderers.values():
        # they compile their patterns upon the first text
        renderer(_FIRST)
    gc.freeze()
    for request in sys.stdin:
        fork = os.fork()
        if not fork:
            try:
                _answer(request, renderers)
            finally:
                os._exit(0)
        os.waitpid(fork, 0)
        # the fork may have ended within a line
        print("\nend", flush=True)


def _answer(request: str, renderers: Mapping[str, Callable[[str], str]]) -> None:
    """Writes a line for each text of a request."""
    seconds, texts = json.loads(request)
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
