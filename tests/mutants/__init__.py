"""Wrong versions of the solution, made from it one fault at a time.

`python -m tests.mutants` judges them all and prints those whose marks are wrong;
`--seeds 200` does so under that many challenges, `--every 8` takes a sample,
`--verbose` shows each first finding. `tests/test_mutants.py` takes a sample, too.
"""

from tests.mutants.collection import all_mutants
from tests.mutants.mutant import Limit, Mutant
from tests.mutants.outcome import Outcome, judge_source, problems

__all__ = ["Limit", "Mutant", "Outcome", "all_mutants", "judge_source", "problems"]
