"""Sends a capture out of the kernel, as one display of an own type."""

import json
import math
from collections import Counter
from typing import Any

from grader.capture.run import capture

MIME_TYPE = "application/vnd.resnet-course.capture+json"
#: Parts of a call that have parts of their own.
_NESTED = ("graph", "runs", "recorded", "real")


def publish(challenge: str, nonce: str, longest: int) -> None:
    """Captures from the kernel's user names and displays the result.

    Args:
        challenge: a lesson's challenge, as JSON text.
        nonce: goes back with the capture, so that the reader knows which it is.
        longest: how many characters the reader takes.
    """
    from IPython.core.getipython import get_ipython
    from IPython.display import display

    shell = get_ipython()
    if shell is None:
        raise RuntimeError("publish() sends to a notebook server: run it in a kernel")
    captured = capture(json.loads(challenge), shell.user_ns)
    # As text: the reader parses it by rules of its own.
    text = to_text(captured, longest)
    display({MIME_TYPE: {"nonce": nonce, "capture": text}}, raw=True)


def to_text(captured: dict[str, Any], longest: int) -> str:
    """Writes a capture as the reader takes it.

    Args:
        captured: what `capture` returned.
        longest: how many characters the reader takes. Of a longer capture the size is
            told, and which part takes most of it.

    Returns:
        JSON without NaN and infinities, which become null.
    """
    text = json.dumps(_finite(captured), allow_nan=False)
    if len(text) <= longest:
        return text
    refused = {"function": captured["function"], "status": "too_large"}
    part = _largest_part(captured.get("calls", []))
    return json.dumps({**refused, "size": len(text), "part": part})


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_finite(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def _largest_part(calls: list[dict[str, Any]]) -> str:
    """The part of the calls that takes most characters, such as "operations"."""
    sizes: Counter[str] = Counter()
    left = list(calls)
    while left:
        for name, value in left.pop().items():
            if name in _NESTED and isinstance(value, dict):
                left.append(value)
            else:
                sizes[name] += len(json.dumps(value))
    return max(sizes, key=sizes.__getitem__, default="")
