"""Says why a function on tensors failed."""

import re
from collections.abc import Mapping

from grader.judge import mistakes
from grader.judge.tensors import Call
from grader.judge.wording import shorten

#: What TensorFlow puts around its messages.
_NOISE = re.compile(r"\{\{.{0,200}?\}\} ?| ?\[Op:\w{1,40}\]( name:.{0,100})?")
_OWN = (
    (
        ("ncompatible shapes", "roadcastable shapes"),
        "adds tensors of different shapes. Compare strides and numbers of channels "
        "of the two paths that meet in the sum",
    ),
    (
        ("is there already with shape",),
        "asks for one variable twice, with two shapes: do two layers have one scope?",
    ),
)


def failure(function: str, call: Call, *, told: bool = True) -> tuple[str, str]:
    """Says why a call failed, and where to look."""
    assert call.failure is not None
    status, details = call.failure
    if status == "returned":
        asked = "a tensor"
        if function == "ResNet50":
            asked = "logits and predictions"
        kind = str(details.get("type"))
        return mistakes.explain_return(function, kind, asked), (
            f"The last line of {function}."
        )
    error = details.get("error")
    if not isinstance(error, Mapping):
        return f"{function} left no result that can be judged.", "Its cell."
    plain = _NOISE.sub("", str(error.get("message", "")))
    message, look = mistakes.explain(function, {**error, "message": plain}, told=told)
    for parts, words in _OWN:
        if any(part in str(error.get("message")) for part in parts):
            kind = shorten(error.get("type", "an error"), 60)
            message = f"{function} {words} ({kind})."
    return message, look
