"""What a lesson says of a function is checked where it is said."""

from dataclasses import replace

import pytest

from grader.judge.values import Slip
from grader.lessons._compile_and_fit import TASK
from grader.lessons._family_counts import PARAMETERS


def test_a_slip_that_the_count_does_not_know():
    with pytest.raises(ValueError, match=r"no options .'kernel'"):
        replace(PARAMETERS, slips=(Slip({"kernel": False}, "kernels are left out"),))


def test_a_training_without_one_of_its_sentences():
    rest = {kind: r for kind, r in TASK.requirements.items() if kind != "loss"}
    with pytest.raises(ValueError, match=r"differ from KINDS.*'loss'"):
        replace(TASK, requirements=rest)
