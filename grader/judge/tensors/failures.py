"""Says why a call of a function on tensors failed."""

from grader.judge.failures.explain import Explanation, explain
from grader.judge.tensors.functions import TensorFunction
from grader.judge.tensors.reading import CapturedCall


def failure(
    function: TensorFunction, call: CapturedCall, *, told: bool = True
) -> Explanation:
    """Says why a call failed, and where to look.

    Args:
        function: its table.
        call: with a failure.
        told: whether the error's own message may be shown; it can hold arguments.
    """
    assert call.failure is not None
    several = len(function.returns) > 1
    returns = " and ".join(function.returns) if several else "a tensor"
    return explain(function.name, call.failure[1], returns=returns, told=told)


def because(message: str, look: str, failed: Explanation) -> Explanation:
    """Puts what made a call fail before how it failed.

    Args:
        message: says what differs, a sentence.
        look: where that is.
        failed: how the call failed.
    """
    if failed.look.startswith("Line "):
        look = f"{look} The error comes in line {failed.look.removeprefix('Line ')}"
    text = f"{message} With that, {failed.brief}."
    return Explanation(text, look, begins=message.removesuffix("."))
