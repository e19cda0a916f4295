"""Of each later lesson: wrong versions lose what they are to, right ones nothing.

All mutants: `python -m tests.lessons`; here every `MUTANTS_EVERY`-th.
"""

import os

import pytest

from grader.lessons import LESSONS
from grader.nbgrader.channel import LONGEST
from tests.lessons.mutant import named, problems
from tests.lessons.source import run, source_of
from tests.mutants.outcome import DISTANCE
from tests.mutants.source import defines

EVERY = int(os.environ.get("MUTANTS_EVERY", "12"))
LATER = list(LESSONS)[1:]
EQUIVALENTS = [
    (name, case) for name in LATER for case in source_of(name).part("equivalents").CASES
]

pytestmark = pytest.mark.slow
each_lesson = pytest.mark.parametrize("name", LATER)


def mutants(name):
    return source_of(name).part("mutants").MUTANTS


def sample(name):
    """Every so-manieth mutant of each function."""
    functions = LESSONS[name].functions
    return [
        m
        for function in functions
        for m in [m for m in mutants(name) if m.function == function][::EVERY]
    ]


@pytest.fixture(scope="module")
def outcomes():
    """Each mutant of the samples, under one challenge, when it is first asked for."""
    known = {}

    def judged(name):
        if name not in known:
            source = source_of(name)
            known[name] = {
                m.id: source.judge(m.function, m.source, "sample") for m in sample(name)
            }
        return known[name]

    return judged


@each_lesson
def test_there_are_many(name):
    assert len([m for m in mutants(name) if m.costs]) >= 100
    assert len(source_of(name).part("equivalents").CASES) >= 20


@each_lesson
def test_ids_are_unique(name):
    ids = [mutant.id for mutant in mutants(name)]
    assert len(set(ids)) == len(ids)


@each_lesson
def test_marks_are_within_the_price_list(name, outcomes):
    wrong = {m.id: problems(m, outcomes(name)[m.id]) for m in sample(name)}
    assert {mutant: found for mutant, found in wrong.items() if found} == {}


@each_lesson
def test_first_finding_names_the_change(name, outcomes):
    costly = [m for m in sample(name) if m.costs]
    told = outcomes(name)
    silent = {m.id: told[m.id].first for m in costly if not named(m, told[m.id])}
    assert len(silent) <= 0.05 * len(costly), silent


@each_lesson
def test_nothing_charged_without_a_finding(name, outcomes):
    for mutant, outcome in outcomes(name).items():
        for report in outcome.reports.values():
            assert report.passed or report.findings, (mutant, report)


@pytest.mark.parametrize(("name", "case"), EQUIVALENTS)
def test_equivalent_scores_all_points(name, case):
    """A case defines one graded function or more; the others are the solution's."""
    source = source_of(name)
    text = source.part("equivalents").CASES[case]
    names = source.namespace()
    run(text, names, "<case>")
    touched = [f for f in source.lesson.functions if defines(text, f)]
    assert touched
    for function in touched:
        outcome = source.judge(function, names, "seed 0")
        assert outcome.lost == 0, outcome.first
        assert outcome.size <= LONGEST / DISTANCE
