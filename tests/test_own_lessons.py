"""Lessons of one's own: the golden law, with faults that are made from their rows."""

from collections import Counter

import pytest

from tests.own_lessons.dense_block import dense_block
from tests.own_lessons.golden import Case
from tests.own_lessons.vgg import vgg

DENSE = Case(dense_block.LESSON, dense_block.DENSE_BLOCK)
STAGE = Case(vgg.LESSON, vgg.CONV_STAGE)
CLASSIFIER = Case(vgg.LESSON, vgg.CLASSIFIER)
NETWORK = Case(vgg.LESSON, vgg.VGG)
CASES = (DENSE, STAGE, CLASSIFIER, NETWORK)
by_function = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@by_function
def test_what_the_rows_ask_for_has_all_points(case):
    outcome = case.judged(case.table)
    assert (outcome.lost, outcome.findings, outcome.notes) == (0, [], [])


@by_function
def test_faults_have_names_of_their_own(case):
    names = Counter(fault.id for fault in case.faults())
    assert [name for name, count in names.items() if count > 1] == []


@by_function
def test_each_fault_costs_points_where_it_is_or_changes_no_number(case):
    wrong = []
    for fault in case.faults():
        outcome = case.judged(fault.table)
        if outcome is None:
            continue
        if not outcome.lost:
            if not (outcome.notes and case.harmless(fault)):
                wrong.append(f"{fault.id}: costs nothing")
        elif not case.named(fault, outcome):
            wrong.append(f"{fault.id}: {outcome.first}")
    assert wrong == []


@pytest.mark.parametrize("cases", [(DENSE,), (STAGE, CLASSIFIER, NETWORK)])
def test_there_are_a_hundred_faults_of_a_lesson(cases):
    built = [f for case in cases for f in case.faults() if case.judged(f.table)]
    assert len(built) >= 100
