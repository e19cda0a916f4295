"""One wrong version of a graded function, and what it may cost."""

from dataclasses import dataclass
from enum import Enum


class Limit(Enum):
    """A kind of mistake: least and most points, and the checks that may charge it.

    The numbers are the lesson's price list, not what the judge happens to charge.
    """

    NOTHING = ("equal by the verdict rule", 0, 0, ())
    HYPERPARAMETER = ("one hyperparameter", 3, 8, ("layers",))
    NAME = ("names", 3, 8, ("layers",))
    WEIGHTS = ("initial weights", 1, 8, ("weights", "summary"))
    COUNT = ("trainable parameters", 1, 8, ("layers", "weights", "summary"))
    MODE = ("training mode fixed", 3, 8, ("layers", "values"))
    STRUCTURE = (
        "a layer missing, too many, of another kind",
        3,
        15,
        ("layers", "wiring", "plan"),
    )
    ORDER = ("layers in another order", 3, 15, ("layers", "wiring", "plan"))
    EARLY_RELU = ("ReLU before the sum", 3, 8, ("layers", "wiring"))
    SHORTCUT = ("shortcut forgotten or concatenated", 15, 30, ("wiring",))
    SHORTCUT_OR_LESS = ("shortcut and its layers lost", 8, 30, ("layers", "wiring"))
    NO_MAIN_PATH = ("main path lost", 15, 30, ("layers", "wiring"))
    MANY = ("many layers missing", 8, 30, ("layers", "wiring"))
    BYPASS = ("part of the main path passed by", 5, 30, ("layers", "wiring"))
    SHARED = ("one layer in two places", 3, 12, ("layers", "wiring"))
    MERGE = ("paths joined in another way", 3, 15, ("layers", "wiring"))
    HIDDEN = ("seen under other arguments only", 1, 8, ("values",))
    OPAQUE = ("work that cannot be seen", 3, 40, ("layers", "wiring", "plan", "values"))
    PLAN = ("one argument of a block, or a stage's names", 3, 8, ("plan",))
    PLAN_STRUCTURE = ("a call missing, doubled, swapped", 3, 15, ("plan",))
    PLAN_STRIDES = ("strides of 1 in stages 3 to 5", 8, 15, ("plan",))
    PLAN_STAGE = ("a stage missing", 5, 20, ("plan",))
    OLD_TEXT = ("the old text's filters", 5, 12, ("plan",))
    POOL = ("average pooling unnamed or padded", 1, 5, ("layers",))
    AROUND = ("output layers", 1, 8, ("layers", "summary", "values"))
    EVERYTHING = ("a function that raises or returns no network", 30, 40, ())

    @property
    def least(self) -> float:
        return self.value[1]

    @property
    def most(self) -> float:
        return self.value[2]

    @property
    def checks(self) -> tuple[str, ...]:
        return self.value[3]


@dataclass(frozen=True)
class Mutant:
    """A mutated function.

    Attributes:
        id: function, operator and place.
        function: which of the graded functions.
        source: of the function, mutated.
        limit: what it may cost; NOTHING for what the verdict rule calls equal.
        words: the first finding names one of these.
        why: what was changed, in words.
    """

    id: str
    function: str
    source: str
    limit: Limit
    words: tuple[str, ...] = ()
    why: str = ""
