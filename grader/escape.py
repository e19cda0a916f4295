"""Texts that others wrote, made harmless for the place where they are shown.

The names of students and files, messages of exceptions, layer names: each is somebody
else's text. It is escaped where it is written, by the one function here for the medium.
Each of them leaves one line: what stands in a text cannot begin a line of its own.
"""

import html as _html
import re
from unicodedata import category

#: what Markdown reads as more than itself; an underscore inside a word is none
_SIGN = re.compile(r"[&<>\[\]\\`*$~|#{}^@]|:(?=//)|(?<=www)\.|(?<![^\W_])_|_(?![^\W_])")
#: without a shape of their own, they join letters in several scripts
_JOINERS = "\N{ZERO WIDTH JOINER}\N{ZERO WIDTH NON-JOINER}"
#: at the start of a field, a spreadsheet takes the field for a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def line(text: str) -> str:
    """A text as one line of what can be seen.

    White space of any kind becomes a space. Whatever else has no shape of its own is
    replaced: escape codes, bells, marks that turn the direction of writing, bytes of
    a name that are no UTF-8.
    """
    return "".join(map(_seen, text))


def is_visible(text: str) -> bool:
    """Whether each character of a text has a shape, or is a space on a line."""
    return all(_seen(c) == c or category(c) == "Zs" for c in text)


def _seen(character: str) -> str:
    if character.isprintable() or character in _JOINERS:
        return character
    return " " if character.isspace() else "\N{REPLACEMENT CHARACTER}"


def terminal(text: str) -> str:
    """A text for a line in a terminal; rich is to be handed it as `Text`."""
    return line(text)


def terminal_lines(text: str) -> str:
    """A text of ours that has several lines, each with what others wrote."""
    return "\n".join(map(terminal, text.split("\n")))


def html(text: str) -> str:
    """A text inside an element or an attribute of HTML."""
    return _html.escape(line(text))


def markdown(text: str) -> str:
    """A text in a paragraph or an item of a list in Markdown.

    Each sign is written as an entity, which never is markup; words stay readable.
    Formulas are set from what a page shows, whatever wrote it: the element's classes
    say that there is none.
    """
    signs = _SIGN.sub(lambda sign: f"&#{ord(sign[0])};", line(text))
    return f'<span class="tex2jax_ignore mathjax_ignore">{signs}</span>'


def csv(text: str) -> str:
    """A text for a field of a CSV file; the file's writer puts it in quotes.

    An apostrophe before what looks like a formula makes a spreadsheet show it.
    """
    shown = line(text)
    return f"'{shown}" if text.lstrip(" ").startswith(_FORMULA) else shown


def log(text: str) -> str:
    """A text for a log, where a traceback keeps its lines.

    No line but the first begins where a record does.
    """
    return "\n    ".join(map(line, text.split("\n")))
