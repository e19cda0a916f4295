"""A mistake with its price, in words."""

from dataclasses import dataclass

from grader.judge.claim import Claim


@dataclass(frozen=True)
class Finding:
    """One mistake.

    Attributes:
        check: the check that it is charged to, such as "identity_block-layers";
            "identity_block-" is the function as a whole.
        price: points that it costs.
        layer: the layer that it is about.
        sentence: the sentence of the specification that it breaks.
        message: what was found and what is asked.
        look: where to look.
        claims: what the message says, as data; reports do not carry it.
    """

    check: str
    price: float
    layer: str
    sentence: str
    message: str
    look: str
    claims: tuple[Claim, ...] = ()
