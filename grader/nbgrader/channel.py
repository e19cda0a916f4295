"""The capture that a kernel sent, read as strictly as JSON can be."""

import json
from typing import Any

#: characters; the largest capture of an honest function has about 200,000
LONGEST = 4_000_000


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
    return value if isinstance(value, dict) else None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(name: str) -> Any:
    raise ValueError(f"JSON has no {name}")
