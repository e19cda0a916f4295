"""Wrong versions of lesson 2's functions, each with one fault.

The price lists stand in `blocks.py` (out of 25 each), `network.py` (out of 30) and
`training.py` (out of 20).
"""

from tests.lessons.lesson_02.blocks import block_mutants
from tests.lessons.lesson_02.network import network_mutants
from tests.lessons.lesson_02.training import training_mutants

MUTANTS = (*block_mutants(), *network_mutants(), *training_mutants())
