"""Wrong versions of lesson 2's functions, each with one fault.

The price lists stand in `blocks.py` (out of 25 each), `network.py` (out of 30) and
`training.py` (out of 20).
"""

from tests.lessons.training_resnets.blocks import block_mutants
from tests.lessons.training_resnets.network import network_mutants
from tests.lessons.training_resnets.training import training_mutants

MUTANTS = (*block_mutants(), *network_mutants(), *training_mutants())
