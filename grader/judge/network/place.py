"""Where layers are put while a table is written out."""

from dataclasses import dataclass

from grader.judge.network.known import Known
from grader.judge.network.spec import Inside


@dataclass(frozen=True)
class Place:
    """Where the layers of a block lie in a network.

    Attributes:
        key: before theirs.
        where: in words; empty outside of networks.
        weight: of the block's row.
        given: whether the block is.
        known: of the block's row.
        round: key of a round.
        alike: before the keys that the layers of all rounds share.
        block: that they are of, in a network.
    """

    key: str = ""
    where: str = ""
    weight: str = ""
    given: bool = False
    known: Known | None = None
    round: str = ""
    alike: str = ""
    block: Inside | None = None


OUTSIDE = Place()
