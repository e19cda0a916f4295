"""Stand-ins for the learner's PyTorch block while a network's plan is recorded."""

# PyTorch is an extra
# pyright: reportMissingImports=false

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import nn
from torch.utils._python_dispatch import _disable_current_modes

from grader.capture.namespace import replaced
from grader.capture.standins import bind_arguments, plain_record
from grader.challenge import block_scale


class Session:
    """What the stand-ins of one call know of each other.

    Attributes:
        seed: the challenge's.
        recorder: what writes operations down just now, if anything does.
        names: of the modules, by id.
        calls: how many stand-ins there are.
        attempt: what wrote operations down last.
    """

    def __init__(self, seed: str):
        self.seed = seed
        self.recorder: Any = None
        self.attempt: Any = None
        self.names: dict[int, str] = {}
        self.calls = 0


class BlockStandIn(nn.Module):
    """Takes a block's place: the right output shape, no weights, little work.

    It computes what `grader.capture.standins.BlockStandIn` does, channels first.

    Args:
        record: how the block was made, as plain values.
        session: of the call.
    """

    def __init__(self, record: dict[str, Any], session: Session):
        super().__init__()
        place = session.calls
        session.calls += 1
        self.record = {**record, "place": place}
        self.session = session
        self.width = record["filters"][-1]
        self.scale = block_scale(session.seed, place, self.width)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Subsamples, picks and scales channels: one operation to the recorder."""
        with _disable_current_modes():
            channels = torch.arange(self.width) % x.shape[1]
            step = self.record["s"]
            scale = torch.from_numpy(self.scale).reshape(1, -1, 1, 1)
            kept = x[:, :, ::step, ::step][:, channels.to(x.device)]
            out = torch.abs(kept) * scale.to(x.device)
        recorder = self.session.recorder
        if recorder is not None:
            name = self.session.names.get(id(self), "")
            recorder.block(name, self.record, x, out)
        return out


def _globals(function: Any) -> dict[str, Any]:
    """The global names that a learner's class sees."""
    members = vars(function).values() if isinstance(function, type) else [function]
    for member in members:
        if hasattr(member, "__globals__"):
            return member.__globals__
    return {}


@contextmanager
def stand_ins(
    function: Any, signatures: Mapping[str, Mapping[str, Any]], session: Session
) -> Iterator[None]:
    """Replaces the blocks that a learner's class sees while the body runs.

    Args:
        function: the class.
        signatures: for each block its parameters, as
            `grader.capture.standins.stand_ins` takes them.
        session: of the call.
    """
    namespace = _globals(function)

    def stand_in(name: str, learners: Any) -> Callable:
        parameters = signatures[name]["parameters"]
        own = inspect.signature(learners) if learners is not None else None

        def block(*args: Any, **kwargs: Any) -> BlockStandIn:
            values = bind_arguments(own, parameters, args, kwargs)
            record = plain_record(name, signatures[name], values)
            if "stride" in record:
                record["s"] = record.pop("stride")
            return BlockStandIn(record, session)

        return block

    found = {name: namespace.get(name) for name in signatures}
    blocks = {
        name: stand_in(name, own if isinstance(own, type) else None)
        for name, own in found.items()
    }
    with ExitStack() as stack:
        stack.enter_context(replaced(namespace, blocks))
        for name, own in found.items():
            if isinstance(own, type) and issubclass(own, torch.nn.Module):
                stack.enter_context(_becoming(own, blocks[name]))
        yield


@contextmanager
def _becoming(own: type, block: Callable) -> Iterator[None]:
    """Makes a stand-in of each new object of a class while the body runs.

    A default argument, or another name, holds the class itself.

    Args:
        own: the learner's class.
        block: makes the stand-in.
    """
    original: Any = own.__init__
    inherited = "__init__" not in vars(own)

    def init(self: Any, *args: Any, **kwargs: Any) -> None:
        if type(self) is not own:
            original(self, *args, **kwargs)
            return
        made = block(*args, **kwargs)
        self.__dict__.update(vars(made))
        object.__setattr__(self, "__class__", type(made))

    own.__init__ = init
    try:
        yield
    finally:
        if inherited:
            del own.__init__
        else:
            own.__init__ = original
