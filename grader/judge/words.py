"""How a report writes text that a learner wrote, values and lists."""

import difflib
import re
from collections.abc import Iterable, Sequence

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def shorten(text: object, length: int = 80) -> str:
    """Makes text that a learner wrote fit a report: one line, no control codes."""
    flat = "".join(c if c.isprintable() else " " for c in _COLOUR.sub("", str(text)))
    return flat if len(flat) <= length else flat[: length - 1] + "…"


def value(found: object) -> str:
    """Writes a hyperparameter as Python does, (2, 2) for strides and the like."""
    if isinstance(found, str):
        return repr(shorten(found))
    return shorten(found)


def counted(number: int, noun: str) -> str:
    """Writes a number of things: "1 epoch", "2 epochs"."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def names(labels: Sequence[str], most: int = 3) -> str:
    """Lists layers: the first few, and how many more."""
    listed = list(dict.fromkeys(labels))
    text = ", ".join(listed[:most])
    rest = len(listed) - most
    return f"{text} and {rest} more" if rest > 0 else text


def listed(labels: Sequence[str]) -> str:
    """Lists all: "a and b", "a, b and c"."""
    *others, last = labels
    return f"{', '.join(others)} and {last}" if others else last


def unknown(lacking: str, name: str, known: Iterable[str]) -> str:
    """Says that there is nothing of a name, and what may be meant, or what there is.

    Args:
        lacking: what there is not, as the beginning of a sentence.
        name: that there is not.
        known: the names that there are.
    """
    there = [str(each) for each in known]
    near = difflib.get_close_matches(name, there, n=1)
    if near:
        return f"{lacking} {name!r}: is {near[0]!r} meant?"
    return f"{lacking} {name!r}; there are: {', '.join(there) or 'none'}"
