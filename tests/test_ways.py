"""What a lesson says of a function is checked where it is said."""

from dataclasses import replace

import pytest

from grader.judge.values import Slip
from grader.lessons import get_lesson
from grader.lessons.family_counts import MULTIPLY_ADDS, PARAMETERS
from grader.lessons.training_resnets import TASK


def test_a_slip_that_the_count_does_not_know():
    with pytest.raises(ValueError, match=r"no options .'kernel'"):
        replace(PARAMETERS, slips=(Slip({"kernel": False}, "kernels are left out"),))


def test_a_training_without_one_of_its_sentences():
    rest = {kind: r for kind, r in TASK.requirements.items() if kind != "loss"}
    with pytest.raises(ValueError, match=r"differ from KINDS.*'loss'"):
        replace(TASK, requirements=rest)


def test_a_count_costs_no_more_than_its_points():
    lesson = get_lesson("04_resnet_family")
    for counting in (PARAMETERS, MULTIPLY_ADDS):
        own = [c.points for c in lesson.checks if c.function == counting.function]
        assert sum(own) == counting.points


def test_a_training_is_charged_to_checks_that_there_are():
    lesson = get_lesson("02_training_resnets")
    own = {c.id for c in lesson.checks if c.function == TASK.function}
    parts = {required.check for required in TASK.requirements.values()}
    assert {f"{TASK.function}-{part}" for part in parts} == own
