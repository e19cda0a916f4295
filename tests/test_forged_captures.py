"""A capture can be forged at will: it earns nothing, or little, and breaks nothing.

The captures that are forged are those of the corpus's sample: no TensorFlow here.
"""

import json
import math
import random

import pytest

from grader.lessons import NAMES, get_lesson
from grader.report import Failure
from tests.fuzz_captures import bounded, forged, judge, points, right, samples

FUNCTIONS = [(name, f) for name in NAMES for f in get_lesson(name).functions]


@pytest.mark.parametrize(("name", "function"), FUNCTIONS)
def test_whatever_is_changed_a_report_comes(name, function):
    """`python -m tests.fuzz_captures` tries as many as there is time for."""
    rng = random.Random(f"{name}/{function}")
    own = [
        each for each in samples() if (each.lesson, each.function) == (name, function)
    ]
    with bounded():
        for _ in range(3 if len(own[0].capture) > 40_000 else 12):
            one = rng.choice(own)
            words, text = forged(one, rng)
            try:
                judge(one, text)
            except Exception as error:
                error.add_note(f"{one.id}: {words}")
                raise


EMPTY = [
    {},
    {"status": "captured"},
    *(
        {"status": "captured", "calls": calls}
        for calls in (None, [], {}, "x", {"0": {}}, [{}] * 3, [1, "two", None],
                      [None], [None] * 99, [{"status": 3}])
    ),
    {"status": "something else"},
    {"status": ["captured"]},
    {"status": "undefined"},
    {"status": "not_callable", "type": "<script>"},
]  # fmt: skip


@pytest.mark.parametrize(("name", "function"), FUNCTIONS)
def test_empty_captures_earn_nothing(name, function):
    for captured in EMPTY:
        assert points(name, function, captured) == 0, captured


@pytest.mark.parametrize("change", [list.reverse, list.pop, lambda c: c.append(c[0])])
@pytest.mark.parametrize(("name", "function"), FUNCTIONS)
def test_calls_that_are_not_those_of_the_challenge_earn_nothing(name, function, change):
    if len(json.loads(right(name, function).capture)["calls"]) > 1:
        assert points(name, function, change) == 0


@pytest.mark.parametrize(("name", "function"), FUNCTIONS)
def test_failures_earn_nothing(name, function):
    challenge = json.loads(right(name, function).challenge)
    for kind in ("undefined", "syntax", "raised", "timeout", "died", "unreadable"):
        failure = Failure(kind, "<b>told</b> & more")
        reports = get_lesson(name).judge(function, challenge, failure)
        for report in reports.values():
            assert report.points == 0
            assert "<b>told" not in report.to_html()


@pytest.mark.parametrize(
    "answer",
    [
        None,
        7,
        "text",
        {"a": 1},
        [[]],
        [["identity_block.merge"]],
        [[["a"], {"b": []}]],
        [[None, None]] * 10,
        [["identity_block.merge", "concatenates"]] * 5000,
        [[math.inf, -math.inf]],
        [["x" * 10_000, "y"]],
    ],
    ids=lambda answer: repr(answer)[:40],
)
def test_no_answer_earns_points(answer):
    assert (
        points(NAMES[4], "diagnose", lambda calls: calls[0].update(answer=answer)) == 0
    )


@pytest.mark.parametrize(
    "value", [True, "138", 1.5, None, 10**30, -(10**30), [1], {"a": 1}]
)
@pytest.mark.parametrize("function", ["count_params", "count_flops"])
def test_what_is_no_count_earns_nothing(function, value):
    assert points(NAMES[3], function, lambda calls: calls[0].update(value=value)) == 0
