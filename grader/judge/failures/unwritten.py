"""What of a function is not written yet, in words.

`grader.capture.unwritten` reads it from the source of a function that gives nothing.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.judge.words import shorten


@dataclass(frozen=True)
class Unwritten:
    """What stands where a learner's code is to be.

    Attributes:
        clause: what is so, as a sentence goes on after a comma; it ends the sentence.
        look: where to look.
        brief: the clause without its end.
    """

    clause: str
    look: str
    brief: str


def unwritten(function: str, failure: Mapping[str, Any]) -> Unwritten | None:
    """Says what of a function that gave nothing is not written, if that is why.

    Args:
        function: its name.
        failure: what was captured of its call: a result, or an exception.
    """
    code = failure.get("code")
    if not isinstance(code, Mapping):
        return None
    error = failure.get("error")
    line = error.get("line") if isinstance(error, Mapping) else code.get("last")
    kind = error.get("type") if isinstance(error, Mapping) else failure.get("type")
    if kind == "NotImplementedError":
        return None
    empty = code.get("empty")
    if isinstance(empty, Mapping) and kind in ("NoneType", *_UNBOUND):
        brief = f"{function} is not written yet"
        clause = f"{brief}: nothing stands below `{_source(empty)}`."
        return Unwritten(clause, _look(empty), brief)
    message = str(error.get("message")) if isinstance(error, Mapping) else ""
    about_none = (
        str(kind).startswith("NoneType") or "None" in message or "ellipsis" in message
    )
    placeholder = _placeholder(code.get("none"), line) if about_none else None
    if placeholder is None:
        return None
    text = f"where your code belongs there is still `{_source(placeholder)}`"
    brief = f"{function} is not written to its end"
    return Unwritten(f"{brief}: {text}.", _look(placeholder), brief)


_UNBOUND = ("NameError", "UnboundLocalError")


def _placeholder(found: object, line: object) -> Mapping[str, Any] | None:
    """The line that gives None to a name which another line takes."""
    if not isinstance(found, list) or not isinstance(line, Mapping):
        return None
    number, text = line.get("number"), str(line.get("source"))
    if type(number) is not int:
        return None
    for entry in found:
        if not isinstance(entry, Mapping):
            continue
        first, until = entry.get("number"), entry.get("until")
        if type(first) is not int or first >= number:
            continue
        if until is not None and (type(until) is not int or until < number):
            continue
        if re.search(rf"\b{re.escape(str(entry.get('name')))}\b", text):
            return entry
    return None


def nothing_returned(function: str, failure: Mapping[str, Any]) -> str:
    """Says how it comes that a function returns None: a sentence."""
    code = failure.get("code")
    if not isinstance(code, Mapping) or code.get("returns") is False:
        return f"{function} returns nothing: its last line should be a `return`."
    last = code.get("last")
    if not isinstance(last, Mapping):
        return f"{function} returns nothing: it ends without coming to a `return`."
    source = _source(last)
    if source in ("return", "return None"):
        return f"{function} returns nothing: its last line is `{source}`."
    return f"{function} returns nothing: what its last line gives, `{source}`, is None."


def _source(line: Mapping[str, Any]) -> str:
    return shorten(line.get("source"), 60)


def _look(line: Mapping[str, Any]) -> str:
    return f"Line {shorten(line.get('number'), 8)} of its cell: {_source(line)}"
