"""The capture that a kernel sent, read as strictly as JSON can be."""

import json
from typing import Any

from grader.report import Failure

#: Characters of a capture. The largest one of a right function has a fifth of them;
#: doubled, as in a message that escapes each, they still fit what a sandbox may send.
LONGEST = 4_000_000
#: Lists and objects that lie in one another. What the capture writes has a dozen;
#: where there are hundreds, Python's own limit would be met later on.
DEEPEST = 60
#: What takes most of a capture that is too large, in words.
_PARTS = {
    "operations": "layers and their weights",
    "nodes": "calls of layers",
    "variables": "variables",
    "changed": "variables",
    "calls": "calls of other functions",
    "steps": "steps of training",
    "fits": "calls of fit",
    "answer": "what it returns",
}


def read(function: str, text: object) -> dict[str, Any] | Failure:
    """Reads the capture of a function, or says why it cannot be read.

    Args:
        function: its name.
        text: what `grader.capture.channel.to_text` wrote, from an untrusted place.
    """
    captured = parse(text)
    if captured is None:
        return unreadable(function)
    if captured.get("status") == "too_large":
        return _too_large(function, captured)
    return captured


def parse(text: object) -> dict[str, Any] | None:
    """Reads a capture's text; None where it is no JSON object.

    A key that stands twice in one object is refused: two readers could see two
    different captures. So are NaN and infinities, which JSON does not have.
    """
    if not isinstance(text, str) or len(text) > LONGEST:
        return None
    try:
        value = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) and not _too_deep(value) else None


def _too_deep(value: dict[str, Any]) -> bool:
    """Whether more lists and objects lie in one another than are read."""
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        level = [
            value
            for outer in level
            for value in (outer.values() if type(outer) is dict else outer)
            if type(value) is dict or type(value) is list
        ]
    return bool(level)


def unreadable(function: str) -> Failure:
    """Why there is nothing to judge where a capture cannot be read."""
    return Failure("unreadable", f"What {function} built could not be read.")


def _too_large(function: str, captured: dict[str, Any]) -> Failure:
    size, part = captured.get("size"), captured.get("part")
    if type(size) is not int or not isinstance(part, str):
        return unreadable(function)
    most = _PARTS.get(part, "results")
    brief = f"What {function} built is too large to be judged"
    message = (
        f"{brief}: it takes {size:,} characters to write down, of at most "
        f"{LONGEST:,}. Most of them describe {most}."
    )
    return Failure("too_large", message, brief)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(name: str) -> Any:
    raise ValueError(f"JSON has no {name}")
