"""Wrong versions of the solutions lose what the price lists say.

The whole: `python -m tests.lessons`; here a sample, of each kind of mistake.
"""

import os
from collections import defaultdict

import pytest

from grader.lessons import NAMES, get_lesson
from tests.lessons.mutant import named, problems
from tests.lessons.source import source_of

EVERY = int(os.environ.get("MUTANTS_EVERY", "96"))

pytestmark = pytest.mark.slow
each_lesson = pytest.mark.parametrize("name", NAMES)


def mutants(name):
    return source_of(name).part("mutants").MUTANTS


def strata(name, kind):
    """The mutants that can run here, by what `kind` says of each."""
    found = defaultdict(list)
    for mutant in mutants(name):
        if not get_lesson(name).lacking(mutant.function):
            found[kind(mutant)].append(mutant)
    return found.values()


def place(mutant):
    return mutant.function, mutant.checks


def sample(name):
    """Every so-manieth mutant of each check, and of the subtle ones many more."""
    chosen = [m for stratum in strata(name, place) for m in stratum[::EVERY]]
    parts = getattr(source_of(name).part("mutants"), "SUBTLE", ())
    subtle = [m for m in mutants(name) if any(part in m.id for part in parts)]
    chosen += subtle[:: -(-EVERY // 8)]
    return list({m.id: m for m in chosen}.values())


def few(every, only=lambda name, mutant: True):
    """As parameters every so-manieth mutant of each function that `only` takes."""
    return [
        pytest.param(name, mutant, id=f"{name[:2]}-{mutant.id}")
        for name in NAMES
        for stratum in strata(name, lambda mutant: mutant.function)
        for mutant in stratum[::every]
        if only(name, mutant)
    ]


def callers(name, mutant):
    """The graded functions that call a mutant's."""
    return source_of(name).callers(mutant.function)


@pytest.fixture(scope="module")
def outcomes():
    """Each mutant of the samples, under one challenge, when it is first asked for."""
    known = {}

    def judged(name):
        if name not in known:
            judge = source_of(name).judge
            known[name] = [
                (m, judge(m.function, m.source, "sample")) for m in sample(name)
            ]
        return known[name]

    return judged


@each_lesson
def test_there_are_many(name):
    costly = [m for m in mutants(name) if m.costs]
    assert len(costly) >= (300 if name == NAMES[0] else 100)


@each_lesson
def test_ids_are_unique(name):
    ids = [mutant.id for mutant in mutants(name)]
    assert len(set(ids)) == len(ids)


@each_lesson
def test_marks_are_within_the_price_list(name, outcomes):
    wrong = {m.id: problems(m, outcome) for m, outcome in outcomes(name)}
    assert {mutant: found for mutant, found in wrong.items() if found} == {}


@each_lesson
def test_first_finding_names_the_change(name, outcomes):
    costly = [(m, outcome) for m, outcome in outcomes(name) if m.costs]
    silent = {m.id: outcome.first for m, outcome in costly if not named(m, outcome)}
    assert len(silent) <= 0.05 * len(costly), silent


@each_lesson
def test_nothing_charged_without_a_finding(name, outcomes):
    for mutant, outcome in outcomes(name):
        for report in outcome.reports.values():
            assert report.passed or report.findings, (mutant.id, report)


@pytest.mark.parametrize(("name", "mutant"), few(96))
def test_same_verdict_under_other_challenges(name, mutant):
    outcome = source_of(name).judge(mutant.function, mutant.source, "another")
    assert problems(mutant, outcome) == [], outcome.first


@pytest.mark.parametrize(("name", "mutant"), few(64, callers))
def test_other_functions_keep_their_marks(name, mutant):
    source = source_of(name)
    names = source.namespace(**{mutant.function: mutant.source})
    for function in callers(name, mutant):
        outcome = source.judge(function, names, "others")
        assert outcome.lost == 0, outcome.first
