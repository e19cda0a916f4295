"""Says why a function on tensors failed."""

from grader.judge.failures.explain import explain
from grader.judge.tensors import Call


def failure(function: str, call: Call, *, told: bool = True) -> tuple[str, str]:
    """Says why a call failed, and where to look."""
    assert call.failure is not None
    returns = "logits and predictions" if function == "ResNet50" else "a tensor"
    failed = explain(function, call.failure[1], returns=returns, told=told)
    return failed.message, failed.look
