"""What differs between a captured graph and its specification."""

from dataclasses import dataclass
from typing import Any

#: What is asked of a layer too many behind the last one of the specification.
AFTER = "after"


@dataclass(frozen=True)
class Difference:
    """One difference, before it has a price.

    Attributes:
        kind: "attr", "name", "missing", "extra", "moved", "kind", "wiring",
            "order", "shared", "weight" or "repeated".
        node: the specification's node that it is about; for "extra" the node
            that comes after it, the last one if none does (`asked` is `AFTER`), or one
            of the stage that a block is of.
        attr: the hyperparameter or variable, for "attr" and "weight"; "block" for a
            block too many in a stage, or one too few that is to be written out.
        asked: what the specification says.
        found: what was found.
        own: label of the captured layer.
        twin: for "name" the label of the layer that has the found name already; for a
            block too many that of the layer after it.
        hidden: whether the layer's work cannot be seen (Lambda, own classes).
        composed: whether what was found is no layer but operations.
        place: number of a captured layer that stands for none, among the operations
            that were captured.
        idle: whether the layer that is missing was built, and leads nowhere.
    """

    kind: str
    node: int
    attr: str = ""
    asked: Any = None
    found: Any = None
    own: str = ""
    twin: str = ""
    hidden: bool = False
    composed: bool = False
    place: int = -1
    idle: bool = False

    @property
    def is_call_too_many(self) -> bool:
        """Whether it is the call of another function, and of no stage."""
        return self.kind == "extra" and self.found == "Block" and self.attr != "block"

    @property
    def is_block_too_many(self) -> bool:
        """Whether it is the call of a block that its stage has too many."""
        return self.kind == "extra" and self.attr == "block"


def changes_shapes(difference: Difference) -> bool:
    """Whether a difference changes shapes, and so may explain a call that fails."""
    if difference.kind in ("missing", "extra"):
        kept = ("Activation", "BatchNormalization")
        return (difference.asked or difference.found) not in kept
    if difference.kind in ("name", "weight"):
        return False
    return difference.attr not in ("axis", "use_bias")
