"""Lesson 1's price list: what a kind of mistake is to cost, of which checks.

The numbers are those of the course's design, not what the judge happens to charge.
"""

from tests.lessons.mutant import Mutant, Price

#: equal by the verdict rule
NOTHING: Price = (0, 0, ())
#: one hyperparameter
HYPERPARAMETER: Price = (3, 8, ("layers",))
#: names
NAME: Price = (3, 8, ("layers",))
#: initial weights
WEIGHTS: Price = (1, 8, ("weights", "summary"))
#: trainable parameters
COUNT: Price = (1, 8, ("layers", "weights", "summary"))
#: training mode fixed
MODE: Price = (3, 8, ("layers", "values"))
#: a layer missing, too many, of another kind
STRUCTURE: Price = (3, 15, ("layers", "wiring", "plan"))
#: layers in another order
ORDER: Price = (3, 15, ("layers", "wiring", "plan"))
#: ReLU before the sum
EARLY_RELU: Price = (3, 8, ("layers", "wiring"))
#: shortcut forgotten or concatenated
SHORTCUT: Price = (15, 30, ("wiring",))
#: the addition without the shortcut: one slip
SHORTCUT_ONCE: Price = (15, 15, ("wiring",))
#: two values of a hyperparameter in each other's place
SWAP: Price = (6, 6, ("layers",))
#: shortcut and its layers lost
SHORTCUT_OR_LESS: Price = (8, 30, ("layers", "wiring"))
#: main path lost
NO_MAIN_PATH: Price = (15, 30, ("layers", "wiring"))
#: many layers missing
MANY: Price = (8, 30, ("layers", "wiring"))
#: part of the main path passed by
BYPASS: Price = (5, 30, ("layers", "wiring"))
#: one layer in two places
SHARED: Price = (3, 12, ("layers", "wiring"))
#: paths joined in another way
MERGE: Price = (3, 15, ("layers", "wiring"))
#: seen under other arguments only
HIDDEN: Price = (1, 8, ("values",))
#: work that cannot be seen
OPAQUE: Price = (3, 40, ("layers", "wiring", "plan", "values"))
#: one argument of a block, or a stage's names
PLAN: Price = (3, 8, ("plan",))
#: a call missing, doubled, swapped
PLAN_STRUCTURE: Price = (3, 15, ("plan",))
#: a call too many in one stage and one too few in another: two slips, 5 each
PLAN_SHIFT: Price = (10, 10, ("plan",))
#: strides of 1 in stages 3 to 5
PLAN_STRIDES: Price = (8, 15, ("plan",))
#: a stage missing
PLAN_STAGE: Price = (5, 20, ("plan",))
#: the old text's filters
OLD_TEXT: Price = (5, 12, ("plan",))
#: average pooling unnamed or padded
POOL: Price = (1, 5, ("layers",))
#: output layers
AROUND: Price = (1, 8, ("layers", "summary", "values"))
#: a function that raises or returns no network
EVERYTHING: Price = (30, 40, ())
_WHOLE = {"identity_block": 30, "convolutional_block": 30, "ResNet50": 40}


def made(identifier: str, function: str, source: str, price: Price, words: tuple[str, ...], why: str = "") -> Mutant:
    """A mutant at a price of this list; `EVERYTHING` is all of a function's points."""
    least, most, checks = price
    if price == EVERYTHING:
        least = most = _WHOLE[function]
    return Mutant(identifier, function, source, least, most, checks, words, why)
