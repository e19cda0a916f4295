"""What the capture of a PyTorch module tells beside its graph."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.judge.claim import Claim
from grader.judge.finding import Finding
from grader.judge.strict import CaptureError
from grader.judge.words import counted

#: Parameters that are looked at.
_MOST = 50
_PRICE = 2.0
IMPLICIT_NOTE = (
    "nn.Softmax is made without dim: PyTorch guesses the axis, and warns. Here it "
    "guesses right; dim=1 says it."
)


@dataclass(frozen=True)
class Module:
    """A module beside its graph.

    Attributes:
        unused: names of parameters that the forward pass never comes to.
        numbers: how many numbers these hold.
        implicit: whether PyTorch guessed the axis of a softmax.
    """

    unused: tuple[str, ...] = ()
    numbers: int = 0
    implicit: bool = False


NO_MODULE = Module()


def read_module(call: Mapping[str, Any]) -> Module:
    """Reads what a call of a module's forward pass left.

    Raises:
        CaptureError: if it is not of the right form.
    """
    graph = call.get("graph")
    if not isinstance(graph, Mapping):
        return NO_MODULE
    listed = graph.get("unused", [])
    if not isinstance(listed, list):
        raise CaptureError("the unused parameters are not a list")
    names, numbers = [], 0
    for item in listed[:_MOST]:
        if type(item) is not dict or type(item.get("size")) is not int:
            raise CaptureError("an unused parameter without its size")
        numbers += item["size"]
        names.append(str(item.get("name"))[:80])
    return Module(tuple(names), numbers, graph.get("implicit_dim") is True)


def unused(function: str, call: str, module: Module) -> Finding:
    """Says which layers the forward pass never comes to.

    Args:
        function: the learner's.
        call: id of the call that shows it.
        module: what was captured of it.
    """
    names = (name.rpartition(".")[0] for name in module.unused[:6])
    layers = ", ".join(dict.fromkeys(names))
    message = (
        f"{layers}: the forward pass never comes to these parameters "
        f"({counted(module.numbers, 'number')}); the specification has no such layer."
    )
    sentence = "The module has the parameters of the specification, and no others."
    look = "Compare __init__ with forward."
    said = Claim("unused", call, layers, captured=module.unused)
    return Finding(
        f"{function}-layers", _PRICE, layers, sentence, message, look, (said,)
    )
