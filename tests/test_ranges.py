"""What hidden calls are drawn from."""

import json

import numpy as np
import pytest

from grader.exercise.ranges import (
    Distinct,
    Last,
    OneOf,
    Scope,
    Thousandths,
    Times,
    TwoOf,
    Unlike,
    Whole,
    call,
    draw_calls,
)
from grader.lessons.resnet_from_tensors import LESSON

SEEDS = range(60)


def drawn(seed, *calls):
    return draw_calls(calls, np.random.default_rng(seed))


def values(make):
    return {make(seed)[0]["arguments"]["n"] for seed in SEEDS}


def test_numbers_are_those_of_their_range():
    assert values(lambda s: drawn(s, call("a", n=Whole(2, 4)))) == {2, 3, 4}
    assert values(lambda s: drawn(s, call("a", n=OneOf(0.5, "x")))) == {0.5, "x"}
    scopes = values(lambda s: drawn(s, call("a", n=Scope("conv"))))
    assert len(scopes) > 10
    assert all(len(name) == 6 and name.startswith("conv") for name in scopes)


def test_height_and_width_are_two_different_ones():
    for seed in SEEDS:
        height, width, channels = drawn(seed, call("a", TwoOf(4, 5, 6), 3))[0][
            "input_shape"
        ]
        assert height != width
        assert {height, width} <= {4, 5, 6}
        assert channels == 3


def test_no_two_draws_of_a_function_are_alike():
    widths = Distinct(2, 3, 5, 7)
    orders = set()
    for seed in SEEDS:
        one, other = drawn(
            seed, call("a", widths, n=widths), call("b", widths, n=widths)
        )
        found = (
            *one["input_shape"],
            one["arguments"]["n"],
            *other["input_shape"],
            other["arguments"]["n"],
        )
        assert sorted(found) == [2, 3, 5, 7]
        orders.add(found)
    assert len(orders) > 10


def test_no_two_draws_of_a_call_are_alike():
    width = Unlike(2, 3, 5)
    alike = 0
    for seed in SEEDS:
        calls = drawn(
            seed, call("a", width, n=[width, width]), call("b", 4, n=[width, width])
        )
        one, other = (own["arguments"]["n"] for own in calls)
        assert {*one, *calls[0]["input_shape"]} == {2, 3, 5}
        assert len(set(other)) == 2
        alike += one == other
    assert 0 < alike < len(SEEDS)


def test_ranges_stand_in_lists_and_dictionaries():
    made = call(
        "a",
        Last("n"),
        n=(4, Whole(6, 9)),
        start={"kind": "constant", "value": Thousandths(0.1, 0.4)},
        numbers={"width": OneOf(6, 8)},
        more={
            "layers": [{"filters": Times(1, "width")}, {"filters": Times(3, "width")}]
        },
    )
    for seed in SEEDS:
        (one,) = drawn(seed, made)
        given = one["arguments"]
        assert list(given) == ["n", "start"]
        assert one["input_shape"] == given["n"][1:]
        value = given["start"]["value"]
        assert 0.1 <= value <= 0.4
        assert value == round(value, 3)
        first, second = (layer["filters"] for layer in one["layers"])
        assert first in (6, 8)
        assert second == 3 * first


def test_an_axis_follows_from_an_argument():
    for seed in SEEDS:
        one = drawn(seed, call("a", 5, Times(4, "h"), h=OneOf(3, 4), n=Times(2, "h")))
        given = one[0]["arguments"]
        assert one[0]["input_shape"] == [5, 4 * given["h"]]
        assert given["n"] == 2 * given["h"]


def test_what_is_no_range_stays_as_it_is():
    made = call("a", 2, 3, batch=7, more={"scale": 6}, stride=None, rate=0.5)
    assert drawn(0, made) == [
        {
            "id": "a",
            "input_shape": [2, 3],
            "batch": 7,
            "scale": 6,
            "arguments": {"stride": None, "rate": 0.5},
        }
    ]


@pytest.mark.parametrize("function", LESSON.functions)
def test_a_challenge_is_plain_and_follows_from_its_seed(function):
    one, again = (LESSON.challenge(function, "s") for _ in range(2))
    assert one == again
    assert json.loads(json.dumps(one)) == one
    assert one["calls"] != LESSON.challenge(function, "t")["calls"]
    shown = one["calls"][0]
    assert shown == LESSON.challenge(function, "t")["calls"][0]
