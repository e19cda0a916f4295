"""Says why a function on tensors failed."""

from collections.abc import Mapping

from grader.judge import mistakes
from grader.judge.tensors import Call


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
    return mistakes.explain(function, error, told=told)
