"""A challenge's other arguments contradict each number that could be copied."""

import json

import pytest

from grader.lessons import get_lesson

LESSON = get_lesson("01_residual_networks")
SEEDS = [f"seed {number}" for number in range(200)]
BLOCKS = ("identity_block", "convolutional_block")


def arguments(function, seed):
    shown, *others = LESSON.challenge(function, seed)["calls"]
    return shown["arguments"], [call["arguments"] for call in others]


@pytest.mark.parametrize("function", LESSON.functions)
def test_same_seed_same_challenge(function):
    for seed in SEEDS[:20]:
        once, again = (LESSON.challenge(function, seed) for _ in range(2))
        assert json.dumps(once) == json.dumps(again)


@pytest.mark.parametrize("function", BLOCKS)
def test_other_seed_other_arguments(function):
    drawn = {json.dumps(arguments(function, seed)) for seed in SEEDS}
    assert len(drawn) > 190


@pytest.mark.parametrize("function", BLOCKS)
@pytest.mark.parametrize("name", ["f", "stage", "block"])
def test_no_argument_keeps_its_shown_value(function, name):
    for seed in SEEDS:
        shown, others = arguments(function, seed)
        assert any(call[name] != shown[name] for call in others), seed


@pytest.mark.parametrize("function", BLOCKS)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_no_filter_keeps_its_shown_value(function, place):
    for seed in SEEDS:
        shown, others = arguments(function, seed)
        kept = shown["filters"][place]
        assert any(call["filters"][place] != kept for call in others), seed


@pytest.mark.parametrize("function", BLOCKS)
@pytest.mark.parametrize("pair", [(0, 1), (0, 2), (1, 2)])
def test_filters_are_told_apart(function, pair):
    one, other = pair
    for seed in SEEDS:
        shown, others = arguments(function, seed)
        widths = [call["filters"] for call in (shown, *others)]
        assert any(w[one] != w[other] for w in widths), seed


def test_stride_is_given_and_left_out():
    for seed in SEEDS:
        _, others = arguments("convolutional_block", seed)
        assert any(call.get("s", 2) != 2 for call in others), seed
        assert any("s" not in call for call in others), seed


def test_network_gets_other_classes_and_sizes():
    for seed in SEEDS:
        shown, others = arguments("ResNet50", seed)
        given = [call for call in others if call]
        assert any(call["classes"] != shown["classes"] for call in given)
        shapes = {tuple(call["input_shape"]) for call in given}
        for axis in range(3):
            kept = shown["input_shape"][axis]
            assert any(shape[axis] != kept for shape in shapes)
