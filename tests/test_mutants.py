"""Wrong versions of the solution lose points, as the price list says.

The whole: `python -m tests.mutants --jobs 2 --seeds 200`; here a sample.
"""

import os
from collections import defaultdict

import pytest

from tests.mutants import Limit, all_mutants
from tests.mutants.outcome import judge_names, judge_source, named, problems
from tests.mutants.source import FUNCTIONS, namespace

SEEDS = 3
EVERY = int(os.environ.get("MUTANTS_EVERY", "12"))


def sample(every=EVERY):
    """Every so-manieth mutant of each function and limit."""
    strata = defaultdict(list)
    for mutant in all_mutants():
        strata[mutant.function, mutant.limit].append(mutant)
    return [mutant for stratum in strata.values() for mutant in stratum[::every]]


#: Mutants that look equal where one looks at few numbers: always in the sample.
SUBTLE = (
    "ReLU(max_value=100)",
    "activation='relu6'",
    "Dense-fc:activation=leftout",
    "MaxPooling2D-pooling:strides=leftout",
    "MaxPooling2D-pooling:padding='same'",
    "ZeroPadding2D-padding:padding=((3,2),(3,2))",
    "avg_pool:padding='same'",
    "GlobalAveragePooling2D",
    "Flatten-Flatten:swapped",
    "default",
    "sum:",
)


def subtle():
    return [m for m in all_mutants() if any(part in m.id for part in SUBTLE)]


SAMPLE = list(dict.fromkeys([*sample(), *subtle()]))


def test_there_are_many():
    costly = [m for m in all_mutants() if m.limit is not Limit.NOTHING]
    assert len(costly) >= 300
    assert len(SAMPLE) >= 200


def test_every_kind_is_in_the_sample():
    kinds = {(mutant.function, mutant.limit) for mutant in all_mutants()}
    assert {(mutant.function, mutant.limit) for mutant in SAMPLE} == kinds


def test_ids_are_unique():
    ids = [mutant.id for mutant in all_mutants()]
    assert len(set(ids)) == len(ids)


@pytest.fixture(scope="module")
def outcomes():
    """Each mutant of the sample, under one challenge."""
    return {m.id: judge_source(m.function, m.source, "sample") for m in SAMPLE}


@pytest.mark.slow
def test_marks_are_within_the_price_list(outcomes):
    wrong = {m.id: problems(m, outcomes[m.id]) for m in SAMPLE}
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.slow
def test_first_finding_names_the_change(outcomes):
    costly = [m for m in SAMPLE if m.limit is not Limit.NOTHING]
    silent = {
        m.id: outcomes[m.id].first for m in costly if not named(m, outcomes[m.id])
    }
    assert len(silent) <= 0.05 * len(costly), silent


@pytest.mark.slow
def test_nothing_charged_without_a_finding(outcomes):
    for name, outcome in outcomes.items():
        for report in outcome.reports.values():
            assert report.passed or report.findings, (name, report)


@pytest.mark.slow
@pytest.mark.parametrize("mutant", sample(96), ids=lambda mutant: mutant.id)
def test_same_verdict_under_other_challenges(mutant):
    outcomes = [
        judge_source(mutant.function, mutant.source, f"seed {number}")
        for number in range(SEEDS)
    ]
    assert [problems(mutant, outcome) for outcome in outcomes] == [[]] * SEEDS


@pytest.mark.slow
@pytest.mark.parametrize(
    "mutant",
    [m for m in sample(64) if m.function != "ResNet50"],
    ids=lambda mutant: mutant.id,
)
def test_other_functions_keep_their_marks(mutant):
    names = namespace(**{mutant.function: mutant.source})
    for function in FUNCTIONS:
        if function != mutant.function:
            outcome = judge_names(function, names, "others")
            assert outcome.lost == 0, outcome.first
