"""Wrong versions of the solution, made from it one fault at a time.

`python -m tests.mutants` judges them all and prints a table; `--seeds 200` does so
under that many challenges. `tests/test_mutants.py` takes a sample.
"""

from tests.mutants.collection import all_mutants
from tests.mutants.mutant import Limit, Mutant
from tests.mutants.outcome import Outcome, judge_source, problems

__all__ = ["Limit", "Mutant", "Outcome", "all_mutants", "judge_source", "problems"]
