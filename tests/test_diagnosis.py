"""Lesson 5's `diagnose`: the digests that learners install, against the truth."""

from dataclasses import replace

import pytest

from grader.judge.answers import Secret, judge
from grader.lessons import get_lesson
from grader.lessons.almost_a_resnet import ANSWER_KEY
from tests.lessons.almost_a_resnet.truth import RIGHT, TRUTH, digests, told


def answered(*pairs):
    answer = [list(pair) for pair in pairs]
    return {"calls": [{"id": "answer", "status": "captured", "answer": answer}]}


def test_the_digests_are_those_of_the_truth():
    asked = [
        Secret(*row, ANSWER_KEY.area(place).region, price, secret.look)
        for row, (place, _, price), secret in zip(
            digests(), TRUTH, ANSWER_KEY.secrets, strict=True
        )
    ]
    assert list(ANSWER_KEY.secrets) == asked


def test_each_true_fault_is_of_the_two_lists():
    places = [place for area in ANSWER_KEY.areas for place in area.places]
    assert len(places) == len(set(places)) == 32
    assert {place for place, _ in RIGHT} <= set(places)
    assert {fault for _, fault in RIGHT} <= set(ANSWER_KEY.faults)


def test_prices_are_the_points_of_the_checks():
    lesson = get_lesson("05_almost_a_resnet")
    for check in lesson.checks[:2]:
        part = check.id.removeprefix("diagnose-")
        own = [s.price for s in ANSWER_KEY.secrets if s.region.check == part]
        assert sum(own) == check.points


def test_another_salt_knows_no_answer():
    other = replace(ANSWER_KEY, salt="another")
    assert judge(ANSWER_KEY, {}, answered(*RIGHT)).findings == ()
    assert judge(other, {}, answered(*RIGHT)).share == 0


@pytest.mark.parametrize(
    "text",
    [
        '[("4b", "filters"), ("stem", "stride")]',
        "Fault(\n    place='4b',\n    fault='filters',\n)",
        '"text": "- `filters` at `4b`"',
        r"{\"4b\": \"filters\"}",
    ],
)
def test_a_fault_beside_its_place_is_found_in_a_text(text):
    assert told(text) == [("4b", "filters")]


def test_the_two_lists_tell_no_fault():
    assert told(repr(ANSWER_KEY)) == []
