"""A row of the tables of what exceptions mean."""

import re
from collections.abc import Callable
from dataclasses import dataclass

Words = str | Callable[[re.Match[str], str], str]


@dataclass(frozen=True)
class Cure:
    """A row.

    Attributes:
        kinds: pattern of the exception's name, in full.
        pattern: what its message has in it.
        words: what went wrong; made of the match and the line, where it is a
            function. Without words the next row is tried.
        advice: a sentence that follows, the cure, without its end; made likewise.
        quoted: whether the message is shown beside it.
    """

    kinds: str
    pattern: str
    words: Words
    advice: Words = ""
    quoted: bool = True
