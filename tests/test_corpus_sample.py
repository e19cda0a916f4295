"""Captures of all lessons, judged by NumPy: what is said of them, and their marks.

Marks are those that they got before. Where marks or what is captured change on purpose,
`python -m tests.corpus sample` renews the sample. What reports say is held against the
captures; the whole: `python -m tests.truth`.
"""

import functools
import json
from dataclasses import replace

import pytest

from grader.lessons import NAMES, get_lesson
from grader.nbgrader.kernels.channel import read
from tests.corpus import sample
from tests.truth.check import Case, by_id, false, judged
from tests.truth.named import Named, first_of

#: Kinds of claims with values that the capture has.
VALUED = ("attr", "name", "kind", "call argument", "count")

each_lesson = pytest.mark.parametrize("name", NAMES)


@functools.cache
def sampled():
    return sample.read()


@functools.cache
def outcomes(name):
    """Each capture of a lesson: with its case, as it is read, and the reports on it."""
    cases, found = {}, []
    for each in [each for each in sampled() if each.lesson == name]:
        capture = read(each.function, each.capture)
        if each.function not in cases:
            challenge = json.loads(each.challenge)
            case = Case.of(get_lesson(name), each.function, challenge, capture)
            cases[each.function] = case
        case = cases[each.function]
        found.append((each, case, capture, judged(case, capture)))
    return found


@functools.cache
def claims():
    """What the reports claim of a call, with the case and what was captured."""
    return [
        (case, claim, by_id(capture)[claim.call])
        for name in NAMES
        for _, case, capture, reports in outcomes(name)
        for report in reports.values()
        for finding in report.findings
        for claim in finding.claims
        if claim.call
    ]


def test_each_function_is_in_it_and_right_in_it():
    right = {
        (each.lesson, each.function)
        for each in sampled()
        if not any(prices for _, prices in each.marks.values())
    }
    assert right == {(name, f) for name in NAMES for f in get_lesson(name).functions}
    assert len(sampled()) >= 90
    assert sample.PATH.stat().st_size < 500_000


@each_lesson
def test_marks_are_as_they_were(name):
    now = {each.id: sample.marks_of(reports) for each, _, _, reports in outcomes(name)}
    assert now == {each.id: each.marks for each, *_ in outcomes(name)}


@each_lesson
def test_no_sentence_is_false(name):
    found = {each.id: list(false(*rest)) for each, *rest in outcomes(name)}
    assert {i: sentences for i, sentences in found.items() if sentences} == {}


@pytest.mark.parametrize("kind", VALUED)
def test_another_value_would_be_noticed(kind):
    found = [each for each in claims() if each[1].kind == kind]
    noticed = [
        bool(case.problem(replace(claim, captured="another"), own))
        for case, claim, own in found
    ]
    # what is in blocks that the judge opened is not in the capture
    assert sum(noticed) > 0.8 * len(found) > 0


def test_first_finding_names_the_fault():
    said = {
        each.id: problem
        for name in NAMES
        for named in [Named(name)]
        for each, _, _, reports in outcomes(name)
        if (problem := named.problem(each.id, first_of(reports))) is not None
    }
    silent = {mutant: problem for mutant, problem in said.items() if problem}
    assert len(said) > 100
    # each kind of sentence is in it once: of the whole corpus 99 % name the fault
    assert len(silent) <= 0.07 * len(said), silent


def test_what_is_said_of_trainings_is_a_sentence_with_its_end():
    said = {
        finding.message
        for name in NAMES
        for each, _, _, reports in outcomes(name)
        if each.function == "compile_and_fit"
        for report in reports.values()
        for finding in report.findings
    }
    assert [text for text in said if not text.endswith(".")] == []
    assert "compile_and_fit compiles the model without a loss (ValueError)." in said


def test_reports_do_not_carry_claims():
    reports = outcomes(NAMES[0])[-1][-1]
    told = [f for report in reports.values() for f in report.to_dict()["findings"]]
    assert told
    assert not any("claims" in finding for finding in told)
