"""What a lesson says of how its networks are judged, where it is not the usual way."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Policy:
    """Deviations from the usual way.

    Attributes:
        seeded: whether initial weights are those that the specification draws;
            otherwise they may be any.
        scale: of prices, which are for functions with the points of lesson 1.
        checks: last part of the check that a difference in a hyperparameter, or of a
            kind, is charged to, where it is not the usual one.
        follows: arguments of blocks that are as many as the channels that the block
            is given: where these differ, the layer before is the mistake.
        module: whether a PyTorch module is judged: its capture tells of parameters
            that its forward pass never comes to.
        may_be_large: whether a call without arguments may give a network that is too
            large to be read.
    """

    seeded: bool = True
    scale: float = 1.0
    checks: Mapping[str, str] = field(default_factory=dict)
    follows: tuple[str, ...] = ()
    module: bool = False
    may_be_large: bool = False


USUAL = Policy()
