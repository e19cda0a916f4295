"""What a finding says of captured and expected values, as data.

Sentences are made of the same data. A test holds it against the capture, which it
reads on its own: a sentence that is not true is then found by a machine.
"""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Claim:
    """One statement on one call of a learner's function.

    Attributes:
        kind: what is said, such as "attr" or "missing".
        call: id of the call, as challenge and capture have it.
        layer: what it is about, as the report names it.
        row: key of the specification's row that it is about; "" for none.
        about: the argument, variable or the like.
        expected: what the specification asks for.
        captured: what was found.
        place: number of the layer among the operations that were captured; -1 where
            it is about none of them.
        told: whether the sentence tells the values: those of hidden calls it does not.
    """

    kind: str
    call: str = ""
    layer: str = ""
    row: str = ""
    about: str = ""
    expected: Any = None
    captured: Any = None
    place: int = -1
    told: bool = True
