"""Captures of all lessons get the marks that they got before, by NumPy alone.

Where marks or what is captured change on purpose, `python -m tests.corpus sample`
renews the sample.
"""

import functools

import pytest

from grader.lessons import NAMES, get_lesson
from tests.corpus import sample
from tests.corpus.judged import judge_text


@functools.cache
def sampled():
    return sample.read()


def test_each_function_is_in_it_and_right_in_it():
    right = {
        (each.lesson, each.function)
        for each in sampled()
        if not any(prices for _, prices in each.marks.values())
    }
    assert right == {(name, f) for name in NAMES for f in get_lesson(name).functions}
    assert len(sampled()) >= 90
    assert sample.PATH.stat().st_size < 300_000


def test_what_is_said_of_trainings_is_a_sentence_with_its_end():
    trainings = [each for each in sampled() if each.function == "compile_and_fit"]
    said = {
        finding.message
        for each in trainings
        for report in judge_text(
            get_lesson(each.lesson), each.function, each.challenge, each.capture
        ).values()
        for finding in report.findings
    }
    assert [text for text in said if not text.endswith(".")] == []
    assert "The model is trained for 1 epoch, not 2." in said


@pytest.mark.parametrize("name", NAMES)
def test_marks_are_as_they_were(name):
    now = {each.id: each.judged() for each in sampled() if each.lesson == name}
    assert now == {each.id: each.marks for each in sampled() if each.lesson == name}
