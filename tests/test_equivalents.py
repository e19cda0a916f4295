"""Each right version of the solution scores all points."""

import pytest

from grader.nbgrader.channel import LONGEST
from tests.equivalents import CASES
from tests.mutants.outcome import DISTANCE, judge_names
from tests.mutants.source import FUNCTIONS, defines, names_after

SEEDS = {"identity_block": 2, "convolutional_block": 2, "ResNet50": 1}


def test_there_are_many():
    assert len(CASES) >= 40


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_equivalent_scores_all_points(name):
    names = names_after(CASES[name])
    touched = [f for f in FUNCTIONS if defines(CASES[name], f)]
    assert touched
    for function in touched:
        for number in range(SEEDS[function]):
            outcome = judge_names(function, names, f"seed {number}")
            assert outcome.lost == 0, outcome.first
            assert outcome.size <= LONGEST / DISTANCE
