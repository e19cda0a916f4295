"""Functions that are wrong under some arguments only: caught, and at one price for all.

A few cases and students here; `python -m tests.conditional` judges all for 200.
"""

import pytest

from tests.conditional.blocks import Captures, cases, functions, network_of

#: Each so many-th case, which is another condition and another fault each time.
_EVERY = 47
_STUDENTS = ("ada", "ben", "eva")
CASES = list(cases())[::_EVERY]


def test_each_lesson_with_blocks_has_cases():
    assert {case.lesson[:2] for case in CASES} == {"01", "02", "04", "05"}


@pytest.mark.parametrize(("lesson", "function"), [*functions()])
def test_a_right_block_costs_nobody_anything(lesson, function):
    captures, table = Captures(), network_of(lesson, function).table
    lost = [
        captures.lost(lesson, function, lambda values: False, table, s)
        for s in _STUDENTS
    ]
    assert lost == [0, 0, 0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_conditional_fault_costs_each_student_the_same(case):
    costs = [case.lost(student) for student in _STUDENTS]
    assert min(costs) > 0
    assert max(costs) - min(costs) <= 1
