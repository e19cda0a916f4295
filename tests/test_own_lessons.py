"""Lessons of one's own: the golden law, with faults that are made from their rows."""

import functools
from collections import Counter

import pytest

from grader.nbgrader.notebook.rules import broken_rules
from tests.own_lessons import installed, kinds
from tests.own_lessons.dense_block import dense_block
from tests.own_lessons.golden import Case
from tests.own_lessons.vgg import vgg

DENSE = Case(dense_block.LESSON, dense_block.DENSE_BLOCK)
STAGE = Case(vgg.LESSON, vgg.CONV_STAGE)
CLASSIFIER = Case(vgg.LESSON, vgg.CLASSIFIER)
NETWORK = Case(vgg.LESSON, vgg.VGG)
OF_KINDS = [Case(kinds.LESSON, t) for t in (kinds.INVERTED, kinds.GATE, kinds.BRANCHES)]
CASES = (DENSE, STAGE, CLASSIFIER, NETWORK, *OF_KINDS)
by_function = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@functools.cache
def judged(case):
    """The faults of a function that can be built, each with its marks."""
    found = [(fault, case.judged(fault.table)) for fault in case.faults()]
    return [(fault, outcome) for fault, outcome in found if outcome]


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
    for fault, outcome in judged(case):
        if not outcome.lost:
            if not (outcome.notes and case.harmless(fault)):
                wrong.append(f"{fault.id}: costs nothing")
        elif not case.named(fault, outcome):
            wrong.append(f"{fault.id}: {outcome.first}")
    assert wrong == []


@pytest.mark.parametrize("cases", [(DENSE,), (STAGE, CLASSIFIER, NETWORK)])
def test_there_are_a_hundred_faults_of_a_lesson(cases):
    assert sum(len(judged(case)) for case in cases) >= 100


@pytest.mark.parametrize(("module", "most"), [(vgg, 100), (dense_block, 60)])
def test_a_lesson_is_a_page(module, most):
    path = installed.HERE / module.LESSON.notebook / f"{module.LESSON.notebook}.py"
    assert len(path.read_text("utf-8").splitlines()) <= most


@pytest.mark.parametrize("lesson", [vgg.LESSON, dense_block.LESSON])
def test_its_notebook_keeps_the_rules(lesson):
    assert broken_rules(installed.notebook(lesson.notebook), lesson) == []
    assert sum(check.points for check in lesson.checks) == 100
